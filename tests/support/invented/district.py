"""Builds the invented district: everybody joins as anybody would, a relay carries what they write."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from app.domain.audience import Member
from app.domain.declarations import EMPLOYER
from app.domain.records import new_record
from app.security.slots import STANDARD, Argon2Parameters
from app.services import cases
from app.services.ports import Clock, Entropy, Session
from sync import compose
from sync.compose import DistrictSetUp
from sync.relay.server import RelayServer
from sync.system import SystemClock
from sync.workplace import Workplace
from tests.support.invented import people
from tests.support.invented.case_files import InventedCase, invent_case, write_case
from tests.support.invented.people import Invented
from tests.support.ports import SeededEntropy

CASE_FILES = 60
_WIDE = ("--requests-per-minute", "100000")
"""One computer plays six people in a minute."""


@dataclass(frozen=True)
class Laptop:
    """One person's computer: `home` is what KIM_MOBIL_HOME names there."""

    person: Invented
    home: Path
    clock: Clock
    entropy: Entropy

    @property
    def data(self) -> Path:
        """The folder of vault and database."""
        return self.home / "data"

    def unlock(self) -> Workplace:
        """Open the workplace, in a new session."""
        return compose.unlock(self.data, self.person.passphrase, clock=self.clock, entropy=self.entropy)


@dataclass
class InventedDistrict:
    """A district in a folder: laptops by person, the relay, and the open workplaces."""

    folder: Path
    seed: str
    clock: Clock
    relay: RelayServer
    cost: Argon2Parameters = STANDARD
    laptops: dict[Invented, Laptop] = field(default_factory=dict)
    places: dict[Invented, Workplace] = field(default_factory=dict)
    written: dict[Invented, list[InventedCase]] = field(default_factory=dict)
    recovery_keys: dict[Invented, str] = field(default_factory=dict)

    def __enter__(self) -> Self:
        """Give the district with its relay running."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every workplace and stop the relay."""
        self.close_places()
        self.relay.stop()

    def __getitem__(self, person: Invented) -> Workplace:
        """Give a person's open workplace, unlocking it where needed."""
        if person not in self.places:
            self.places[person] = self.laptops[person].unlock()
        return self.places[person]

    def close_places(self) -> None:
        """Close every workplace: afterwards the program itself can open them."""
        while self.places:
            _, place = self.places.popitem()
            place.close()

    @property
    def case_managers(self) -> tuple[Invented, ...]:
        """Those who write case files."""
        return tuple(person for person in self.laptops if person in people.CASE_MANAGERS)

    def run_rounds(self, who: Iterable[Invented] | None = None) -> None:
        """Let people, by default all, synchronise one after the other."""
        for person in self.laptops if who is None else who:
            run_round(self[person])


def run_round(place: Workplace) -> None:
    """Make one round, without a screen that shows it."""
    place.run_round(lambda _done, _total: None, lambda: False)


def build_district(
    folder: Path,
    seed: str,
    *,
    case_files: int = CASE_FILES,
    notes: int = 4,
    who: tuple[Invented, ...] = people.EVERYBODY,
    cost: Argon2Parameters = STANDARD,
    clock: Clock | None = None,
    relay_server: type[RelayServer] = RelayServer,
) -> InventedDistrict:
    """Build the district of a seed in an empty folder, all of it synchronised.

    Keys and sessions follow from the seed as well; what the cryptography draws for itself does not.
    `who` begins with the keeper; `cost` is that of a passphrase try, which tests may make cheap.
    """
    (folder / "relay").mkdir(parents=True)
    relay = relay_server(folder / "relay" / "relay.sqlite", arguments=_WIDE)
    with ExitStack() as undo:
        district = InventedDistrict(folder, seed, clock or SystemClock(), relay, cost)
        undo.push(district)
        relay.start()
        _join_everybody(district, who)
        _write_employers(district[who[0]].session)
        district.run_rounds()
        _write_cases(district, case_files, notes)
        writers = district.case_managers
        at_the_ki = [person for person in who if person not in writers]
        for part in (writers, at_the_ki, at_the_ki, writers):
            district.run_rounds(part)
        undo.pop_all()
    return district


def _join_everybody(district: InventedDistrict, who: tuple[Invented, ...]) -> None:
    for person in who:
        home = district.folder / person.folder
        home.mkdir(mode=0o700)
        entropy = SeededEntropy(f"{district.seed}/{person.name}")
        district.laptops[person] = Laptop(person, home, district.clock, entropy)
    keeper = _set_up(district, who[0])
    for person in who[1:]:
        _join(district, keeper, person)
    district.run_rounds(who[:1])


def _set_up(district: InventedDistrict, keeper: Invented) -> Workplace:
    laptop = district.laptops[keeper]
    setup = DistrictSetUp(
        district_name=people.DISTRICT_NAME,
        district_code=people.DISTRICT_CODE,
        employer=keeper.employer,
        my_name=keeper.name,
        relay_address=district.relay.url,
    )
    place, _key = compose.set_up_district(
        laptop.data,
        keeper.passphrase,
        setup,
        clock=laptop.clock,
        entropy=laptop.entropy,
        cost=district.cost,
    )
    district.places[keeper] = place
    return place


def _join(district: InventedDistrict, keeper: Workplace, person: Invented) -> None:
    laptop = district.laptops[person]
    members = {member.name: member.id for member in keeper.roster.members}
    supervisor = members.get(person.supervisor)
    newcomer = Member(0, person.name, person.employer, person.role, person.cleared, supervisor)
    invitation = keeper.invite(newcomer)
    fingerprint, key = compose.apply_with_invitation(
        laptop.data,
        person.passphrase,
        invitation,
        clock=laptop.clock,
        entropy=laptop.entropy,
        cost=district.cost,
    )
    (applicant,) = keeper.applicants()
    if applicant.fingerprint != fingerprint:
        raise AssertionError("the six words differ")
    keeper.admit(applicant)
    district.recovery_keys[person] = key.text
    district.places[person] = compose.finish_joining(
        laptop.data, person.passphrase, clock=laptop.clock, entropy=laptop.entropy
    )


def _write_employers(session: Session) -> None:
    for name, values in people.EMPLOYERS.items():
        known = cases.employer_record(session.store.queries, name)
        form = known or new_record(EMPLOYER, None, employer_key=name, employer_name=name)
        cases.save_record(session, known, form.edited(**values))


def _write_cases(district: InventedDistrict, count: int, notes: int) -> None:
    writers, last_day = district.case_managers, district.clock.now().date()
    for number in range(count):
        writer = writers[number % len(writers)]
        day = last_day - timedelta(days=3 * (count - number) + 28)
        invented = invent_case(district.seed, number, day, notes)
        write_case(district[writer].session, invented)
        district.written.setdefault(writer, []).append(invented)
