"""How the world of a plan begins: in a copy of the district, with what everybody knows of it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

from app.domain.audience import Role
from app.domain.declarations import PERSON, STAND_IN
from tests.support.ports import SteeredClock
from tests.support.simulation.carrying import Relay
from tests.support.simulation.device import SimDevice
from tests.support.simulation.disk import Disk, MemoryDisk
from tests.support.simulation.district import BEGIN, CASES, LAPTOPS, Ground
from tests.support.simulation.line import RoughLine
from tests.support.simulation.local_relay import LocalRelay
from tests.support.simulation.oracle import Oracle
from tests.support.simulation.programs import Program
from tests.support.simulation.relay import ModelRelay
from tests.support.simulation.world import Plan, World
from tests.support.simulation.written import Person


def begin(told: Plan, ground: Ground, folder: Path, disk: Disk) -> World:
    """Give the world of a plan, in a copy of the district on `disk`; hold suite and disk meanwhile."""
    time = SteeredClock(BEGIN)
    relay = _copy_of(ground, folder, disk, time)
    people = {who.name: Person(who.name, who.employer, who.cleared) for _, who in LAPTOPS}
    supervisors = frozenset(who.name for _, who in LAPTOPS if who.role is Role.SUPERVISOR)
    world = World(told, relay, disk, Oracle(people, supervisors), time, folder / "stick")
    chance = random.Random(told.seed)
    for at, name in enumerate(ground.names):
        clock = SteeredClock(BEGIN)
        clock.move(minutes=chance.uniform(-90, 90))
        line = RoughLine(relay, at)
        line.badness = told.badness[at]
        line.unsent = world.oracle.unsent[name]
        person = dict(LAPTOPS)[name]
        world.devices.append(SimDevice(name, person, folder / name, disk, line, clock, str(told.seed)))
    for at in told.older:
        world.devices[at].install(Program.BEFORE)
    world.oracle.look = lambda name: world.known(world.device(name))
    world.oracle.heard = world.left_by_roster
    _cases(world, ground.cases)
    world.note_day()
    return world


def _copy_of(ground: Ground, folder: Path, disk: Disk, time: SteeredClock) -> Relay:
    def now() -> int:
        return int(time.now().timestamp() * 1000)

    for name in ground.names:
        path = ground.database(name)
        target = folder / path.relative_to(ground.folder)
        if isinstance(disk, MemoryDisk) and isinstance(ground.disk, MemoryDisk):
            disk.take(target, ground.disk.made(path))
        else:
            disk.copy(path, target)
    if isinstance(ground.relay, ModelRelay):
        relay = ModelRelay(now)
        relay.adopt(ground.relay)
        return relay
    (folder / "relay").mkdir()
    database = folder / "relay" / "relay.sqlite"
    database.write_bytes((ground.folder / "relay" / "relay.sqlite").read_bytes())
    return LocalRelay(database, now, ground.roster.district)


def _cases(world: World, numbers: Sequence[str]) -> None:
    for number, (responsible, stand_in) in zip(numbers, CASES, strict=True):
        holder = next(device for device in world.devices if device.person is responsible)
        (case,) = holder.queries.case_by_number(number)
        world.cases[number] = case
        record = world.case_file(holder, case)
        member = holder.session.members.member(record.number("supervision") or 0) if record else None
        for at, person in enumerate(holder.queries.records(PERSON.name, case), start=1):
            world.add_person(f"{number}#{at}", number, person)
        world.oracle.responsible[number].add(responsible.name)
        (entry,) = holder.queries.records(STAND_IN.name, case)
        if entry.id is not None:
            world.terms[f"{number}!"] = entry.id
        world.oracle.stand_ins.begin(f"{number}!", number, stand_in.name)
        if member is not None:
            world.oracle.supervision[number].add(member.name)
