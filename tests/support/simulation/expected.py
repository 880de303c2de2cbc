"""What a screen must show of what was deleted, moved, put together, locked or taken out by an order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from app.domain.orders import OrderKind
from tests.support.simulation.device import SimDevice
from tests.support.simulation.screens import held, persons_deleted, persons_listed, words_on
from tests.support.simulation.ties import ALIAS, BELONGS, STANDING, Ties
from tests.support.simulation.world import World
from tests.support.simulation.written import Place

Found = Iterator[tuple[str, str]]
"""What is wrong: its kind, and a sentence."""
_MANY = 1000


@dataclass(frozen=True)
class Expected:
    """What follows for one device from what it knows."""

    world: World
    device: SimDevice
    known: frozenset[str]

    @property
    def ties(self) -> Ties:
        """The words that say what hangs together."""
        return self.world.oracle.ties

    @cached_property
    def held(self) -> frozenset[str]:
        """The case files that are here."""
        return held(self.world, self.device)

    @cached_property
    def judged(self) -> frozenset[str]:
        """What is known here, without words that join case files of which one is not here.

        Whether somebody is responsible by such a word cannot be told here.
        """
        joining = [token for token in self.known if token in self.ties.words]
        blind = {token for token in joining if not self.ties.sides(token) <= self.held}
        return self.known - blind

    @cached_property
    def unsure(self) -> frozenset[str]:
        """Tokens that may be here or not: orders of a suspended computer, or that never came to one."""
        oracle = self.world.oracle
        maybe, fallen = oracle.fallen(), oracle.fallen(self.judged)
        return maybe if self.device.name == oracle.suspended else maybe - fallen

    @cached_property
    def in_the_dark(self) -> frozenset[str]:
        """Case files of which it cannot be told here with which they are one.

        Somebody joined them who worked in one of the two by an earlier word alone, and that never came here:
        it is about a case file that this device never had.
        """
        words = self.ties.words
        joins = [token for token in self.known & words.keys() if words[token].what == ALIAS]
        dark = [token for token in joins if not self._may_be_judged(token)]
        return frozenset[str]().union(*(self.ties.ever_joined(words[token].about, words) for token in dark))

    @cached_property
    def leaves(self) -> frozenset[str]:
        """Case files of which some words came while they were one with others, and the first page never did.

        Who does not read them is owed no more of them.
        """
        person = self.device.person.name
        pages = {case: self.world.case_file(self.device, self.world.cases[case]) for case in self.held}
        begun = (case for case, page in pages.items() if page is not None and not page.text("opened_on"))
        return frozenset(case for case in begun if not self.world.oracle.reads(person, case, self.known))

    def _may_be_judged(self, token: str) -> bool:
        oracle, words = self.world.oracle, self.ties.words
        writer = oracle.written[token].writer
        unheard = {one for one in words[token].knew & words.keys() if words[one].what == ALIAS} - self.known
        return not unheard or all(
            oracle.roles(writer, case, oracle.stand_ins.ever(case)) for case in self.ties.ends(token)
        )

    def shown(self) -> dict[Place, frozenset[str]]:
        """Give what must be shown in each place."""
        places = self.world.oracle.standing(self.known)
        fallen = self.world.oracle.fallen(self.judged)
        return {place: tokens - fallen for place, tokens in places.items() if self._is_shown(place, tokens)}

    def is_open(self, place: Place) -> bool:
        """Tell whether nothing can be said of a place: where its entry is shown is in doubt."""
        found = {self.world.oracle.written[token].entry for token in self.known} - {""}
        entry = next((one for one in found if place[1] in (one, *self._places_of(one))), "")
        return bool(entry) and self.in_sight(entry) is None

    def in_sight(self, entry: str) -> bool | None:
        """Tell whether an entry is shown; None where it belongs is in doubt, and not all of that is here."""
        if self.world.oracle.fallen_entry(entry):
            return None
        if self.ties.fate(entry, self.known).deleted:
            return False
        return self.is_here(entry)

    def is_here(self, entry: str) -> bool | None:
        """Tell whether any of the case files to which an entry belongs, or that are one with it, is here."""
        here = [bool(self.ties.group(home, self.known) & self.held) for home in self.homes(entry)]
        return None if len(set(here)) > 1 else here[0]

    def homes(self, entry: str) -> frozenset[str]:
        """Give where an entry belongs: where it was made when that case file was erased."""
        erased = self.world.oracle.erased_cases()
        made_in = self.ties.made_in[entry]
        return frozenset(made_in if one in erased else one for one in self.ties.homes(entry, self.known))

    def is_known(self, person: str) -> bool:
        """Tell whether a device has heard of a person of the household."""
        said = any(word.about == person for token, word in self.ties.words.items() if token in self.known)
        moved = any((word.about, word.what) == (person, BELONGS) for word in self.ties.words.values())
        begun = "#" in person and self.ties.made_in[person] in self.held and not moved
        return said or begun or bool(self.ties.parts[person] & self.known)

    def _is_shown(self, place: Place, tokens: frozenset[str]) -> bool:
        entry = self.world.oracle.written[next(iter(tokens))].entry
        if place[1].endswith(f".{BELONGS}") or (place[1] == ALIAS and place[0] not in self.held):
            return False
        if place[1].endswith(f".{STANDING}"):
            return self.is_here(entry) is not False
        if not entry:
            # One word of a family may have come, and the rest of its case file not: nothing is shown of that.
            return bool(self.ties.group(place[0], self.known) & self.held)
        return self.in_sight(entry) is not False

    def _places_of(self, entry: str) -> frozenset[str]:
        items = {self.world.oracle.written[token].place[1] for token in self.ties.parts[entry]}
        return frozenset(items | {f"{entry}.{STANDING}"})


def judge_ties(expected: Expected) -> Found:
    """Compare lists, questions and locks with what must follow."""
    yield from _lists(expected)
    yield from _questions(expected)
    yield from _groups(expected)
    yield from _locks(expected)


def _lists(expected: Expected) -> Found:
    """Compare where persons are listed."""
    name = expected.device.name
    for case in sorted(expected.held - expected.in_the_dark - expected.leaves):
        dot = expected.world.cases[case]
        listed = persons_listed(expected.world, expected.device, dot)
        deleted = persons_deleted(expected.world, expected.device, dot)
        group = expected.ties.group(case, expected.known)
        for person in sorted(expected.world.persons):
            homes = expected.homes(person)
            if not expected.is_known(person) or expected.world.oracle.fallen_entry(person):
                continue
            if homes & group and homes - group:
                continue
            gone = expected.ties.fate(person, expected.known).deleted
            belongs = bool(homes & group)
            yield from _compared(name, f"{person} in {case}", person in listed, belongs and not gone)
            yield from _compared(name, f"{person} as deleted in {case}", person in deleted, belongs and gone)


def _compared(device: str, what: str, found: bool, wanted: bool) -> Found:
    if found and not wanted:
        yield "phantom", f"{device} lists {what}"
    if wanted and not found:
        yield "hidden", f"{device} does not list {what}"


def _questions(expected: Expected) -> Found:
    """Compare the questions that are asked with those that are open."""
    world, known, ties = expected.world, expected.known, expected.ties
    pages = {(page.record, page.register): page for page in expected.device.queries.conflicts(_MANY)}
    for person, dot in sorted(world.persons.items()):
        if not expected.is_known(person) or world.oracle.fallen_entry(person):
            continue
        sides, page = ties.fate(person, known).sides, pages.get((dot, STANDING))
        yield from _asked(expected, f"whether {person} stands", page is not None, bool(sides))
        if page is not None:
            missing = sides - words_on(world, page) - world.oracle.fallen() - expected.unsure
            for token in sorted(missing):
                yield "hidden", f"{expected.device.name} does not show {token} when asking about {person}"
        several = len(ties.heads(person, BELONGS, known)) > 1
        yield from _asked(expected, f"where {person} belongs", (dot, BELONGS) in pages, several)
    for case in sorted(expected.held - expected.in_the_dark):
        asked = (world.cases[case], ALIAS) in pages
        yield from _asked(expected, f"with what {case} is one", asked, ties.in_doubt(case, known))


def _asked(expected: Expected, what: str, found: bool, wanted: bool) -> Found:
    if found != wanted:
        says = "asks" if found else "does not ask"
        yield ("phantom" if found else "hidden"), f"{expected.device.name} {says} {what}"


def _groups(expected: Expected) -> Found:
    """Compare which case files are read as one, and under which."""
    world, queries = expected.world, expected.device.queries
    names = {dot: name for name, dot in world.cases.items()}
    erased = world.oracle.erased_cases()
    for case in sorted(expected.held - erased - expected.in_the_dark):
        wanted = expected.ties.group(case, expected.known)
        found = frozenset(names.get(dot, str(dot)) for dot in queries.case_group(world.cases[case]))
        if wanted & erased:
            continue
        if found != wanted:
            yield "diverged", f"{expected.device.name} reads {sorted(found)} as one, not {sorted(wanted)}"
        root = expected.ties.root(case, expected.known)
        under = names.get(queries.canonical_case(world.cases[case]))
        if root in expected.held and under != root:
            yield "hidden", f"{expected.device.name} reads {case} under {under}, not under {root}"


def _locks(expected: Expected) -> Found:
    """Compare what is locked, and that all else is in the list of case files."""
    world, queries = expected.world, expected.device.queries
    orders = world.oracle.orders
    if expected.device.name == orders.suspended or _signed_by_suspended(expected):
        return
    locked, perhaps = orders.locked(expected.judged), orders.locked()
    rows = {row.id for row in queries.case_page(None, _MANY).rows}
    for case in sorted(expected.held - expected.leaves - orders.beyond(expected.held)):
        dot = world.cases[case]
        if (case in locked) != (case in perhaps) or _was_handed_unheard(expected, case):
            continue
        if queries.is_restricted(dot) != (case in locked):
            yield "diverged", f"{expected.device.name} has {case} locked: {case not in locked}"
        apart = queries.canonical_case(dot) == dot
        yield from _compared(
            expected.device.name, f"the case file {case}", dot in rows, apart and case not in locked
        )


def _was_handed_unheard(expected: Expected, case: str) -> bool:
    """Tell whether a case file was handed over, and a device whose person was shut out never heard of it.

    It cannot tell then who was responsible for it, and so whose signature locks it.
    """
    world, device = expected.world, expected.device
    taker, record = world.oracle.handed.get(case), world.case_file(device, world.cases[case])
    names = {member.id: member.name for member in device.open.roster.members}
    if taker is None or record is None or names.get(record.number("responsible") or 0) == taker:
        return False
    everywhere = frozenset[str]().union(*map(world.known, world.devices))
    gone = device.person.name in world.oracle.left
    return gone or not world.oracle.reads(device.person.name, case, everywhere)


def _signed_by_suspended(expected: Expected) -> bool:
    orders = expected.world.oracle.orders
    given = [orders.given[order] for order in orders.unheard if order in orders.given]
    return any(item.kind in (OrderKind.RESTRICT, OrderKind.LIFT) for item in given)
