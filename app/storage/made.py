"""Changes and records as they were made of what the store holds: of the same, the same ones again.

A change is found again by its whole row, a record by its heads: that cannot be out of date. By its local
name it is only for who writes: a change stays as it is until it is taken out or emptied.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from app.domain.dots import Dot
from app.domain.merge import Change
from app.domain.records import Record

Row = tuple[Any, ...]
"""A change as the store holds it. What its local keys mean never changes, but by a rollback."""
Heads = Mapping[str, tuple[Change, ...]]
_MOST: Final = 2_000
"""Of each; then they are made anew. A change holds at most 32 KiB, mostly some hundred bytes."""


class Made:
    """What one connection made; it lets go of it when something was rolled back or taken out."""

    def __init__(self) -> None:
        """Begin empty."""
        self._changes: dict[Row, Change] = {}
        self._named: dict[tuple[int, int], Change] = {}
        self._records: dict[tuple[str, Dot], tuple[Heads, Record]] = {}

    def change(self, row: Row, make: Callable[[Row], Change]) -> Change:
        """Give the change of a row, with what was worked out of it before."""
        found = self._changes.get(row)
        if found is None:
            found = make(row)
            self.put_change(row, found)
        return found

    def put_change(self, row: Row, change: Change) -> None:
        """Keep a change that was written as this row."""
        if len(self._changes) >= _MOST:
            self._changes.clear()
            self._named.clear()
        self._changes[row] = change
        self._named[row[:2]] = change

    def named(self, dot: int, twin: int) -> Change | None:
        """Give the change with a local name, as far as it was made."""
        return self._named.get((dot, twin))

    def record(self, record_type: str, record_id: Dot, heads: Heads, make: Callable[[], Record]) -> Record:
        """Give the record that these heads make up."""
        known = self._records.get((record_type, record_id))
        # Heads that were read again are mostly the very same objects, so that comparing them costs little.
        if known is not None and known[0] == heads:
            return known[1]
        record = make()
        if len(self._records) >= _MOST:
            self._records.clear()
        self._records[record_type, record_id] = (heads, record)
        return record

    def clear(self) -> None:
        """Let go of everything."""
        self._changes.clear()
        self._named.clear()
        self._records.clear()
