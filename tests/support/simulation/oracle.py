"""What people wrote, and what they had before their eyes when they wrote it: nothing here is the program's.

Every value is a token that is written once. A token is rightly gone when somebody wrote another in its
place who was shown it, or was shown one that had rightly replaced it. Who may read follows from the
rules of the field, told anew in `may_read`.

Blind to: who wrote a value (the screen shows it), values that were typed and never saved, the order of
lists, texts of sentences, and whether a person understood what was shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from app.domain.orders import OrderKind
from tests.support.simulation.ordered import Orders
from tests.support.simulation.stand_ins import StandIns
from tests.support.simulation.ties import BELONGS, STANDING, Ties
from tests.support.simulation.written import NO, YES, Entry, Person, Place, Written

STRICTER = ("", "free", "code_word", "in_person", "never")


@dataclass
class Oracle:
    """Collects a history; answers what must be seen, by whom, and by whom not."""

    people: dict[str, Person]
    supervisors: frozenset[str]
    responsible: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    supervision: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    stand_ins: StandIns = field(default_factory=StandIns)
    written: dict[str, Written] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)
    makers: dict[str, str] = field(default_factory=dict)
    """Who opened a case file during the history: that counts as having been responsible."""
    handed: dict[str, str] = field(default_factory=dict)
    """Who has a case file since it was handed over."""
    handers: dict[str, str] = field(default_factory=dict)
    """The device on which it was handed over."""
    cleared: set[str] = field(default_factory=set)
    """Who was cleared during the history."""
    left: set[str] = field(default_factory=set)
    """Who left the district: they are owed nothing any more. `back`: who came back."""
    back: set[str] = field(default_factory=set)
    suspended: str = ""
    """The device that was suspended, or is not opened any more since its person left the district."""
    doubtful: set[str] = field(default_factory=set)
    """Written on it and not known to the keeper then: counts where it had arrived, and nowhere else."""
    rules: dict[str, str] = field(default_factory=dict)
    """The rule of contact that went with a value."""
    riders: dict[str, str] = field(default_factory=dict)
    """What went with a value in a field that the older program does not know, where that is certain."""
    periods: set[str] = field(default_factory=set)
    """Values in entries of a kind that the older program does not know."""
    disks: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """What of its own writing a device's disk of now holds: the rest may be anywhere or nowhere."""
    unsent: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """What was written on a device since it last reached a relay or stick: it is nowhere else."""
    count: int = 0
    look: Callable[[str], frozenset[str]] = lambda _device: frozenset()
    """Gives the tokens that a device knows now."""
    heard: Callable[[str], frozenset[str]] = lambda _device: frozenset()
    """Gives who left the district, for all that a device has heard."""
    orders: Orders = field(init=False)
    ties: Ties = field(init=False)
    _gone: dict[frozenset[str], frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Begin without orders, and with entries that nobody has touched."""
        self.orders = Orders(self.supervisors, self.ever_responsible)
        self.ties = Ties(self.gone)

    def token(self) -> str:
        """Give a new word that nobody has written yet."""
        self.count += 1
        return f"qtoken{self.count:04}z"  # long enough never to stand in ciphertext by chance

    def wrote(
        self,
        by: tuple[str, str],
        place: Place,
        token: str,
        shown: Iterable[str],
        *,
        sensitive: bool = False,
        entry: str = "",
        stays: bool = False,
    ) -> None:
        """Note a saved value of (person, device) and the values that its writer had before their eyes."""
        closed = frozenset(
            item for item in ("supervision", "stand_in") if self._closed(by[1], place[0], item)
        )
        replaced = frozenset(shown) - {""}
        knows = self.look(by[1]) if self.ties.words else frozenset()
        homes = self.ties.homes(entry, knows) if entry else frozenset({place[0]})
        over = self.ties.words.keys() & self.gone(knows)
        ended = frozenset(self.stand_ins.ends.keys() & self.disks[by[1]])
        self.written[token] = Written(
            *by,
            place,
            sensitive,
            replaced,
            self.count,
            closed,
            entry,
            homes,
            frozenset(over),
            self.heard(by[1]),
            ended,
            stays,
        )
        if entry and token not in self.ties.words:
            self.ties.parts[entry].add(token)
        self._gone.clear()
        self.disks[by[1]].add(token)
        self.unsent[by[1]].add(token)
        if by[1] == self.suspended:
            self.doubtful.add(token)

    def agreed(self, device: str, case: str, token: str, says: dict[str, str], knew: Iterable[str]) -> None:
        """Note a consent (items *yes* or *no*) or a withdrawal (*no*)."""
        self.entries[token] = Entry(case, device, tuple(sorted(says.items())), frozenset(knew), self.count)

    def keep_in(self, device: str, case: str, item: str) -> None:
        """Note that what is unsent of a case file may not leave any more for who works in such a role."""
        for token in self.unsent[device]:
            said = self.written[token]
            if said.case == case:
                self.written[token] = replace(said, closed_to=said.closed_to | {item})

    def suspend(self, device: str, kept: Iterable[str], signed: Iterable[str]) -> None:
        """Note that a device was suspended by a keeper who knew `kept`, and these orders as signed by it."""
        self.suspended = device
        self.orders.suspend(device, frozenset(signed))
        own = {token for token, item in self.written.items() if item.device == device}
        self.doubtful |= own - set(kept)

    def lift(self) -> None:
        """Note that the suspension was lifted: what had been refused since is read after all."""
        self.suspended = ""
        self.doubtful.clear()
        self.orders.lift()

    def hand_over(self, device: str, case: str, taker: str) -> None:
        """Note that a case file has another case manager from now on."""
        self.handed[case], self.handers[case] = taker, device
        self.responsible[case].add(taker)

    def places_in_doubt(self) -> frozenset[Place]:
        """Give the places that a doubtful value may have moved; for entries and handovers whole case files.

        A handover of the suspended device's counts where it had arrived: the keeper reads none of them.
        """
        telling = self.entries.keys() | self.ties.words.keys() | self.stand_ins.words()
        cases = {case for token in self.doubtful & telling for case in self.cases_of(token)}
        cases |= {case for case, device in self.handers.items() if device == self.suspended}
        cases = {one for case in cases for one in self.ties.ever_joined(case, self.ties.words)}
        places = {self.written[token].place for token in self.doubtful}
        within = {item.place for token, item in self.written.items() if self.cases_of(token) & cases}
        return frozenset(places | within)

    def cases_of(self, token: str) -> frozenset[str]:
        """Give every case file of which a token ever was, or to which it says something goes."""
        item, words = self.written[token], self.ties.words
        moved = {word.says for word in words.values() if item.entry and word.about == item.entry}
        said = self.ties.sides(token) if token in words else frozenset()
        return frozenset({item.case, *(moved & self.responsible.keys()), *(said & self.responsible.keys())})

    def ever_responsible(
        self, case: str, named: frozenset[str], known: frozenset[str] | None
    ) -> frozenset[str]:
        """Give who was ever responsible for a case file, or for one that is named and was merged with it."""
        words = self.ties.words.keys() & (self.ties.words if known is None else known)
        joined = self.ties.ever_joined(case, (token for token in words if self.ties.ends(token) <= named))
        made = {self.makers[one] for one in joined & self.makers.keys()}
        return frozenset(made.union(*(self.responsible[one] for one in joined)))

    def fallen_entry(self, entry: str) -> bool:
        """Tell whether an order of erasure took an entry out, or may have."""
        orders = self.orders.in_force(OrderKind.ERASE)
        return any(order.takes(self.ties.made_in[entry], entry) for order in orders)

    def fallen(self, known: frozenset[str] | None = None) -> frozenset[str]:
        """Give the tokens that orders of erasure and redaction took out, on whose device `known` is known.

        Without it: all that may have fallen anywhere.
        """
        found = set[str]()
        for order in self.orders.in_force(OrderKind.ERASE, OrderKind.REDACT, known=known):
            found |= order.words
            if order.kind is OrderKind.ERASE:
                found |= {token for token, item in self.written.items() if order.takes(item.case, item.entry)}
        return frozenset(found)

    def erased_cases(self) -> frozenset[str]:
        """Give the case files that were, or may have been, erased."""
        orders = self.orders.in_force(OrderKind.ERASE)
        return frozenset[str]().union(*(order.cases for order in orders))

    def must_exist(self, known: frozenset[str]) -> frozenset[str]:
        """Give every token that may not have vanished from all devices, where `known` is known anywhere.

        What never leaves a computer goes when its person gives the case file up, or is to have it no more:
        who left, and whose time as a stand-in was over, though they were let in again. What was written over
        is not told to who takes a case file over, and goes with who gave it up.
        """
        own = {token: item for token, item in self.written.items() if item.stays}
        given_up = {token for token, item in own.items() if not self.works_in(item.writer, token, known)}
        for token, item in own.items():
            ended = item.writer in self.left or self.stand_ins.was_over(item.case, item.writer)
            given_up |= {token} if ended and item.writer not in self.responsible[item.case] else set()
        over = self.written.keys() & self.gone(known)
        given_up |= {token for token in over if self.written[token].case in self.handed}
        return frozenset().union(*self.disks.values()) - self.doubtful - self.fallen() - given_up

    def standing(self, known: Iterable[str]) -> dict[Place, frozenset[str]]:
        """Give what must stand in each place for who knows the tokens `known`."""
        held = frozenset(known)
        found: dict[Place, set[str]] = defaultdict(set)
        for token in held - self.gone(held):
            found[self.written[token].place].add(token)
        return {place: frozenset(tokens) for place, tokens in found.items()}

    def gone(self, known: frozenset[str]) -> frozenset[str]:
        """Give the tokens that somebody who was shown them replaced, for who knows `known`."""
        if known not in self._gone:
            self._gone[known] = frozenset[str]().union(*map(self._rightly_gone, known))
        return self._gone[known]

    def item(self, cases: frozenset[str], item: str, known: Iterable[str]) -> str | None:
        """Give what a consent item amounts to in case files that are one.

        It is *no* while any no has no yes that knew of it.
        """
        mine = {token: dict(self.entries[token].says) for token in known if token in self.entries}
        here = {token: says for token, says in mine.items() if self.entries[token].case in cases}
        yes = [token for token, says in here.items() if says.get(item) == YES]
        no = [token for token, says in here.items() if says.get(item) == NO]
        if any(all(token not in self.entries[agreed].knew for agreed in yes) for token in no):
            return NO
        # The case file's first consent, written before the history, says yes to all.
        return YES

    def strictest(self, tokens: Iterable[str]) -> frozenset[str]:
        """Give the rules that may be shown while several stand: of those that protect the client most.

        Naming an interpreter who is never to come protects a little more than naming nobody.
        """
        tokens = frozenset(tokens)
        least = max((self._protects(token, self.riders.get(token, "")) for token in tokens), default=0)
        found = (t for t in tokens if self._protects(t, self.riders.get(t, "perhaps")) >= least)
        return frozenset(self.rules.get(token, "") or "free" for token in found)

    def _protects(self, token: str, rider: str) -> int:
        return max(STRICTER.index(self.rules.get(token, "")), 1) + bool(rider)

    def may_read(self, person: str, token: str, known: Iterable[str]) -> bool:
        """Tell whether a person is to have a value, by all entries that are known."""
        item, who = self.written[token], self.people[person]
        for_all = not item.stays and (who.cleared or not item.sensitive or item.writer == person)
        return for_all and person not in self.left and self.works_in(person, token, known)

    def brings(self, person: str, device: str, token: str, known: Iterable[str]) -> bool:
        """Tell whether others can get a value from a person's device.

        What somebody wrote in their days as a stand-in arrives after them, and counts.
        """
        over = self.written[token].device == device and self.works_in(person, token, known, ever=True)
        return over or self.works_in(person, token, known)

    def works_in(self, person: str, token: str, known: Iterable[str], *, ever: bool = False) -> bool:
        """Tell whether a person has a part in a value's case file now; `ever`: or stood in at any time.

        Whoever was shut out is not told so, and what they still write stays with them. A word that joins,
        parts or moves is for both sides; what is in doubt where it belongs only for who reads all of them.
        Who read a case file that was erased is owed nothing by it: what clients said there went with it.
        """
        held, item, erased = frozenset(known), self.written[token], self.erased_cases()
        if token in self.ties.words and self.ties.words[token].what != STANDING:
            sides = self.ties.told(token) - erased
            return any(self.reads(person, case, held, ever=ever) for case in sides)
        homes = self.ties.homes(item.entry, held) if item.entry else frozenset({item.case})
        return not homes & erased and all(self.reads(person, case, held, ever=ever) for case in homes)

    def reads(self, person: str, case: str, known: frozenset[str], *, ever: bool = False) -> bool:
        """Tell whether a person works in a case file, or in one that is one with it.

        `ever`: by any day for which they were named as a stand-in.
        """
        group = self.ties.group(case, known)
        if self.orders.given:
            group -= self.erased_cases() - {case}
        return any(
            role is None or self.item(group, role, known) != NO
            for one in group
            for role in self.roles(person, one, self._standing_in(one, known, ever=ever))
            if role is not None or self.handed.get(one, person) == person
        )

    def may_lie_on(self, by: tuple[str, str], token: str) -> bool:
        """Tell whether a value might rightly have come to (person, device) at any moment of the history."""
        person, device = by
        item, who = self.written[token], self.people[person]
        if item.writer == person or item.stays:
            return device == item.device or not item.stays
        if (item.sensitive and not who.cleared) or person in item.left - self.back:
            return False
        return any(
            role not in self._shut(item, token, home, one)
            for home in self._ever_in(token)
            for one in self._ever_one(home, item)
            for role in self.roles(person, one, self._might_stand_in(one, home, item))
        )

    def _shut(self, item: Written, token: str, home: str, case: str) -> frozenset[str]:
        """Give the roles shut out of a case file that is, or is one with, where a value belonged.

        A no is said in one case file, and holds in those that are one with it; a word that joins them is
        for who reads the other side, and what left is for who reads it there.
        """
        joins = token in self.ties.words and self.ties.words[token].what != STANDING
        if home != item.case or (joins and case != item.case):
            return frozenset()
        return self._still_closed(item, (case,))

    def _ever_in(self, token: str) -> frozenset[str]:
        """Give where a value may have belonged since it was written, but for what its writer knew as over."""
        if token in self.ties.words:
            return self.cases_of(token)
        item = self.written[token]
        moves = (self.ties.words[one] for one in self.ties.words.keys() - item.over)
        return item.homes | {
            m.says for m in moves if item.entry and (m.about, m.what) == (item.entry, BELONGS)
        }

    def _ever_one(self, case: str, item: Written) -> frozenset[str]:
        return self.ties.ever_joined(case, self.ties.words.keys() - item.over)

    def roles(self, person: str, case: str, stand_ins: frozenset[str]) -> list[str | None]:
        """Give in what roles a person works in a case file with these stand-ins; None: as who leads it."""
        roles: list[str | None] = [None] if person in self.responsible[case] else []
        roles += ["supervision"] if person in self.supervision[case] else []
        return [*roles, "stand_in"] if person in stand_ins else roles

    def _standing_in(self, case: str, known: frozenset[str], *, ever: bool) -> frozenset[str]:
        return self.stand_ins.ever(case) if ever else self.stand_ins.stand(case, known, self.gone(known))

    def _might_stand_in(self, case: str, home: str, item: Written) -> frozenset[str]:
        # What left is for who reads it there, by the word of whoever moved it.
        return self.stand_ins.might_have_stood(
            case, item.at, item.device, item.ended if home == item.case else frozenset()
        )

    def _closed(self, device: str, case: str, item: str) -> bool:
        """Tell whether the last word on this device was a no, and nobody has said yes since."""
        mine = {token: self.entries[token] for token in self.disks[device] if token in self.entries}
        no = {e.at: token for token, e in mine.items() if e.case == case and (item, NO) in e.says}
        return bool(no) and not (self._yes_since(max(no), case, item) or self._answered(no[max(no)], item))

    def _still_closed(self, item: Written, cases: Iterable[str]) -> frozenset[str]:
        """Give the roles shut out when a value was written, unless somebody said yes later."""
        asked = {item.case, *cases}
        return frozenset(
            r
            for r in item.closed_to
            if not any(self._yes_since(item.at, case, r) for case in asked)
            and not self._answered_later(item, r)
        )

    def _answered_later(self, item: Written, role: str) -> bool:
        """Tell whether the last no before a value was written has a yes that knew of it by now."""
        no = {
            e.at: token
            for token, e in self.entries.items()
            if (e.device, e.case) == (item.device, item.case) and e.at <= item.at and (role, NO) in e.says
        }
        return bool(no) and self._answered(no[max(no)], role)

    def _answered(self, no: str, item: str) -> bool:
        """Tell whether somebody said yes who was shown a no: also in another case file, then one with it."""
        return any(no in entry.knew and (item, YES) in entry.says for entry in self.entries.values())

    def _yes_since(self, at: int, case: str, item: str) -> bool:
        return any(e.case == case and e.at > at and (item, YES) in e.says for e in self.entries.values())

    def _rightly_gone(self, token: str) -> set[str]:
        gone: set[str] = set()
        left = set(self.written[token].replaced)
        while left:
            one = left.pop()
            if one not in gone:
                gone.add(one)
                left |= self.written[one].replaced if one in self.written else frozenset()
        return gone
