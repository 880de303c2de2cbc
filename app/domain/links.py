"""Registers that say which case file something belongs to: a record's *belongs to*, a case file's alias."""

from __future__ import annotations

import cbor2

from app.domain.dots import Dot
from app.domain.merge import Change
from app.domain.schema import ALIAS, BELONGS

LINKS = {BELONGS: "case_file", ALIAS: "alias_into"}
"""Each with the field that names the case file."""


def linked_case(change: Change) -> Dot | None:
    """Give the case file that a change of such a register names, None when it names none.

    Types that only a newer program knows have such registers too; what cannot be read names none.
    """
    field = LINKS.get(change.register)
    plain = None if field is None else cbor2.loads(change.value)
    packed = plain.get(field) if isinstance(plain, dict) else None
    try:
        return Dot.from_bytes(packed) if isinstance(packed, bytes) else None
    except ValueError:
        return None


def relinks(change: Change) -> bool:
    """Tell whether a change says anew where something belongs: all but the first word of a record."""
    return change.register in LINKS and change.dot != change.record
