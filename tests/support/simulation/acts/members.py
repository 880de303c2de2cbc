"""What a keeper changes in the roster while a history goes on."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.support.simulation.acts.registry import act

if TYPE_CHECKING:
    from tests.support.simulation.device import SimDevice
    from tests.support.simulation.world import World


@act(0.4)
def give_clearance(world: World, _device: SimDevice, chance: random.Random) -> str:
    """Let somebody read what is sensitive from now on, what was written before included."""
    keeper, people = world.devices[0], world.oracle.people
    names = sorted({one.person.name for one in world.devices if not people[one.person.name].cleared})
    if world.plan.set_back == 0 or not names:
        return "-"
    name = chance.choice(names)
    (member,) = (item for item in keeper.open.roster.members if item.name == name)
    keeper.open.keepers.clear(member.id, cleared=True)
    people[name] = replace(people[name], cleared=True)
    world.oracle.cleared.add(name)
    return name
