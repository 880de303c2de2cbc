"""Three devices that live through one history."""

from __future__ import annotations

import random
import shutil
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from app.domain.declarations import CONTACT
from app.domain.dots import Dot
from app.domain.records import Record, new_record
from app.services import cases, merging
from app.services.ports import Conflict, Queries
from sync import compose
from sync.carriers.http import RelayUnreachableError
from sync.exchange import Delivery
from sync.workplace import Workplace
from tests.support.invented.people import Invented
from tests.support.ports import SeededEntropy, SteeredClock
from tests.support.simulation.line import LocalRelay, RoughLine
from tests.support.simulation.oracle import Oracle, Place

FIELDS = {"concern": "concern", "recognition_word": "recognition"}
"""Fields that are written, each with its register."""
_ALL = 100_000
_RARELY = 0.25


@dataclass
class SimDevice:
    """One person's computer in a history; `forms` are open on it, `views` are conflicts being looked at."""

    person: Invented
    home: Path
    line: RoughLine
    clock: SteeredClock
    seed: str
    starts: int = 0
    place: Workplace | None = None
    forms: list[Record] = field(default_factory=list)
    views: list[Conflict] = field(default_factory=list)
    copy_holds: frozenset[str] | None = None
    copy_awaits: tuple[Delivery, ...] = ()

    @property
    def queries(self) -> Queries:
        """What this device shows."""
        return self.open.session.store.queries

    @property
    def open(self) -> Workplace:
        """The workplace, unlocked when it is not open: each time in a new session."""
        if self.place is None:
            self.starts += 1
            entropy = SeededEntropy(f"{self.seed}/{self.person.name}/{self.starts}")
            place = compose.unlock(self.home, self.person.passphrase, clock=self.clock, entropy=entropy)
            place._carrier = self.line  # type: ignore[assignment]  # the one seam: no HTTP in a history
            self.place = place
        return self.place

    def close(self) -> None:
        """Lock: open forms are gone, as a person would have to open them anew."""
        if self.place is not None:
            self.place.close()
        self.place = None
        self.forms.clear()
        self.views.clear()

    def round(self) -> bool:
        """Make a round; tells whether the line held."""
        try:
            self.open.run_round(lambda _done, _total: None, lambda: False)
        except RelayUnreachableError:
            return False
        return True


class World:
    """A history: people act at random, the line is rough, and an oracle watches."""

    def __init__(self, seed: int, template: Path, folder: Path, people: tuple[Invented, ...]) -> None:
        """Begin in a copy of a district that stands in `template`."""
        self.chance = random.Random(seed)
        shutil.copytree(template, folder)
        self.oracle = Oracle()
        self.time = SteeredClock(datetime.now(UTC))
        self.relay = LocalRelay(folder / "relay" / "relay.sqlite", self._now_ms)
        self.devices = [self._device(seed, folder, at, person) for at, person in enumerate(people)]
        self._folder = folder
        self._count = 0
        self.set_back_device = self.chance.choice(self.devices)
        self.cases = self._cases()
        for device in self.devices:
            device.line.badness = self.chance.uniform(0.0, 0.4)

    def live(self, steps: int) -> None:
        """Let so many random things happen."""
        acts = (
            [self._open_form] * 4 + [self._save_form] * 5 + [self._note] * 2 + [self._look, self._decide] * 2
        )
        acts += [self._round] * 6 + [self._move_clock, self._lock, self._copy, self._set_back]
        for _ in range(steps):
            self.chance.choice(acts)(self.chance.choice(self.devices))

    def settle(self) -> None:
        """Save what is open, then exchange everything over good lines."""
        for device in self.devices:
            device.line.badness = 0.0
            while device.forms:
                self._save_form(device)
        for _ in range(4):
            for device in self.devices:
                device.round()

    def close(self) -> None:
        """Close everything and remove the files."""
        for device in self.devices:
            device.close()
        self.relay.close()
        shutil.rmtree(self._folder)

    def known(self, device: SimDevice) -> frozenset[str]:
        """Give every token that a device holds, standing or not."""
        found = set()
        for case in self.cases.values():
            for entry in device.queries.history(case, _ALL):
                found |= {str(value) for value in entry.values.values() if value in self.oracle.places}
        return frozenset(found)

    def shown(self, device: SimDevice) -> dict[Place, frozenset[str]]:
        """Give what a device shows, place by place: every head of a conflict, else the value."""
        found: dict[Place, set[str]] = defaultdict(set)
        for name, case in self.cases.items():
            record = self._record(device, case)
            for item, register in FIELDS.items():
                conflict = device.queries.conflict(case, register)
                values = (
                    [head.values.get(item) for head in conflict.heads] if conflict else [record.get(item)]
                )
                found[name, item] |= {str(value) for value in values if value}
            for entry in device.queries.records(CONTACT.name, case):
                token = entry.text("contact_note")
                if token in self.oracle.places:
                    found[name, token].add(token)
        return {place: frozenset(tokens) for place, tokens in found.items() if tokens}

    def _device(self, seed: int, folder: Path, index: int, person: Invented) -> SimDevice:
        clock = SteeredClock(self.time.now())
        clock.move(minutes=self.chance.uniform(-90, 90))
        line = RoughLine(self.relay, index, self.chance)
        return SimDevice(person, folder / person.folder / "data", line, clock, str(seed))

    def _cases(self) -> dict[str, Dot]:
        rows = self.devices[0].queries.case_page(None, 10).rows
        found = {row.text("number"): row.id for row in rows if row.id is not None}
        for name, case in sorted(found.items()):
            record = self._record(self.devices[0], case)
            for item in FIELDS:
                if record.text(item):
                    self.oracle.wrote("before", (name, item), record.text(item), ())
        return found

    def _record(self, device: SimDevice, case: Dot) -> Record:
        record = device.queries.record("CaseFile", case)
        if record is None:
            raise AssertionError("a case file is not on this device")
        return record

    def _token(self) -> str:
        self._count += 1
        return f"w{self._count}"

    def _any_case(self) -> tuple[str, Dot]:
        name = sorted(self.cases)[self.chance.random() < _RARELY]
        return name, self.cases[name]

    def _open_form(self, device: SimDevice) -> None:
        if len(device.forms) < 3:
            device.forms.append(self._record(device, self._any_case()[1]))

    def _save_form(self, device: SimDevice) -> None:
        if not device.forms:
            return
        base = device.forms.pop(self.chance.randrange(len(device.forms)))
        item, token = self.chance.choice(sorted(FIELDS)), self._token()
        cases.save_record(device.open.session, base, base.edited(**{item: token}))
        self.oracle.wrote(device.person.name, (base.text("number"), item), token, [base.text(item)])

    def _note(self, device: SimDevice) -> None:
        name, case = self._any_case()
        token = self._token()
        entry = new_record(
            CONTACT, case, at=1, topics=("housing",), contact_kind="client", contact_note=token
        )
        cases.save_record(device.open.session, None, entry)
        self.oracle.wrote(device.person.name, (name, token), token, ())

    def _look(self, device: SimDevice) -> None:
        conflicts = device.queries.conflicts(20)
        if conflicts and len(device.views) < 2:
            device.views.append(self.chance.choice(conflicts))

    def _decide(self, device: SimDevice) -> None:
        if not device.views:
            return
        view = device.views.pop()
        (item,) = (name for name, register in FIELDS.items() if register == view.register)
        token = self._token()
        merging.decide(device.open.session, view, {item: token}, "asked again")
        shown = [str(head.values.get(item) or "") for head in view.heads]
        self.oracle.wrote(device.person.name, (view.case_number, item), token, shown)

    def _round(self, device: SimDevice) -> None:
        device.round()

    def _move_clock(self, device: SimDevice) -> None:
        self.time.move(minutes=self.chance.uniform(0, 60))
        for one in self.devices:
            one.clock.move(minutes=self.chance.uniform(0, 60))
        device.clock.move(hours=self.chance.uniform(-30, 30))

    def _lock(self, device: SimDevice) -> None:
        device.close()

    def _copy(self, device: SimDevice) -> None:
        if device is self.set_back_device:
            device.close()
            copy = self._copy_of(device)
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(device.home, copy)
            device.copy_holds = self.oracle.own(device.person.name)
            device.copy_awaits = device.line.under_way()

    def _set_back(self, device: SimDevice) -> None:
        if device.copy_holds is not None:
            device.close()
            shutil.rmtree(device.home)
            shutil.copytree(self._copy_of(device), device.home)
            self.oracle.set_back(device.person.name, device.copy_holds)
            device.line.bring_again(device.copy_awaits)

    def _copy_of(self, device: SimDevice) -> Path:
        return self._folder / "copies" / device.person.folder

    def _now_ms(self) -> int:
        return int(self.time.now().timestamp() * 1000)


def quarrels(world: World) -> Iterator[str]:
    """Tell what is wrong at the end of a history, in words; nothing when all is well."""
    known = {device.person.name: world.known(device) for device in world.devices}
    everywhere = frozenset().union(*known.values())
    if len({frozenset(world.shown(device).items()) for device in world.devices}) > 1:
        yield "the devices do not end alike"
    for token in sorted(world.oracle.must_exist() - everywhere):
        yield f"{token} of {world.oracle.writers[token]} is nowhere"
    for device in world.devices:
        name = device.person.name
        lacking = everywhere - known[name]
        if lacking:
            yield f"{name} never got {sorted(lacking)}"
        expected, shown = world.oracle.standing(known[name]), world.shown(device)
        for place in sorted(expected.keys() | shown.keys()):
            wanted, found = expected.get(place, frozenset()), shown.get(place, frozenset())
            if wanted != found:
                yield f"{name}, {place[1]}: lost {sorted(wanted - found)}, came back {sorted(found - wanted)}"
