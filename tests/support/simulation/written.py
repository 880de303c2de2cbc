"""Who works in the district of a history, and what they wrote."""

from __future__ import annotations

from dataclasses import dataclass

Place = tuple[str, str]
"""A case file and one of its fields, by names of the test's own."""
YES, NO = "yes", "no"


@dataclass(frozen=True)
class Person:
    """Somebody of the district, as the field knows them."""

    name: str
    employer: str
    cleared: bool


@dataclass(frozen=True)
class Written:
    """One saved value. `replaced`: the values that its writer was shown in that place."""

    writer: str
    device: str
    place: Place
    sensitive: bool
    replaced: frozenset[str]
    at: int = 0
    closed_to: frozenset[str] = frozenset()
    """Roles ("supervision", "stand_in") that the writer's own entries had shut out by then."""
    entry: str = ""
    """The entry into which it was written, where that can be deleted or moved."""
    homes: frozenset[str] = frozenset()
    """Where that entry belonged, and which words of such kind were over, for all that its writer knew."""
    over: frozenset[str] = frozenset()
    left: frozenset[str] = frozenset()
    """Who had left the district, for all that its writer's computer had heard."""
    ended: frozenset[str] = frozenset()
    """The words on the writer's own disk by which somebody's time as a stand-in had ended."""
    stays: bool = False
    """Whether it is for nobody else, and never leaves the computer at which it was written."""

    @property
    def case(self) -> str:
        """The case file in which it was made."""
        return self.place[0]


@dataclass(frozen=True)
class Entry:
    """A consent or a withdrawal: what it says of each item, and the entries that its writer was shown."""

    case: str
    device: str
    says: tuple[tuple[str, str], ...]
    knew: frozenset[str]
    at: int
