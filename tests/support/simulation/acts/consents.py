"""Consents and withdrawals: entries that know which others were shown."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from app.domain.declarations import CONSENT, WITHDRAWAL
from app.domain.records import Record, new_record
from app.services import cases
from tests.support.simulation.acts.notes import note
from tests.support.simulation.acts.registry import act
from tests.support.simulation.written import NO, YES

if TYPE_CHECKING:
    from tests.support.simulation.device import SimDevice
    from tests.support.simulation.world import World

ITEMS = ("supervision", "stand_in")
_ON_THE_WAY = 0.3
"""How often somebody withdraws in the very talk that was just noted."""


@act(0.8)
def agree(world: World, device: SimDevice, chance: random.Random) -> str:
    """Take down a consent: yes or no to each item."""
    record = world.pick(device, chance)
    if record is None:
        return "-"
    token = world.oracle.token()
    says = {item: chance.choices((YES, NO), (3, 1))[0] for item in ITEMS}
    values: dict[str, Any] = {f"{item}_item": word for item, word in says.items()}
    entry = new_record(
        CONSENT,
        record.id,
        consent_kind="consent",
        given_on=device.clock.now().date().isoformat(),
        consent_form="oral",
        witness=token,
        **values,
    )
    return _save(world, device, record, entry, says, token)


@act(0.8)
def withdraw(world: World, device: SimDevice, chance: random.Random) -> str:
    """Take down that the client takes something back."""
    record = world.pick(device, chance)
    if record is None:
        return "-"
    token, item = world.oracle.token(), chance.choice(ITEMS)
    day = device.clock.now().date().isoformat()
    entry = new_record(WITHDRAWAL, record.id, withdrawn_on=day, withdrawn=(item,), withdrawal_note=token)
    told = _talk_without_a_line(world, device, chance) if chance.random() < _ON_THE_WAY else ""
    saved = _save(world, device, record, entry, {item: NO}, token)
    if device is not world.devices[world.plan.set_back]:
        # A disk that was set back may know what was written, and not that it is not to leave.
        world.oracle.keep_in(device.name, record.text("number"), item)
    return f"{told}{saved}"


def _talk_without_a_line(world: World, device: SimDevice, chance: random.Random) -> str:
    """Note what was said, and try in vain to send it: it is sealed for who may read it until now."""
    said, badness = note(world, device, chance), device.line.badness
    device.line.badness = 1.0
    device.round()
    device.line.badness = badness
    return f"{said}, not sent; "


def _save(
    world: World, device: SimDevice, record: Record, entry: Record, says: dict[str, str], token: str
) -> str:
    name = record.text("number")
    knew = world.entries_shown(device, world.cases[name])
    cases.save_record(device.session, None, entry)
    world.oracle.agreed(device.name, name, token, says, knew)
    world.oracle.wrote(device.by, (name, token), token, ())
    return f"{name} {says}: {token}"
