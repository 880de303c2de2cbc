"""What moved in a round, told to the screen: a bounded list, however much came."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from app.domain.dots import Dot

Moved = frozenset[tuple[str, Dot, Dot | None]]
MOST: Final = 2000
"""Above so many records only the case files are named: whoever shows one reads it anew."""
_CASE_FILE: Final = "CaseFile"


class MovedRecords:
    """Collects (type, record, case file); takes time and memory for what moved once, not for each change."""

    def __init__(self) -> None:
        """Begin empty."""
        self._found: set[tuple[str, Dot, Dot | None]] = set()
        self._coarse = False

    def add(self, moved: Iterable[tuple[str, Dot, Dot | None]]) -> None:
        """Add what moved."""
        self._found.update(map(self._coarsened, moved) if self._coarse else moved)
        if not self._coarse and len(self._found) > MOST:
            self._coarse = True
            self._found = set(map(self._coarsened, self._found))

    @property
    def all(self) -> Moved:
        """Everything that moved."""
        return frozenset(self._found)

    def _coarsened(self, moved: tuple[str, Dot, Dot | None]) -> tuple[str, Dot, Dot | None]:
        name, record, case = moved
        return moved if case is None and name != _CASE_FILE else (_CASE_FILE, case or record, case or record)
