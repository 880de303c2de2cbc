"""Persons of the household: added, edited, deleted, brought back; entries that several write in."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

from app.domain.declarations import PERSON
from app.domain.records import Record, new_record
from app.services import cases, deleting
from tests.support.simulation.acts.registry import act
from tests.support.simulation.screens import PARTS, words_of_place
from tests.support.simulation.ties import DELETED, PRESENT, STANDING

if TYPE_CHECKING:
    from tests.support.simulation.device import SimDevice
    from tests.support.simulation.world import World

_MOST = 3


@act(0.5)
def add_person(world: World, device: SimDevice, chance: random.Random) -> str:
    """Add somebody to a household."""
    record = world.pick(device, chance)
    if record is None:
        return "-"
    token, case = world.oracle.token(), record.text("number")
    saved = cases.save_record(device.session, None, new_record(PERSON, record.id, label=token))
    world.add_person(token, case, saved.record)
    world.oracle.wrote(device.by, (case, f"{token}.label"), token, (), entry=token)
    return f"{case}: {token}"


@act(2)
def open_person(world: World, device: SimDevice, chance: random.Random) -> str:
    """Open a person's form and leave it open."""
    found = _persons(world, device, chance)
    if not found or len(device.forms) >= _MOST:
        return "-"
    device.forms.append(replace(chance.choice(found)))  # a page of its own, whatever is opened beside it
    return _name(world, device.forms[-1])


def save_person(world: World, device: SimDevice, base: Record, chance: random.Random) -> str:
    """Save a person's form as it was opened, whatever became of the entry since."""
    item, token, name = chance.choice(tuple(PARTS)), world.oracle.token(), _name(world, base)
    cases.save_record(device.session, base, base.edited(**{item: token}))
    place, shown = (world.oracle.ties.made_in[name], f"{name}.{item}"), base.text(item)
    world.oracle.wrote(device.by, place, token, [shown], entry=name)
    return f"{device.name} {name} {item}: {token} over {shown}"


@act(1.5)
def delete_person(world: World, device: SimDevice, chance: random.Random) -> str:
    """Delete a person as shown: on an open page, where there is one, else on one opened for it."""
    shown = [form for form in device.forms if form.type == PERSON.name]
    if not shown or chance.random() < 0.5:
        shown = _persons(world, device, chance)
    if not shown:
        return "-"
    base, token = chance.choice(shown), world.oracle.token()
    device.forms = [form for form in device.forms if form is not base]
    deleting.delete_record(device.session, base, token)
    return _stands(world, device, base, DELETED, token)


@act(1)
def bring_back(world: World, device: SimDevice, chance: random.Random) -> str:
    """Take a deletion back."""
    device, found = _deleted(world, device)
    if not found:
        return "-"
    base, token = chance.choice(found), world.oracle.token()
    deleting.bring_back(device.session, base, token)
    return _stands(world, device, base, PRESENT, token)


@act(0.4)
def edit_deleted(world: World, device: SimDevice, chance: random.Random) -> str:
    """Write into an entry that was deleted, with the deletion before one's eyes."""
    device, found = _deleted(world, device)
    return save_person(world, device, chance.choice(found), chance) if found else "-"


def _stands(world: World, device: SimDevice, base: Record, says: str, token: str) -> str:
    name = _name(world, base)
    before = base.text("standing_reason")
    shown = {base.text(item) for item in PARTS} | {before} | words_of_place(world, base)
    world.oracle.ties.say(token, name, STANDING, says, _with_replaced(world, shown))
    place = (world.oracle.ties.made_in[name], f"{name}.{STANDING}")
    world.oracle.wrote(device.by, place, token, [before], entry=name)
    return f"{device.name} {name} {says}: {token} over {' '.join(sorted(shown - {''}))}"


def _with_replaced(world: World, shown: set[str]) -> frozenset[str]:
    """Give what a person knew who was shown these: also what those had replaced."""
    known = frozenset(shown & world.oracle.written.keys())
    return known | world.oracle.gone(known)


def _persons(world: World, device: SimDevice, chance: random.Random) -> list[Record]:
    record = world.pick(device, chance)
    return [] if record is None else list(device.queries.records(PERSON.name, record.id))


def _deleted(world: World, device: SimDevice) -> tuple[SimDevice, list[Record]]:
    """Give what is listed as deleted: on this device or, where there is nothing, on another."""
    for one in world.beginning_with(device):
        lists = [one.queries.deleted_records(case) for _, case in sorted(world.cases.items())]
        found = [item for items in lists for item in items if item.type == PERSON.name]
        if found:
            return one, found
    return device, []


def _name(world: World, person: Record) -> str:
    return next(name for name, known in world.persons.items() if known == person.id)
