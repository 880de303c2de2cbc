"""Forms of a case file: opened, left open while rounds run, saved."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

from app.domain.declarations import PERSON
from app.domain.dots import Dot
from app.domain.records import Record
from app.services import cases
from tests.support.simulation.acts.persons import save_person
from tests.support.simulation.acts.registry import act

if TYPE_CHECKING:
    from tests.support.simulation.device import SimDevice
    from tests.support.simulation.world import World

_MOST = 3
_FIELDS = ("concern", "concern", "not_before", "not_before", "recognition_word")
_RULES = ("free", "in_person", "code_word", "never")


@act(7)
def open_form(world: World, device: SimDevice, chance: random.Random) -> str:
    """Open a case file's form and leave it open."""
    record = world.pick(device, chance)
    if record is None or len(device.forms) >= _MOST:
        return "-"
    device.forms.append(replace(record))  # a page of its own, whatever is opened beside it
    return record.text("number")


@act(10)
def save_form(world: World, device: SimDevice, chance: random.Random) -> str:
    """Save an open form: the person was shown what stood there when it was opened."""
    device = next((one for one in world.beginning_with(device) if one.forms), device)
    if not device.forms:
        return "-"
    base = device.forms.pop(chance.randrange(len(device.forms)))
    if base.type == PERSON.name:
        return save_person(world, device, base, chance)
    return _save(world, device, base, chance.choice(_fields(world, device)), chance)


@act(3)
def write_at_once(world: World, device: SimDevice, chance: random.Random) -> str:
    """Two people open the same case file, and write in the same field before they hear of each other."""
    base = world.pick(device, chance)
    if base is None or base.id is None:
        return "-"
    there = [(one, seen) for one in world.beginning_with(device)[1:] if (seen := _opened(one, base.id))]
    if not there:
        return "-"
    other, seen = chance.choice(there)
    known = _fields(world, other)
    item = chance.choice([item for item in _fields(world, device) if item in known])
    return "; ".join(_save(world, one, form, item, chance) for one, form in ((device, base), (other, seen)))


def _opened(device: SimDevice, case: Dot) -> Record | None:
    """Give a case file as a device shows it, if it is no part of another there."""
    seen = device.queries.record("CaseFile", case) if device.queries.canonical_case(case) == case else None
    return None if seen is None else replace(seen)


def _fields(world: World, device: SimDevice) -> list[str]:
    return [item for item in _FIELDS if device.program.has(item, world.fields[item])]


def _save(world: World, device: SimDevice, base: Record, item: str, chance: random.Random) -> str:
    token = world.oracle.token()
    edited = base.edited(**{item: token})
    if item == "not_before":
        world.oracle.rules[token] = chance.choice(_RULES)
        edited = edited.edited(contact_rule=world.oracle.rules[token])
        edited = _with_rider(world, device, base, edited, chance)
    cases.save_record(device.session, base, edited)
    shown = [base.text(item)]
    world.oracle.wrote(device.by, (base.text("number"), item), token, shown)
    return f"{device.name} {base.text('number')} {item}: {token} over {shown[0]}"


def _with_rider(
    world: World, device: SimDevice, base: Record, edited: Record, chance: random.Random
) -> Record:
    """Fill in a field that the older program does not have, or leave it as it was."""
    token, shown = edited.text("not_before"), base.text("not_before")
    if device.program.has("never_interpreter", "safety") and chance.random() < 0.5:
        world.oracle.riders[token] = chance.choice(("", f"rides with {token[1:]}"))
        return edited.edited(never_interpreter=world.oracle.riders[token])
    if not shown or shown in world.oracle.riders:
        world.oracle.riders[token] = world.oracle.riders.get(shown, "")
    return edited
