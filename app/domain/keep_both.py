"""Keeping what both wrote, where the type of each field that differs allows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.domain.schema import Field, Kind, Register, Value

_SEVERAL = frozenset({Kind.CODES, Kind.TEXTS})
_EMPTY = (None, "", ())


def keep_all(register: Register, sides: Sequence[Mapping[str, Value]]) -> dict[str, Value] | None:
    """Give one value for a register that holds what every side wrote; None where that cannot be.

    Codes and texts of which there may be several are put together, notes one below the
    other; where one side left a field empty the other's word stands.
    """
    kept: dict[str, Value] = {}
    for item in register.fields:
        given = [side.get(item.name) for side in sides if side.get(item.name) not in _EMPTY]
        distinct = list(dict.fromkeys(given))
        if len(distinct) > 1 and item.kind not in {*_SEVERAL, Kind.NOTE}:
            return None
        kept[item.name] = _together(item, distinct)
    return kept


def _together(item: Field, distinct: Sequence[Value]) -> Value:
    if len(distinct) < 2:
        return distinct[0] if distinct else None
    if item.kind is Kind.NOTE:
        notes = [str(value) for value in distinct]
        longest = [note for note in notes if not any(note != other and note in other for other in notes)]
        return "\n\n".join(longest)
    parts = [str(part) for value in distinct if isinstance(value, tuple) for part in value]
    return tuple(dict.fromkeys(parts))
