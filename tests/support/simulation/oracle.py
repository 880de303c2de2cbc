"""What people wrote and what they were shown when they wrote it: nothing here is the program's.

Every value is a token that is written once. A token is rightly gone when somebody wrote another in
its place who was shown it, or was shown one that had rightly replaced it. Blind to: who wrote a
value (the screen shows it), and values that were typed but never saved.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

Place = tuple[str, str]
"""A case file and one of its fields, by names of the test's own."""


@dataclass
class Oracle:
    """Collects a history; `standing` tells what must be seen at its end."""

    places: dict[str, Place] = field(default_factory=dict)
    writers: dict[str, str] = field(default_factory=dict)
    replaced: dict[str, frozenset[str]] = field(default_factory=dict)
    torn_off: set[str] = field(default_factory=set)
    """Written on a disk that was then set back: may be anywhere or nowhere."""

    def wrote(self, writer: str, place: Place, token: str, shown: Iterable[str]) -> None:
        """Note a saved value and the values that its writer had before their eyes."""
        self.places[token] = place
        self.writers[token] = writer
        self.replaced[token] = frozenset(shown) - {""}

    def set_back(self, writer: str, kept: Iterable[str]) -> None:
        """Note that a person's disk is now a copy that holds only `kept` of what they wrote."""
        own = {token for token, by in self.writers.items() if by == writer}
        self.torn_off |= own - set(kept)

    def own(self, writer: str) -> frozenset[str]:
        """Give what a person has written so far."""
        return frozenset(token for token, by in self.writers.items() if by == writer)

    def must_exist(self) -> frozenset[str]:
        """Give every token that may not have vanished from all devices."""
        return frozenset(self.places) - self.torn_off

    def standing(self, known: Iterable[str]) -> dict[Place, frozenset[str]]:
        """Give what must stand in each place for who knows the tokens `known`."""
        held = frozenset(known)
        gone: set[str] = set()
        for token in held:
            gone |= self._rightly_gone(token)
        found: dict[Place, set[str]] = defaultdict(set)
        for token in held - gone:
            found[self.places[token]].add(token)
        return {place: frozenset(tokens) for place, tokens in found.items()}

    def _rightly_gone(self, token: str) -> set[str]:
        gone: set[str] = set()
        left = set(self.replaced[token])
        while left:
            one = left.pop()
            if one not in gone:
                gone.add(one)
                left |= self.replaced.get(one, frozenset())
        return gone
