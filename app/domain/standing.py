"""Whether a record is deleted, kept, or both: deleting against editing is a conflict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.merge import Change
from app.domain.schema import STANDING, STANDING_REGISTER
from app.domain.values import decode_register

Heads = Mapping[str, tuple[Change, ...]]


@dataclass(frozen=True)
class Fate:
    """What became of a record: `deleted` when nobody says otherwise, `contested` when somebody does.

    `unseen` are the heads of other registers that a deletion had not been shown.
    """

    deleted: bool = False
    contested: bool = False
    unseen: tuple[Change, ...] = ()


KEPT = Fate()


def fate_of(heads: Heads) -> Fate:
    """Give what became of the record with these heads; a pure function of them."""
    standing = heads.get(STANDING, ())
    deletions = [head for head in standing if says_deleted(head)]
    if not deletions:
        return Fate(contested=len(standing) > 1)
    others = (head for name, found in sorted(heads.items()) if name != STANDING for head in found)
    unseen = tuple(head for head in others if any(head.dot not in gone.context for gone in deletions))
    contested = bool(unseen) or len(standing) > 1
    return Fate(not contested, contested, unseen)


def says_deleted(head: Change) -> bool:
    """Tell whether a head of the register `standing` deletes its record."""
    return decode_register(STANDING_REGISTER, head.value).get("standing") == "deleted"
