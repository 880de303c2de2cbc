"""Who stands in for whom, and on which days: told anew from the design (domain, Class; protection, Roles).

Both days belong to a stand-in. What begins counts from the earlier one of a computer's own day and of the
relay's newest word, what ends from the later one: no clock gives anybody a case file for longer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

_NEVER = date.max


@dataclass(frozen=True)
class Term:
    """The days for which somebody was named; `until` is `date.max` where nobody said so."""

    case: str
    person: str
    since: date
    until: date = _NEVER

    @property
    def turns(self) -> frozenset[date]:
        """The days on which something begins to hold that did not the day before."""
        return frozenset({self.since} | ({self.until + timedelta(days=1)} if self.until < _NEVER else set()))


@dataclass(frozen=True)
class Day:
    """The day by the relay, and by each computer: the later one of its own and of what it last heard.

    `words`: how many had been written by then.
    """

    words: int
    relay: date
    latest: dict[str, date]


@dataclass
class StandIns:
    """All that was said of stand-ins. A term bears the word that named it; its end is a word too."""

    terms: dict[str, Term] = field(default_factory=dict)
    ends: dict[str, tuple[str, date]] = field(default_factory=dict)
    """Words that ended a term, each with that term and the last day."""
    before: set[str] = field(default_factory=set)
    """Terms that stood before the history: everybody knows them."""
    today: date = date.min
    by_stick: bool = False
    """Whether anything ever came otherwise than with the relay's word for the day."""
    _days: list[Day] = field(default_factory=list)

    def begin(self, name: str, case: str, person: str) -> None:
        """Note who stands in from before the history, without an end."""
        self.terms[name] = Term(case, person, date.min)
        self.before.add(name)

    def name(self, word: str, case: str, person: str, since: date, until: date | None) -> None:
        """Note that somebody is to stand in, both days included; None: for good."""
        self.terms[word] = Term(case, person, since, until or _NEVER)

    def end(self, word: str, term: str, until: date) -> None:
        """Note that a time ends after another day than it was named for."""
        self.ends[word] = (term, until)

    def note_day(self, day: Day) -> None:
        """Note what day it is by now."""
        self.today = day.relay
        self._days.append(day)

    def words(self) -> frozenset[str]:
        """Give every word that names or ends."""
        return frozenset(self.terms.keys() - self.before | self.ends.keys())

    def ever(self, case: str) -> frozenset[str]:
        """Give who was ever named in a case file."""
        return frozenset(term.person for term in self.terms.values() if term.case == case)

    def stand(self, case: str, known: frozenset[str], gone: frozenset[str]) -> frozenset[str]:
        """Give whose time it is today, for who knows some words of which some were replaced."""
        named = self.before | known
        mine = ((name, term) for name, term in self.terms.items() if term.case == case and name in named)
        return frozenset(
            term.person
            for name, term in mine
            if term.since <= self.today <= self._last_day(name, known - gone)
        )

    def might_have_stood(self, case: str, at: int, device: str, ended: frozenset[str]) -> frozenset[str]:
        """Give whose time it may have been on any computer that knew the word number `at` of a device.

        By ends of which only `ended` are known: somebody else may hear later of the others.
        """
        least = self._least_since(at, device)
        mine = ((name, term) for name, term in self.terms.items() if term.case == case)
        return frozenset(
            term.person
            for name, term in mine
            if term.since <= self.today and least <= self._last_day(name, ended)
        )

    def turns_between(self, first: date, last: date) -> bool:
        """Tell whether anything begins or ends after a day, up to another."""
        turns = {day for term in self.terms.values() for day in term.turns}
        turns |= {until + timedelta(days=1) for _, until in self.ends.values()}
        return any(first < day <= last for day in turns)

    def is_any_over(self) -> bool:
        """Tell whether anybody's time is over."""
        return any(self.was_over(term.case, term.person) for term in self.terms.values())

    def was_over(self, case: str, person: str) -> bool:
        """Tell whether a time is over for which somebody was named in a case file."""
        mine = (name for name, term in self.terms.items() if (term.case, term.person) == (case, person))
        return any(self._last_day(name, self.ends) < self.today for name in mine)

    def _last_day(self, name: str, ends: Iterable[str]) -> date:
        told = [
            until for word in ends if word in self.ends for term, until in (self.ends[word],) if term == name
        ]
        return max(told, default=self.terms[name].until)

    def _least_since(self, at: int, device: str) -> date:
        """Give the earliest day after which anything ends on a computer that knows a word.

        With a word the relay tells others the day; who wrote it has a clock, and what was heard before.
        """
        before = [day for day in self._days if day.words < at][-1]
        since = [before, *(day for day in self._days if day.words >= at)]
        if self.by_stick:
            return min(latest for day in since for latest in day.latest.values())
        return min(before.relay, *(day.latest[device] for day in since))
