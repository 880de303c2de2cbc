"""Answers that are worked out once, as long as nothing they follow from was written.

The writing connection is the only one that writes, so it knows what moved. A reading one is told how often
something was committed.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from enum import IntEnum
from typing import Any, Final, TypeVar

from app.domain.merge import Change
from app.storage.connection import Connection
from app.storage.made import Made

T = TypeVar("T")
Question = tuple[Hashable, ...]
Answers = dict[Question, Any]
_MOST: Final = 10_000
"""Answers of each sort; then they are worked out anew."""


class Part(IntEnum):
    """Tables that few write, who note every write; what follows from several is asked of all of them."""

    KEYS = 1
    """Own keys, prekeys, channel keys and grants: `SqlKeyring`."""
    MERGED = 2
    """Which case files are read as one, and what was moved to another: `Belonging`."""
    COMING = 4
    """What came, is held, or is said to exist, and how far it was read: `SqlMailboxIn`, `SqlMailboxOut`."""
    LEAVING = 8
    """Sealed copies and purges, what the relay holds of them, who signed for them: `SqlMailboxOut`,
    `SqlAsking`, `SqlVoiding`; own places that need not come: `SqlMailboxIn`."""


class Kept:
    """What the writing connection found: nobody else writes."""

    def __init__(self, connection: Connection) -> None:
        """Begin empty."""
        self._connection = connection
        self.made = Made()
        self._of_part: dict[int, Answers] = {}
        self._aside = 0
        self.works = 0
        """Counts up with all from which a person's or an engine's next work may follow, but for traffic."""
        self.gone = 0
        """Counts up with `let_go`."""
        self._of_records: Answers = {}
        self._of_type: dict[str, Answers] = {}

    @property
    def mark(self) -> int:
        """Counts up with every row that is written in any table, but for how far the rounds are."""
        return self._connection.total_changes - self._aside

    def once(self, what: Question, find: Callable[[], T]) -> T:
        """Give what `find` gives, worked out once until records move.

        `what` names the question, with all that its answer follows from besides the records: roster, day.
        """
        return self._find(self._of_records, what, find)

    def of_type(self, record_type: str, what: Question, find: Callable[[], T]) -> T:
        """Give what `find` gives, worked out once until a record of this type moves, or where any belongs.

        Only for what follows from the heads of such records, from where they belong, and from nothing else.
        """
        return self._find(self._of_type.setdefault(record_type, {}), what, find)

    def of(self, parts: int, what: Question, find: Callable[[], T]) -> T:
        """Give what `find` gives, worked out once until a table of these parts is written."""
        return self._find(self._of_part.setdefault(parts, {}), what, find)

    def note(self, part: Part) -> None:
        """Forget what follows from a part: whoever writes it says so."""
        for parts, answers in self._of_part.items():
            if parts & part:
                answers.clear()

    def note_moved(self, record_type: str | None = None) -> None:
        """Forget what follows from records: whoever writes what they are made of says so.

        `record_type`: only heads of records of this type were written, and where records belong was not.
        """
        self.works += 1
        self._of_records.clear()
        if record_type is None:
            self._forget_types()
        elif record_type in self._of_type:
            self._of_type[record_type].clear()

    def _forget_types(self) -> None:
        for answers in self._of_type.values():
            answers.clear()

    def note_work(self) -> None:
        """Note that a setting, key, order, or what else may call for work was written."""
        self.works += 1

    def note_aside(self, rows: int) -> None:
        """Leave so many written rows out of the mark: they only say how far the rounds are."""
        self._aside += rows

    def forget(self) -> None:
        """Forget everything: a transaction was rolled back, and nobody wrote what is true now."""
        self.works += 1
        self.close()

    def close(self) -> None:
        """Leave nothing in the memory of what a person read."""
        self.let_go()
        self._forget_answers()

    def let_go(self) -> None:
        """Let go of all that was made of rows: some are gone, and what they said is to leave the memory."""
        self.made.clear()
        self.gone += 1

    def change(self, dot: int, twin: int) -> Change | None:
        """Give the change with a local name, as far as it was read since any was taken out."""
        return self.made.named(dot, twin)

    def _forget_answers(self) -> None:
        self._of_records.clear()
        self._forget_types()
        for answers in self._of_part.values():
            answers.clear()

    def _find(self, answers: Answers, what: Question, find: Callable[[], T]) -> T:
        if what in answers:
            found: T = answers[what]
            return found
        found = find()
        _put(answers, what, found)
        return found


class KeptByReader(Kept):
    """What a reading connection found; it lets go of everything when something was committed."""

    def __init__(self, connection: Connection, commits: Callable[[], int], writer: Kept) -> None:
        """Begin empty; `commits` counts up after each commit, in whatever thread; `writer` lets go before."""
        super().__init__(connection)
        self._commits = commits
        self._seen = commits()
        self._writer = writer

    def change(self, dot: int, twin: int) -> Change | None:
        """Give nothing: whoever writes may have taken it out."""
        del dot, twin
        return None

    def _find(self, answers: Answers, what: Question, find: Callable[[], T]) -> T:
        begun = self._commits()
        if begun != self._seen:
            self._seen = begun
            self._forget_answers()
            if self.gone != self._writer.gone:
                self.made.clear()
                self.gone = self._writer.gone
        if what in answers:
            found: T = answers[what]
            return found
        found = find()
        # Else it may be half of before and half of after a commit.
        if self._commits() == begun:
            _put(answers, what, found)
        return found


class KeptNever(Kept):
    """For a connection beside which others write unseen."""

    def change(self, dot: int, twin: int) -> Change | None:
        """Give nothing: nothing is kept."""
        del dot, twin
        return None

    def _find(self, answers: Answers, what: Question, find: Callable[[], T]) -> T:
        del answers, what  # nothing is kept
        return find()


def _put(answers: Answers, what: Question, found: object) -> None:
    if len(answers) >= _MOST:
        answers.clear()
    answers[what] = found
