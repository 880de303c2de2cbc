"""What people wrote, and what they had before their eyes when they wrote it: nothing here is the program's.

Every value is a token that is written once. A token is rightly gone when somebody wrote another in its
place who was shown it, or was shown one that had rightly replaced it. Who may read follows from the
rules of the field, told anew in `may_read`.

Blind to: who wrote a value (the screen shows it), values that were typed and never saved, the order of
lists, texts of sentences, and whether a person understood what was shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

Place = tuple[str, str]
"""A case file and one of its fields, by names of the test's own."""
YES, NO = "yes", "no"
STRICTER = ("", "free", "code_word", "in_person", "never")


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

    @property
    def case(self) -> str:
        """The case file."""
        return self.place[0]


@dataclass(frozen=True)
class Entry:
    """A consent or a withdrawal: what it says of each item, and the entries that its writer was shown."""

    case: str
    device: str
    says: tuple[tuple[str, str], ...]
    knew: frozenset[str]
    at: int


@dataclass
class Oracle:
    """Collects a history; answers what must be seen, by whom, and by whom not."""

    people: dict[str, Person]
    supervisors: frozenset[str]
    responsible: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    supervision: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    stand_ins: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    written: dict[str, Written] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)
    handed: dict[str, str] = field(default_factory=dict)
    """Who has a case file since it was handed over."""
    handers: dict[str, str] = field(default_factory=dict)
    """The device on which it was handed over."""
    suspended: str = ""
    """The device that was suspended."""
    doubtful: set[str] = field(default_factory=set)
    """Written on it and not known to the keeper then: counts where it had arrived, and nowhere else."""
    orders: dict[str, tuple[str, set[tuple[str, str]]]] = field(default_factory=dict)
    """The case file that an order would erase, and who has signed, as (person, device)."""
    unheard: set[str] = field(default_factory=set)
    """Orders that the suspended device signed and the keeper did not know as signed then."""
    rules: dict[str, str] = field(default_factory=dict)
    """The rule of contact that went with a value."""
    riders: dict[str, str] = field(default_factory=dict)
    """What went with a value in a field that the older program does not know, where that is certain."""
    periods: set[str] = field(default_factory=set)
    """Values in entries of a kind that the older program does not know."""
    disks: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """What of its own writing a device's disk of now holds: the rest may be anywhere or nowhere."""
    count: int = 0

    def token(self) -> str:
        """Give a new word that nobody has written yet."""
        self.count += 1
        return f"qtoken{self.count:04}z"  # long enough never to stand in ciphertext by chance

    def wrote(
        self, by: tuple[str, str], place: Place, token: str, shown: Iterable[str], *, sensitive: bool = False
    ) -> None:
        """Note a saved value of (person, device) and the values that its writer had before their eyes."""
        closed = frozenset(
            item for item in ("supervision", "stand_in") if self._closed(by[1], place[0], item)
        )
        replaced = frozenset(shown) - {""}
        self.written[token] = Written(*by, place, sensitive, replaced, self.count, closed)
        self.disks[by[1]].add(token)
        if by[1] == self.suspended:
            self.doubtful.add(token)

    def agreed(self, device: str, case: str, token: str, says: dict[str, str], knew: Iterable[str]) -> None:
        """Note a consent (items *yes* or *no*) or a withdrawal (*no*)."""
        self.entries[token] = Entry(case, device, tuple(sorted(says.items())), frozenset(knew), self.count)

    def suspend(self, device: str, kept: Iterable[str], signed: Iterable[str]) -> None:
        """Note that a device was suspended by a keeper who knew `kept`, and these orders as signed by it."""
        self.suspended = device
        mine = {order for order, (_, by) in self.orders.items() if any(one == device for _, one in by)}
        self.unheard |= mine - set(signed)
        own = {token for token, item in self.written.items() if item.device == device}
        self.doubtful |= own - set(kept)

    def hand_over(self, device: str, case: str, taker: str) -> None:
        """Note that a case file has another case manager from now on."""
        self.handed[case], self.handers[case] = taker, device
        self.responsible[case].add(taker)

    def places_in_doubt(self) -> frozenset[Place]:
        """Give the places that a doubtful value may have moved; for entries and handovers whole case files.

        A handover of the suspended device's counts where it had arrived: the keeper reads none of them.
        """
        cases = {self.written[token].case for token in self.doubtful & self.entries.keys()}
        cases |= {case for case, device in self.handers.items() if device == self.suspended}
        places = {self.written[token].place for token in self.doubtful}
        return frozenset(places | {item.place for item in self.written.values() if item.case in cases})

    def ordered(self, order: str, case: str, by: tuple[str, str]) -> None:
        """Note that (person, device) ordered a case file's erasure, and signed."""
        self.orders[order] = (case, set())
        self.signed(order, by)

    def signed(self, order: str, by: tuple[str, str]) -> None:
        """Note one more signature."""
        if order in self.orders:
            self.orders[order][1].add(by)
            self.unheard |= {order} if by[1] == self.suspended else set()

    def erased(self, *, perhaps: bool = False) -> frozenset[str]:
        """Give the case files whose erasure both the responsible and another supervisor have signed.

        What a suspended device signed, unknown to the keeper, counts where it had arrived: `perhaps`.
        """
        found = set()
        for order, (case, by) in self.orders.items():
            unheard = not perhaps and order in self.unheard
            signers = {person for person, device in by if not (unheard and device == self.suspended)}
            pairs = ((one, signers - {one}) for one in signers & self.supervisors)
            if any(others & self.responsible[case] for _, others in pairs):
                found.add(case)
        return frozenset(found)

    def must_exist(self) -> frozenset[str]:
        """Give every token that may not have vanished from all devices."""
        gone = self.erased(perhaps=True)
        kept = frozenset().union(*self.disks.values()) - self.doubtful
        return frozenset(token for token in kept if self.written[token].case not in gone)

    def standing(self, known: Iterable[str]) -> dict[Place, frozenset[str]]:
        """Give what must stand in each place for who knows the tokens `known`."""
        held = frozenset(known)
        gone: set[str] = set()
        for token in held:
            gone |= self._rightly_gone(token)
        found: dict[Place, set[str]] = defaultdict(set)
        for token in held - gone:
            found[self.written[token].place].add(token)
        return {place: frozenset(tokens) for place, tokens in found.items()}

    def item(self, case: str, item: str, known: Iterable[str]) -> str | None:
        """Give what a consent item amounts to: *no* while any no has no yes that knew of it."""
        mine = {token: dict(self.entries[token].says) for token in known if token in self.entries}
        here = {token: says for token, says in mine.items() if self.entries[token].case == case}
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
        for_all = who.cleared or not item.sensitive or item.writer == person
        return for_all and self.works_in(person, token, known)

    def works_in(self, person: str, token: str, known: Iterable[str]) -> bool:
        """Tell whether a person has a part in a value's case file now: only from such can others get it.

        Whoever was shut out is not told so, and what they still write stays with them.
        """
        case = self.written[token].case
        roles = self._roles(person, case)
        if self.handed.get(case, person) != person and None in roles:
            roles.remove(None)
        return any(role is None or self.item(case, role, known) != NO for role in roles)

    def may_ever_have_read(self, person: str, token: str) -> bool:
        """Tell whether a person might rightly have been sent a value at any moment of the history."""
        item, who = self.written[token], self.people[person]
        if item.writer == person:
            return True
        if item.sensitive and not who.cleared:
            return False
        return any(role not in self._still_closed(item) for role in self._roles(person, item.case))

    def _roles(self, person: str, case: str) -> list[str | None]:
        """Give in what roles a person works in a case file; None: as the one responsible."""
        roles: list[str | None] = [None] if person in self.responsible[case] else []
        roles += ["supervision"] if person in self.supervision[case] else []
        return [*roles, "stand_in"] if person in self.stand_ins[case] else roles

    def _closed(self, device: str, case: str, item: str) -> bool:
        """Tell whether the last word on this device was a no, and nobody has said yes since."""
        here = [token for token in self.disks[device] if token in self.entries]
        mine = [self.entries[token] for token in here if self.entries[token].case == case]
        no = [entry.at for entry in mine if (item, NO) in entry.says]
        return bool(no) and not self._yes_since(max(no), case, item)

    def _still_closed(self, item: Written) -> frozenset[str]:
        """Give the roles shut out when a value was written, unless somebody said yes later."""
        return frozenset(r for r in item.closed_to if not self._yes_since(item.at, item.case, r))

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
