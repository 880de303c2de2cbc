"""Forms of a case file: opened, left open while rounds run, saved."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from app.services import cases
from tests.support.simulation.acts.registry import act

if TYPE_CHECKING:
    from tests.support.simulation.device import SimDevice
    from tests.support.simulation.world import World

_MOST = 3
_FIELDS = ("concern", "concern", "concern", "not_before", "recognition_word")
_RULES = ("free", "in_person", "code_word", "never")


@act(7)
def open_form(world: World, device: SimDevice, chance: random.Random) -> str:
    """Open a case file's form and leave it open."""
    record = world.pick(device, chance)
    if record is None or len(device.forms) >= _MOST:
        return "-"
    device.forms.append(record)
    return record.text("number")


@act(10)
def save_form(world: World, device: SimDevice, chance: random.Random) -> str:
    """Save an open form: the person was shown what stood there when it was opened."""
    device = next((one for one in world.beginning_with(device) if one.forms), device)
    if not device.forms:
        return "-"
    base = device.forms.pop(chance.randrange(len(device.forms)))
    item, token = chance.choice(_FIELDS), world.oracle.token()
    edited = base.edited(**{item: token})
    if item == "not_before":
        world.oracle.rules[token] = chance.choice(_RULES)
        edited = edited.edited(contact_rule=world.oracle.rules[token])
    cases.save_record(device.session, base, edited)
    shown = [base.text(item)]
    world.oracle.wrote(device.by, (base.text("number"), item), token, shown)
    return f"{device.name} {base.text('number')} {item}: {token} over {shown[0]}"
