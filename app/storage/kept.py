"""Answers that are worked out once, as long as nothing they follow from was written.

Only the writing connection keeps them: it is the only one that writes, so it knows what moved.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Final, TypeVar

from app.storage.connection import Connection

T = TypeVar("T")
Question = tuple[Hashable, ...]
_MOST: Final = 10_000
"""Answers of each sort; then they are worked out anew."""


class Kept:
    """What was found by one connection; `alone`: nobody else writes, else nothing is ever kept."""

    def __init__(self, connection: Connection, *, alone: bool = False) -> None:
        """Begin empty."""
        self._connection = connection
        self._alone = alone
        self._aside = 0
        self.works = 0
        """Counts up with all from which a person's or an engine's next work may follow, but for traffic."""
        self._mark = 0
        self._of_records: dict[Question, Any] = {}
        self._of_all: dict[Question, Any] = {}

    @property
    def mark(self) -> int:
        """Counts up with every row that is written in any table, but for how far the rounds are."""
        return self._connection.total_changes - self._aside

    def once(self, what: Question, find: Callable[[], T]) -> T:
        """Give what `find` gives, worked out once until records move.

        `what` names the question, with all that its answer follows from besides the records: roster, day.
        """
        return _kept(self._of_records, what, find) if self._alone else find()

    def still(self, what: Question, find: Callable[[], T]) -> T:
        """Give what `find` gives, worked out once until any table but the rounds' memory is written."""
        if not self._alone:
            return find()
        if self._mark != self.mark:
            self._mark = self.mark
            self._of_all.clear()
        return _kept(self._of_all, what, find)

    def note_moved(self) -> None:
        """Forget what follows from records: whoever writes what they are made of says so."""
        self.works += 1
        self._of_records.clear()

    def note_work(self) -> None:
        """Note that a setting, key, order, or what else may call for work was written."""
        self.works += 1

    def note_aside(self, rows: int) -> None:
        """Leave so many written rows out of the mark: they only say how far the rounds are."""
        self._aside += rows

    def forget(self) -> None:
        """Forget everything: a transaction was rolled back, and nobody wrote what is true now."""
        self.works += 1
        self._of_records.clear()
        self._of_all.clear()


def _kept(answers: dict[Question, Any], what: Question, find: Callable[[], T]) -> T:
    if what in answers:
        found: T = answers[what]
        return found
    found = find()
    if len(answers) >= _MOST:
        answers.clear()
    answers[what] = found
    return found
