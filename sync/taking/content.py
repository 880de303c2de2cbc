"""Whether the content of a received change can be stored and shown: rules of form, never of the process."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import cbor2

from app.domain.dots import Dot
from app.domain.links import relinks
from app.domain.merge import Change
from app.domain.registry import REGISTRY
from app.domain.schema import Field, Kind
from sync.errors import AboutOthersError, HeldError, LacksRecordError, WrongContentError

_TEXTS = frozenset({Kind.TEXT, Kind.NOTE, Kind.CODE, Kind.DATE, Kind.MONTH})
_SEVERAL = frozenset({Kind.CODES, Kind.TEXTS})
_WHOLE: Mapping[Kind, type] = {Kind.FLAG: bool, Kind.BLOB: bytes}
_INT64 = 1 << 63


def lacks_record(changes: Iterable[Change]) -> HeldError:
    """Give why changes of one envelope or part wait for a record that is not here.

    Nothing but words about where it belongs: they came because it left, or never stayed, where this
    person reads.
    """
    return AboutOthersError() if all(map(relinks, changes)) else LacksRecordError()


def check_content(change: Change) -> None:
    """Raise WrongContentError unless each declared field holds its kind of value.

    A code or a field that this program does not know passes: a newer one wrote it.
    """
    declared = REGISTRY.get(change.type)
    register = None if declared is None else declared.register_by_name.get(change.register)
    plain = cbor2.loads(change.value)
    if not isinstance(plain, dict):
        raise WrongContentError(reason="value")
    for item in () if register is None else register.fields:
        if item.name in plain and not _is_of_kind(item, plain[item.name]):
            raise WrongContentError(reason="value")


def _is_of_kind(item: Field, value: object) -> bool:
    if value is None:
        return True
    if item.kind in _TEXTS:
        return isinstance(value, str)
    if item.kind in _SEVERAL:
        return isinstance(value, list) and all(isinstance(part, str) for part in value)
    if item.kind in _WHOLE:
        return isinstance(value, _WHOLE[item.kind])
    if item.kind is Kind.REFERENCE:
        return isinstance(value, bytes) and _is_dot(value)
    return isinstance(value, int) and not isinstance(value, bool) and -_INT64 <= value < _INT64


def _is_dot(value: bytes) -> bool:
    try:
        Dot.from_bytes(value)
    except ValueError:
        return False
    return True
