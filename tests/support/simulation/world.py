"""A history: people act at random, lines are rough, clocks and disks fail, and an oracle watches."""

from __future__ import annotations

import hashlib
import random
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from app.domain.attachment import ATTACHMENT
from app.domain.declarations import BENEFIT_PERIOD, CASE_SPLIT, CONTACT
from app.domain.dots import Dot
from app.domain.errors import KimError
from app.domain.records import Record
from app.services.ports import HistoryEntry
from tests.support.ports import SteeredClock
from tests.support.simulation.acts import ACTS
from tests.support.simulation.carrying import Relay
from tests.support.simulation.device import Copy, SimDevice
from tests.support.simulation.disk import Disk
from tests.support.simulation.oracle import Oracle
from tests.support.simulation.programs import Program
from tests.support.simulation.screens import entries_shown
from tests.support.simulation.stand_ins import Day
from tests.support.simulation.ties import ALIAS
from tests.support.simulation.tokens import tokens_in
from tests.support.simulation.written import Place

FIELDS = {
    "concern": "concern",
    "recognition_word": "recognition",
    "not_before": "safety",
}
"""Fields that are written, each with its register."""
DEVICES = (5, 6, 7, 8)
QUIET = 12
"""Turns after which everybody has everything, or something is wrong."""
PATIENCE = 4
"""Turns for which it is waited for what is held."""
_ALL = 100_000
_LONGEST = 400
"""Days after which every time that was ever named has begun and ended."""
_ASKED_AGAIN = (2, 5, 9)
"""Hours after which a device that lacks something asks for it again."""
_OLDER = (4, 3, 2)
"""How often none, one and two devices begin with the older program."""
OVER_BOTH = ("sina", "sven")
"""Who may be over both case files: the supervisor who is cleared, and the one who is not."""
_ONE_OVER_BOTH = 1 / 3
"""In so many histories one of them is; in the others each case file has another supervisor."""


def day_of(moment: datetime) -> date:
    """Give the day on the wall."""
    return moment.astimezone().date()


@dataclass(frozen=True)
class Step:
    """One thing that happens; `salt` decides how, whatever else was left out."""

    act: str
    device: int
    salt: int


@dataclass(frozen=True)
class Plan:
    """All that is to happen in a history; parts can be left out."""

    seed: int
    devices: int
    real: bool
    steps: tuple[Step, ...]
    badness: tuple[float, ...]
    set_back: int
    older: tuple[int, ...] = ()
    """Devices that begin with the older program."""
    over_both: str = ""
    """The device of who supervises both case files; empty: each has another supervisor."""


@dataclass
class World:
    """Devices, a relay and the time; `trace` tells what happened."""

    plan: Plan
    relay: Relay
    disk: Disk
    oracle: Oracle
    time: SteeredClock
    stick: Path
    devices: list[SimDevice] = field(default_factory=list)
    cases: dict[str, Dot] = field(default_factory=dict)
    persons: dict[str, Dot] = field(default_factory=dict)
    """Persons of the household, by names of the test's own."""
    notes: dict[str, Dot] = field(default_factory=dict)
    terms: dict[str, Dot] = field(default_factory=dict)
    """Entries by which somebody stands in, by the oracle's names of those times."""
    named: dict[Dot, str] = field(default_factory=dict)
    """Changes that bear no word of their own, and those whose word an order took: each with its token."""
    trace: list[str] = field(default_factory=list)
    restless: bool = False
    _told: dict[tuple[str, Dot], tuple[HistoryEntry, ...]] | None = None
    """Once nothing is written any more: what devices tell of case files, read once."""
    fields: Mapping[str, str] = field(default_factory=lambda: FIELDS)

    def live(self) -> None:
        """Let everything happen that is planned."""
        for at, step in enumerate(self.plan.steps):
            self.happen(at, step)

    def happen(self, at: int, step: Step) -> None:
        """Let one thing happen."""
        device, chance = self.devices[step.device], random.Random(step.salt)
        device.line.chance = random.Random(step.salt + 1)
        try:
            outcome = ACTS[step.act].do(self, device, chance)
        except KimError as error:
            outcome = f"refused: {error.error_id}"
        self.trace.append(f"{at:3} {device.name:6} {step.act:12} {outcome}")
        self._note_backups()
        self.note_day()

    def note_day(self) -> None:
        """Note the day: the relay's, and what each device knows of it at least."""
        known = ((one.name, max(one.clock.now(), one.line.heard)) for one in self.devices)
        latest = {name: day_of(moment) for name, moment in known}
        self.oracle.stand_ins.note_day(Day(self.oracle.count, day_of(self.time.now()), latest))

    def _note_backups(self) -> None:
        """Note what new backups hold; the program makes some by itself, after an erasure."""
        device = self.devices[self.plan.set_back]
        for path in device.backups.there() if device.backups else ():
            # A disk that was set back may give the number and second of an earlier one again.
            made = path.stat().st_mtime_ns
            if device.backups and device.backups.made.get(path) != made:
                device.backups.made[path] = made
                holds = frozenset(self.oracle.disks[device.name])
                device.backups.holds[path] = Copy(holds, device.line.under_way())

    def settle(self) -> None:
        """Save what is open, then exchange everything over good lines until nothing moves any more."""
        for device in self.devices:
            device.line.badness = 0.0
            if device.open.backups.restored is not None:
                device.open.backups.agree()
        for at, device in enumerate(self.devices):
            while device.forms:
                self.happen(900 + at, Step("save_form", at, self.plan.seed))
        self._wait_for_turns()
        self._exchange()
        if self.oracle.orders.given:
            for at, _ in enumerate(self.devices):
                self.happen(950 + at, Step("sign_orders", at, self.plan.seed))
            self._exchange()
        given_up = self.oracle.handed or self.oracle.stand_ins.is_any_over() or self.oracle.ties.parted()
        if given_up or self.oracle.fallen():
            # Only then does anybody erase what they gave up; the last traces go once in a day.
            self._pass(days=15 if given_up else 1)
            self._wait_for_turns()
            self._exchange()
        self.note_day()
        if self.oracle.cleared:
            # What a person may read is worked out when they unlock.
            for device in self.devices:
                device.close()
        self._told = {}

    def bring_up_to_date(self) -> None:
        """Put today's program on every computer."""
        for device in self.devices:
            if device.program is Program.BEFORE:
                device.install(Program.TODAY)
        self._told = {}

    def _exchange(self) -> None:
        """Let all make rounds until nothing moves, and again hours later where something is asked for."""
        for hours in (*_ASKED_AGAIN, 0):
            if not self._rest() or self.restless or not hours:
                return
            self._pass(hours=hours)

    def _pass(self, **time: float) -> None:
        for clock in (self.time, *(device.clock for device in self.devices)):
            clock.move(**time)

    def _wait_for_turns(self) -> None:
        """Let days pass until nobody's time as a stand-in begins or ends by one clock and not by another.

        Nor while all is exchanged: it is looked at on one day.
        """
        for _ in range(_LONGEST):
            now = [self.time.now(), *(device.clock.now() for device in self.devices)]
            first, last = day_of(min(now)), day_of(max(now)) + timedelta(days=2)
            if not self.oracle.stand_ins.turns_between(first, last):
                return
            self._pass(days=1)

    def _rest(self) -> bool:
        """Let all make rounds, in turn, until nothing moves; tells whether somebody still lacks something."""
        quiet, awaited, asks = 0, dict[str, list[int]](), dict[str, bytes | None]()
        for at in range(QUIET * len(self.devices)):
            device = self.devices[at % len(self.devices)]
            report = device.round()
            self.time.move(seconds=10)
            held = awaited.setdefault(device.name, [])
            held.append(0 if report is None else report.held)
            # What is held was asked for, and comes with a later round; what was said and undone never does.
            awaits = held[-1] and len(set(held[-PATIENCE:])) + (len(held) < PATIENCE) > 1
            moved = report is None or report.envelopes_up + report.applied or awaits
            if device.name == self.oracle.suspended:
                moved = False
            else:
                # Who asks anew waits for an answer, though nothing else moved: a suspension was lifted.
                before, asks[device.name] = asks.get(device.name), device.ask
                moved = moved or asks[device.name] not in (before, None)
            quiet = 0 if moved else quiet + 1
            if quiet == len(self.devices):
                return any(held[-1] for held in awaited.values()) or self._misses()
        self.restless = True
        return False

    def _misses(self) -> bool:
        """Tell whether somebody knows of places that did not come: they are asked for again as well."""
        there = (device for device in self.devices if device.name != self.oracle.suspended)
        return any(device.misses for device in there)

    def digest(self) -> str:
        """Give a hash of what happened and of what stands: no ciphertext, no time of this computer."""
        told = hashlib.sha256("\n".join(self.trace).encode())
        for device in self.devices:
            for _, case in sorted(self.cases.items()):
                rows = [f"{e.dot} {e.register} {e.standing}" for e in self.history(device, case)]
                told.update("\n".join(sorted(rows)).encode())
        return told.hexdigest()

    def close(self) -> None:
        """Close everything, and let go of it: devices and oracle know this world."""
        for device in self.devices:
            device.close()
        self.relay.close()
        self.disk.clear()
        self.devices.clear()
        self.oracle.look = lambda _device: frozenset()

    def known(self, device: SimDevice) -> frozenset[str]:
        """Give every token that a device can be brought to show, standing or not."""
        found = set()
        for case in self.cases.values():
            for entry in self.history(device, case):
                found |= {str(value) for value in entry.values.values() if value in self.oracle.written}
                found |= {self.named[entry.dot]} if entry.dot in self.named else set()
        return frozenset(found)

    def stored(self, device: SimDevice) -> frozenset[str]:
        """Give every token that lies in a device's store, by any table and any free page."""
        return tokens_in(device.disk.image(device.database))

    def shown(self, device: SimDevice) -> dict[Place, frozenset[str]]:
        """Give what a device shows, place by place: every head of a conflict, else the value."""
        found: dict[Place, frozenset[str]] = {}
        for name, case in self.cases.items():
            record = self.case_file(device, case)
            if record is not None:
                for item, tokens in self._fields_shown(device, record).items():
                    found[name, item] = tokens
                for token in self._notes_shown(device, case):
                    found[self.oracle.written[token].place] = frozenset({token})
        found |= entries_shown(self, device)
        return {place: tokens for place, tokens in found.items() if tokens}

    def entries_shown(self, device: SimDevice, case: Dot) -> frozenset[str]:
        """Give the tokens of the consents and withdrawals that a device shows."""
        found = set()
        for kind, item in (("Consent", "witness"), ("Withdrawal", "withdrawal_note")):
            found |= {record.text(item) for record in device.queries.records(kind, case)}
        return frozenset(found & self.oracle.entries.keys())

    def case_file(self, device: SimDevice, case: Dot) -> Record | None:
        """Give a case file as a device shows it.

        None where nothing of it is here but the own word that parted it from another one: that comes back
        after a restore, and the case file does not to who reads it no more.
        """
        record = device.queries.record("CaseFile", case)
        return None if record is None or record.shown.keys() <= {ALIAS} else record

    def pick(self, device: SimDevice, chance: random.Random) -> Record | None:
        """Give one of the case files that a device shows; those that are one are shown as one.

        None while it shows the page of syncing alone, and for who left the district.
        """
        if not self._is_at_work(device):
            return None
        cases = [case for _, case in sorted(self.cases.items())]
        roots = [case for case in cases if device.queries.canonical_case(case) == case]
        held = [record for case in roots if (record := self.case_file(device, case)) is not None]
        return chance.choices(held, weights=range(3 * len(held) - 2, 0, -3))[0] if held else None

    def add_person(self, name: str, case: str, person: Record) -> None:
        """Note a person of a household, by a name of the test's own."""
        if person.id is not None:
            self.persons[name] = person.id
            self.oracle.ties.begin(name, case)

    def name_of(self, case: Dot) -> str:
        """Give the name of a case file."""
        return next(name for name, known in self.cases.items() if known == case)

    def beginning_with(self, device: SimDevice) -> list[SimDevice]:
        """Give all devices at which somebody can work, this one first."""
        at = self.devices.index(device)
        return [one for one in (*self.devices[at:], *self.devices[:at]) if self._is_at_work(one)]

    def device(self, name: str) -> SimDevice:
        """Give the device of a name."""
        return next(one for one in self.devices if one.name == name)

    def left_by_roster(self, device: str) -> frozenset[str]:
        """Give who left the district, for all that a device has heard of it."""
        members = self.device(device).open.roster.members if self.oracle.left else ()
        return frozenset(member.name for member in members if not member.active)

    def _is_at_work(self, device: SimDevice) -> bool:
        return device.is_usable and device.person.name not in self.oracle.left

    def now_ms(self) -> int:
        """Give the relay's time."""
        return int(self.time.now().timestamp() * 1000)

    def history(self, device: SimDevice, case: Dot) -> tuple[HistoryEntry, ...]:
        """Give what a device tells of a case file."""
        if self._told is None:
            return device.queries.history(case, _ALL)
        if (device.name, case) not in self._told:
            self._told[device.name, case] = device.queries.history(case, _ALL)
        return self._told[device.name, case]

    def _fields_shown(self, device: SimDevice, record: Record) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for item, register in FIELDS.items():
            values = [record.get(item)]
            if register in record.conflicts and record.id is not None:
                conflict = device.queries.conflict(record.id, register)
                values = [head.values.get(item) for head in conflict.heads] if conflict else values
            found[item] |= {str(value) for value in values if value in self.oracle.written}
        return {item: frozenset(tokens) for item, tokens in found.items()}

    def _notes_shown(self, device: SimDevice, case: Dot) -> set[str]:
        notes = {entry.text("contact_note") for entry in device.queries.records(CONTACT.name, case)}
        notes |= {entry.text("attachment_name") for entry in device.queries.records(ATTACHMENT.name, case)}
        notes |= {entry.text("split_reason") for entry in device.queries.records(CASE_SPLIT.name, case)}
        if device.program.knows(BENEFIT_PERIOD.name):
            periods = device.queries.records(BENEFIT_PERIOD.name, case)
            notes |= {entry.text("benefit_office") for entry in periods}
        return (notes | self.entries_shown(device, case)) & self.oracle.written.keys()


def plan(seed: int, *, steps: int = 45, real: bool = False) -> Plan:
    """Give the plan that follows from a seed: it needs no device to be worked out."""
    chance = random.Random(seed)
    devices = chance.choices(DEVICES, weights=(6, 3, 2, 1))[0]
    known = tuple(ACTS.values())
    acts = chance.choices([act.name for act in known], weights=[act.weight for act in known], k=steps)
    planned = tuple(Step(name, chance.randrange(devices), chance.getrandbits(32)) for name in acts)
    badness = tuple(chance.uniform(0.0, 0.3) for _ in range(devices))
    set_back = chance.randrange(devices)
    older = chance.sample(range(devices), k=chance.choices((0, 1, 2), _OLDER)[0])
    over_both = chance.choice(OVER_BOTH) if chance.random() < _ONE_OVER_BOTH else ""
    return Plan(seed, devices, real, planned, badness, set_back, tuple(sorted(older)), over_both)
