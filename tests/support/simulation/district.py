"""The district in which histories begin: built once for each kind of district, then only copied."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from app.domain.audience import Member
from app.domain.declarations import CONSENT, CONTACT, PERSON, STAND_IN
from app.domain.records import new_record
from app.security.identity import DeviceIdentity
from app.security.recovery_key import make_recovery_key
from app.security.slots import Argon2Parameters
from app.security.vault import OpenVault
from app.security.vault_file import VaultFile, write_vault
from app.services import cases
from app.services.ports import Clock, Entropy, Session
from app.storage.connection import open_writer
from app.storage.keyring import SqlKeyring
from app.storage.migrate import migrate
from sync import compose
from sync.district.rosters import keep_roster
from sync.folder.keys import put_folder_key
from sync.home import Home
from sync.recovery import restore as restoring
from sync.roster import Device, Roster, encode_roster, first_roster, sign_roster, successor
from sync.workplace import Workplace
from tests.support.invented.people import ANNA, BEN, CORA, DORA, SINA, SVEN, Invented
from tests.support.ports import SeededEntropy, SteeredClock
from tests.support.simulation.carrying import Relay
from tests.support.simulation.cheap import cheap_cryptography
from tests.support.simulation.disk import Disk, MemoryDisk, RealDisk
from tests.support.simulation.line import RoughLine
from tests.support.simulation.local_relay import LocalRelay
from tests.support.simulation.relay import ModelRelay

BEGIN = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
_DATA_KEY = bytes(range(32))
KEY = OpenVault(bytes(16), bytearray(_DATA_KEY)).database_key
CHEAP = Argon2Parameters(memory_kib=64, iterations=1, lanes=1)
_RELAYS = ("http://relay.invalid",)
LAPTOPS: tuple[tuple[str, Invented], ...] = (
    ("sina", SINA),
    ("sven", SVEN),
    ("cora", CORA),
    ("anna", ANNA),
    ("ben", BEN),
    ("anna2", ANNA),
    ("dora", DORA),
    ("dora2", DORA),
)
"""Devices by name, in the order of the roster; a district of n devices has the first n."""
CASES = ((ANNA, BEN), (BEN, ANNA))
"""Who is responsible for each case file, and who stands in."""
HOUSEHOLD = ("Person 1", "Person 2")
"""Who belongs to the household of each case file."""


@dataclass
class Ground:
    """A district as it stands before anything happens."""

    names: tuple[str, ...]
    roster: Roster
    disk: Disk
    relay: Relay
    folder: Path
    cases: tuple[str, ...]
    real: bool

    def database(self, name: str) -> Path:
        """Give the path of a device's database."""
        return Home(self.folder / name).database


def suite(*, real: bool) -> AbstractContextManager[None]:
    """Give what must hold while devices work: the cheap suite, or nothing."""
    return nullcontext() if real else cheap_cryptography()


def taking_over(disk: Disk) -> AbstractContextManager[None]:
    """Give what must hold while stores of `disk` are opened or used."""
    return disk.taking_over() if isinstance(disk, MemoryDisk) else nullcontext()


def build_ground(folder: Path, devices: int, *, real: bool, over_both: str = "") -> Ground:
    """Build a district of so many devices, everything exchanged; call it under `suite`.

    `over_both` names the device of who supervises both case files; without it each has another.
    """
    names = tuple(name for name, _ in LAPTOPS[:devices])
    disk: Disk = RealDisk(KEY) if real else MemoryDisk()
    clock = SteeredClock(BEGIN)
    with taking_over(disk):
        rosters = _rosters(names, over_both)
        relay = _relay(folder, clock, rosters[0].district, real=real)
        for name in names:
            _found_home(folder / name, name, rosters)
        relay.put_rosters(0, tuple(map(encode_roster, rosters)))
        places = [_open(folder / name, name, clock, relay, at) for at, name in enumerate(names)]
        try:
            numbers = _begin(places)
        finally:
            for place in places:
                place.close()
    return Ground(names, rosters[-1], disk, relay, folder, numbers, real)


def open_home(home: Path, clock: Clock, entropy: Entropy, carrier: RoughLine) -> Workplace:
    """Unlock a home as `compose.unlock` does, but for the passphrase: the key is known."""
    return _on_line(compose.opened(Home(home), _vault(), clock, entropy, ExitStack()), carrier)


def bring_back(home: Path, backup: Path, clock: Clock, entropy: Entropy, carrier: RoughLine) -> Workplace:
    """Bring a backup back as `restore` does, but for the passphrase."""
    return _on_line(
        restoring._restored(Home(home).folder, backup, lambda _: _vault(), clock, entropy), carrier
    )


def put_vault(home: Path) -> None:
    """Put the file there in which the data key would be wrapped: backups carry it along."""
    write_vault(Home(home).vault, _vault_file())


def _vault() -> OpenVault:
    return OpenVault(bytes(16), bytearray(_DATA_KEY))


@cache
def _vault_file() -> VaultFile:
    vault, entropy = _vault(), SeededEntropy("vault")
    slots = (
        vault.slot_for_passphrase("nobody types it", entropy, CHEAP),
        vault.slot_for_recovery(make_recovery_key(entropy), entropy),
    )
    return VaultFile(vault.vault_id, vault.key_check, *slots)


def _on_line(place: Workplace, carrier: RoughLine) -> Workplace:
    place._open_carrier = lambda: carrier  # type: ignore[assignment,method-assign,return-value]  # the seam: no HTTP
    return place


def _identity(name: str) -> DeviceIdentity:
    return DeviceIdentity.create(SeededEntropy(f"identity/{name}"))


def _rosters(names: tuple[str, ...], over_both: str) -> tuple[Roster, ...]:
    members = _members(names, over_both)
    of = {invented.name: at + 1 for at, invented in enumerate(_people(names))}
    public = {name: _identity(name).public_bytes for name in names}
    first = first_roster(
        "MUS", "Kreis Musterland", date(2027, 5, 4), members[0], public[names[0]], relays=_RELAYS
    )
    devices = tuple(
        Device(at, of[dict(LAPTOPS)[name].name], public[name], at) for at, name in enumerate(names)
    )
    sign = _identity(names[0]).sign
    founded = sign_roster(first, 0, sign)
    return founded, sign_roster(successor(founded, members=members, devices=devices), 0, sign)


def _people(names: tuple[str, ...]) -> tuple[Invented, ...]:
    return tuple(dict.fromkeys(dict(LAPTOPS)[name] for name in names))


def _members(names: tuple[str, ...], over_both: str) -> tuple[Member, ...]:
    people = _people(names)
    leads = {ANNA: SINA, BEN: SVEN}
    if over_both:
        leads = dict.fromkeys(leads, dict(LAPTOPS)[over_both])
    ids = {person.name: at + 1 for at, person in enumerate(people)}
    return tuple(
        Member(
            ids[person.name],
            person.name,
            person.employer,
            person.role,
            person.cleared,
            ids.get(leads[person].name if person in leads else person.supervisor),
        )
        for person in people
    )


def _relay(folder: Path, clock: SteeredClock, district: bytes, *, real: bool) -> Relay:
    now: Callable[[], int] = lambda: int(clock.now().timestamp() * 1000)  # noqa: E731 - a clock in one line
    if not real:
        return ModelRelay(now)
    (folder / "relay").mkdir(parents=True)
    return LocalRelay(folder / "relay" / "relay.sqlite", now, district)


def _found_home(home: Path, name: str, rosters: Iterable[Roster]) -> None:
    home.mkdir(parents=True, exist_ok=True)
    database = Home(home).database
    connection = open_writer(database, KEY, create=True)
    migrate(connection)
    connection.execute("BEGIN IMMEDIATE")
    keys = SqlKeyring(connection)
    keys.put_own_key("identity", _identity(name).private_bytes)
    for roster in rosters:
        keep_roster(keys, roster, encode_roster(roster))
    connection.execute("COMMIT")
    connection.close()


def _open(home: Path, name: str, clock: Clock, relay: Relay, index: int) -> Workplace:
    return open_home(home, clock, SeededEntropy(f"begin/{name}"), RoughLine(relay, index))


def _begin(places: list[Workplace]) -> tuple[str, ...]:
    """Write the case files and let everybody have written to everybody once."""
    ids = {member.name: member.id for member in places[0].roster.members}
    of = {place.roster.members[place.session.me - 1].name: place for place in reversed(places)}
    put_folder_key(places[0].session)
    numbers = tuple(
        _write_case(of[responsible.name].session, ids[stand_in.name]) for responsible, stand_in in CASES
    )
    exchange(places)
    # A copy of a disk is to hold the keys of the channels that it writes to.
    for place in places:
        for row in place.session.store.queries.case_page(None, len(CASES)).rows:
            entry = new_record(CONTACT, row.id, at=1, contact_kind="office", contact_note="before")
            cases.save_record(place.session, None, entry)
    exchange(places)
    return numbers


def _write_case(session: Session, stand_in: int) -> str:
    day = (BEGIN - timedelta(days=30)).date().isoformat()
    form = cases.new_case_file(session).edited(opened_on=day, municipality="Musterstadt")
    base = cases.open_case_file(session, form).record
    common: dict[str, Any] = {"given_on": day, "text_version": "1.0", "consent_form": "signed"}
    items = {"supervision_item": "yes", "stand_in_item": "yes", "special_categories_item": "yes"}
    for kind, values in (("sheet", {}), ("consent", items)):
        cases.save_record(session, None, new_record(CONSENT, base.id, consent_kind=kind, **common, **values))
    cases.save_record(session, None, new_record(STAND_IN, base.id, stand_in=stand_in, stand_in_since=day))
    for label in HOUSEHOLD:
        cases.save_record(session, None, new_record(PERSON, base.id, label=label))
    return base.text("number")


def exchange(places: Iterable[Workplace], most: int = 6) -> int:
    """Let all make rounds until nothing moves any more; gives how many turns that took."""
    everybody = tuple(places)
    for turn in range(1, most + 1):
        reports = [place.run_round(lambda _done, _total: None, lambda: False) for place in everybody]
        if not any(report.envelopes_up or report.applied for report in reports):
            return turn
    return most + 1
