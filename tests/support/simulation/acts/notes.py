"""Contacts: entries that nobody edits, some of them only for those who are cleared."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from app.domain.declarations import CONTACT, PERSON
from app.domain.records import new_record
from app.services import cases
from tests.support.simulation.acts.registry import act

if TYPE_CHECKING:
    from tests.support.simulation.device import SimDevice
    from tests.support.simulation.world import World


@act(1.5)
def note(world: World, device: SimDevice, chance: random.Random) -> str:
    """Write down a conversation."""
    return _write(world, device, chance, "housing")


@act(1.5)
def sensitive_note(world: World, device: SimDevice, chance: random.Random) -> str:
    """Write down a conversation about health."""
    return _write(world, device, chance, "health")


def _write(world: World, device: SimDevice, chance: random.Random, topic: str) -> str:
    record = world.pick(device, chance)
    if record is None or record.id is None:
        return "-"
    name, token = record.text("number"), world.oracle.token()
    entry = new_record(CONTACT, record.id, at=1, topics=(topic,), contact_kind="client", contact_note=token)
    persons = device.queries.records(PERSON.name, record.id)
    about = chance.choice((None, *persons))
    saved = cases.save_record(device.session, None, entry.edited(person=about.id if about else None))
    if saved.record.id is not None:
        world.notes[token] = saved.record.id
    world.oracle.ties.begin(token, name)
    world.oracle.wrote(device.by, (name, token), token, (), sensitive=topic == "health", entry=token)
    return f"{name} {topic}: {token}"
