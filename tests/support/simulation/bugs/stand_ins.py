"""Mistakes with the days of a stand-in."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.records import Record
from app.domain.stand_in import Today
from app.services import readers
from tests.support.simulation.bugs.registry import Patches, bug


@bug("A stand-in reads for good, whatever days were named.")
def days_not_asked() -> Patches:
    """Whoever was named is among the readers."""

    def named(entries: Iterable[Record], _today: Today) -> frozenset[int]:
        found = (entry.number("stand_in") for entry in entries)
        return frozenset(member for member in found if member is not None)

    return [(readers, "stand_ins_of", named)]
