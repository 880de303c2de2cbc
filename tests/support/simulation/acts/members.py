"""What a keeper changes in the roster while a history goes on."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.support.simulation.acts.registry import act
from tests.support.simulation.acts.suspending import find_again, lose

if TYPE_CHECKING:
    from tests.support.simulation.device import SimDevice
    from tests.support.simulation.world import World

_COMPUTERS = {"goes on": 2, "is put out": 1, "lies in a drawer": 1}
"""What becomes of the only computer of somebody who leaves, and how often."""


@act(0.4)
def give_clearance(world: World, _device: SimDevice, chance: random.Random) -> str:
    """Let somebody read what is sensitive from now on, what was written before included."""
    keeper, people = world.devices[0], world.oracle.people
    there = {one.person.name for one in world.devices} - world.oracle.left
    names = sorted(name for name in there if not people[name].cleared)
    if world.plan.set_back == 0 or not names:
        return "-"
    name = chance.choice(names)
    (member,) = (item for item in keeper.open.roster.members if item.name == name)
    keeper.open.keepers.clear(member.id, cleared=True)
    people[name] = replace(people[name], cleared=True)
    world.oracle.cleared.add(name)
    return name


@act(0.3)
def end_member(world: World, _device: SimDevice, chance: random.Random) -> str:
    """Somebody leaves the district: they are sent nothing any more, and what they wrote still counts.

    At most one in a history: who came back was rightly told what was written meanwhile, by and by.
    Their only computer goes on with what it has to bring, is suspended, or is never opened again.
    """
    keeper, oracle = world.devices[0], world.oracle
    if world.plan.set_back == 0 or oracle.left or oracle.back:
        return "-"
    name = chance.choice(sorted({one.person.name for one in world.devices} - {keeper.person.name}))
    (member,) = (item for item in keeper.open.roster.members if item.name == name)
    keeper.open.keepers.change_member(replace(member, active=False))
    oracle.left.add(name)
    theirs = [at for at, one in enumerate(world.devices) if one.person.name == name]
    if len(theirs) == 1 and not oracle.suspended:
        become = chance.choices(tuple(_COMPUTERS), tuple(_COMPUTERS.values()))[0]
        if become != "goes on":
            lose(world, *theirs, suspend=become == "is put out")
        name = f"{name}, whose computer {become}"
    return name


@act(0.8)
def come_back(world: World, _device: SimDevice, chance: random.Random) -> str:
    """Who left is in the district again, as what they were; their computer is opened again where it lay."""
    keeper, oracle = world.devices[0], world.oracle
    if not oracle.left:
        return "-"
    (name,) = oracle.left
    (member,) = (item for item in keeper.open.roster.members if item.name == name)
    keeper.open.keepers.change_member(replace(member, active=True))
    oracle.left.clear()
    oracle.back.add(name)
    if any(one.in_a_drawer for one in world.devices):
        find_again(world)
    return name
