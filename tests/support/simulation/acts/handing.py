"""A case file gets another case manager: its supervisor assigns it."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from app.services import handovers
from app.services.handovers import Terms
from tests.support.simulation.acts.registry import act

if TYPE_CHECKING:
    from tests.support.simulation.device import SimDevice
    from tests.support.simulation.world import World


@act(0.4)
def hand_over(world: World, device: SimDevice, chance: random.Random) -> str:
    """Assign a case file to another case manager: at most once in a history for each case file."""
    name, case = chance.choice(sorted(world.cases.items()))
    device = next((one for one in world.devices if one.person.name in world.oracle.supervision[name]), device)
    if name in world.oracle.handed or device is world.devices[world.plan.set_back]:
        return "-"
    if device.name == world.oracle.suspended:
        return "-"
    members = {member.name: member.id for member in device.session.members.members()}
    others = {one.person.name for one in world.devices if one.person.role == "case_manager"}
    others -= world.oracle.responsible[name] | world.oracle.left
    if not others or device.person.name in world.oracle.left:
        return "-"
    taker = chance.choice(sorted(others))
    terms = Terms(members[taker], client_present=True, client_agreed=True, identity_data="left")
    handovers.assign(device.session, case, terms)
    world.oracle.hand_over(device.name, name, taker)
    return f"{device.name} gives {name} to {taker}"
