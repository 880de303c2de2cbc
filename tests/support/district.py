"""A small real district: a relay process and people's devices in temporary homes, all through compose."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from app.domain.audience import Member, Role
from app.domain.declarations import CONSENT
from app.domain.dots import Dot
from app.domain.records import Record, new_record
from app.domain.registry import REGISTRY
from app.domain.schema import Value
from app.security.slots import Argon2Parameters
from app.services import cases
from app.storage.unit_of_work import StoreUnitOfWork
from sync import compose
from sync.compose import DistrictSetUp
from sync.relay.server import RelayServer
from sync.workplace import RoundReport, Workplace
from tests.support.forks import ForkedRelay
from tests.support.ports import SeededEntropy

CHEAP = Argon2Parameters(memory_kib=64, iterations=1, lanes=1)
"""Argon2id at the least cost: these passphrases protect nothing."""
PASSPHRASE = "ein Satz nur für diese Tests"
KEEPER = "sina"
_WIDE = ("--requests-per-minute", "100000", "--new-districts-per-day", "100000")


class MovingClock:
    """The real time, which the relay's process shares, moved on by what a test wishes."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def monotonic(self) -> float:
        return datetime.now(UTC).timestamp() + self.ahead.total_seconds()

    def move(self, **delta: float) -> None:
        self.ahead += timedelta(**delta)


@dataclass
class Person:
    """Somebody with a device: `place` is None while it is locked."""

    name: str
    home: Path
    clock: MovingClock
    entropy: SeededEntropy
    place: Workplace | None = None

    def open(self) -> Workplace:
        """Give the open workplace, unlocking it where needed."""
        if self.place is None:
            self.place = compose.unlock(self.home, PASSPHRASE, clock=self.clock, entropy=self.entropy)
        return self.place

    def lock(self) -> None:
        if self.place is not None:
            self.place.close()
            self.place = None


@dataclass
class District:
    """People by name; the keeper is `sina`, a cleared supervisor of the employer "kreis"."""

    folder: Path
    seed: str
    relay: RelayServer
    owns_relay: bool = True
    people: dict[str, Person] = field(default_factory=dict)

    @classmethod
    def found(cls, folder: Path, seed: str = "district", *, relay: RelayServer | None = None) -> District:
        """Found a district with a running relay of its own, or at one that is shared and not stopped here."""
        folder.mkdir()
        own = relay is None
        if relay is None:
            relay = start_relay(folder / "relay")
        district = cls(folder, seed, relay, owns_relay=own)
        person = district._person(KEEPER)
        setup = DistrictSetUp("Musterkreis", "MUS", "kreis", "Sina Vogt", relay.url)
        person.place, _ = compose.set_up_district(
            person.home, PASSPHRASE, setup, clock=person.clock, entropy=person.entropy, cost=CHEAP
        )
        return district

    def __getitem__(self, name: str) -> Workplace:
        return self.people[name].open()

    def member(self, name: str) -> int:
        """Give the member id of a person."""
        return self[name].session.me

    def join(
        self, name: str, role: Role = Role.CASE_MANAGER, *, employer: str = "kreis", cleared: bool = False
    ) -> Workplace:
        """Let somebody join as anybody would: invitation, request, comparison, admission."""
        supervisor = self.member(KEEPER) if role is Role.CASE_MANAGER else None
        return self._admit(name, Member(0, name, employer, role, cleared, supervisor))

    def join_again(self, name: str, owner: str) -> Workplace:
        """Let somebody join with another device, found here by `name`."""
        member = self[KEEPER].session.members.member(self.member(owner))
        assert member is not None
        return self._admit(name, member)

    def _admit(self, name: str, member: Member) -> Workplace:
        keeper, person = self[KEEPER], self._person(name)
        invitation = keeper.invite(member)
        words, _ = compose.apply_with_invitation(
            person.home, PASSPHRASE, invitation, clock=person.clock, entropy=person.entropy, cost=CHEAP
        )
        (applicant,) = (item for item in keeper.applicants() if item.fingerprint == words)
        keeper.admit(applicant)
        person.place = compose.finish_joining(
            person.home, PASSPHRASE, clock=person.clock, entropy=person.entropy
        )
        return person.place

    def round(self, *names: str) -> RoundReport:
        """Let people synchronise one after the other (all, when none is named); gives the last report."""
        report = None
        for name in names or tuple(self.people):
            report = run_round(self[name])
        assert report is not None
        return report

    def meet(self, names: Iterable[str]) -> None:
        """Know people whose homes are there already; they are locked."""
        for name in names:
            self._person(name)

    def close(self) -> None:
        for person in self.people.values():
            person.lock()
        if self.owns_relay:
            self.relay.kill()  # it has nothing left to do, and to stop in peace takes a tenth of a second

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _person(self, name: str) -> Person:
        person = Person(name, self.folder / name, MovingClock(), SeededEntropy(f"{self.seed}/{name}"))
        self.people[name] = person
        return person


def start_relay(folder: Path, port: int = 0) -> RelayServer:
    """Start a relay with its database in a folder; `port`: 0 for a free one."""
    folder.mkdir(exist_ok=True)
    relay = ForkedRelay(folder / "relay.sqlite", port=port, arguments=_WIDE)
    relay.start()
    return relay


def run_round(place: Workplace) -> RoundReport:
    """Make one round that nobody watches."""
    return place.run_round(lambda _done, _total: None, lambda: False)


def open_case(place: Workplace, concern: str = "Sucht einen Kurs", **values: Value) -> Dot:
    """Open a case file with sheet and consent given, and a concern; gives its id."""
    session = place.session
    form = cases.new_case_file(session).edited(**{"municipality": "Musterstadt", **values})
    case = cases.open_case_file(session, form).record.id
    assert case is not None
    give_consent(place, case, "sheet")
    give_consent(place, case, "consent")
    edit_case(place, case, concern=concern)
    return case


def give_consent(place: Workplace, case: Dot, kind: str, **items: Value) -> None:
    """Note a sheet or a consent of today."""
    values: dict[str, Value] = {"consent_kind": kind, "given_on": "2026-11-02", "consent_form": "signed"}
    cases.save_record(place.session, None, new_record(CONSENT, case, **{**values, **items}))


def edit_case(place: Workplace, case: Dot, **values: Value) -> Record:
    """Edit a case file on top of what is shown."""
    base = case_file(place, case)
    return cases.save_record(place.session, base, base.edited(**values)).record


def case_file(place: Workplace, case: Dot) -> Record:
    """Give a case file that must be there."""
    record = place.session.store.queries.record("CaseFile", case)
    assert record is not None
    return record


def add(place: Workplace, record_type: str, case: Dot, **values: Value) -> Record:
    """Save a new record in a case file."""
    return cases.save_record(place.session, None, new_record(REGISTRY[record_type], case, **values)).record


def stored(place: Workplace, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
    """Give rows of a device's own store, as they lie there."""
    with place._engine.office.transaction() as post:
        work = post.records
        assert isinstance(work, StoreUnitOfWork)
        rows = work.connection.execute(sql, parameters).fetchall()
        work.forget()  # it may have been written past all that knows what moved
        return rows
