"""Two versions of the program in one district: what only the newer one knows, and the day of its coming."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from app.domain.declarations import BENEFIT_PERIOD
from app.domain.records import new_record
from app.services import cases
from tests.support.simulation.acts.registry import act
from tests.support.simulation.programs import Program

if TYPE_CHECKING:
    from tests.support.simulation.device import SimDevice
    from tests.support.simulation.world import World


@act(1.2)
def write_period(world: World, device: SimDevice, chance: random.Random) -> str:
    """Write an entry of a kind that the older program does not know."""
    record = world.pick(device, chance)
    if record is None or not device.program.knows(BENEFIT_PERIOD.name):
        return "-"
    name, token = record.text("number"), world.oracle.token()
    entry = new_record(BENEFIT_PERIOD, record.id, legal_circle="sgb2", benefit_office=token)
    cases.save_record(device.session, None, entry)
    world.oracle.wrote(device.by, (name, token), token, ())
    world.oracle.periods.add(token)
    return f"{name}: {token}"


@act(0.3)
def bring_up_to_date(world: World, device: SimDevice, chance: random.Random) -> str:
    """Put today's program on a computer that still runs the older one."""
    device = next((one for one in world.beginning_with(device) if one.program is Program.BEFORE), device)
    if device.program is Program.TODAY:
        return "-"
    device.install(Program.TODAY)
    return device.name
