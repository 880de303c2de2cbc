"""Disks that are copied, set back, and cloned: one device of a history has such a fate."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from tests.support.simulation.acts.registry import act
from tests.support.simulation.device import Copy

if TYPE_CHECKING:
    from tests.support.simulation.device import SimDevice
    from tests.support.simulation.world import World


@act(1.2)
def copy_disk(world: World, _device: SimDevice, chance: random.Random) -> str:
    """Make an image of the disk."""
    device = world.devices[world.plan.set_back]
    device.keep_copy(frozenset(world.oracle.disks[device.name]))
    return device.name


@act(0.8)
def set_back(world: World, _device: SimDevice, chance: random.Random) -> str:
    """Put the image in the disk's place."""
    device = world.devices[world.plan.set_back]
    if device.copy is None:
        return "-"
    device.set_back(device.copy)
    world.oracle.disks[device.name] = set(device.copy.holds)
    return device.name


@act(0.6)
def clone(world: World, _device: SimDevice, chance: random.Random) -> str:
    """Go on with the other of two computers that bear one name."""
    device = world.devices[world.plan.set_back]
    if device.copy is None:
        return "-"
    holds, awaits = frozenset(world.oracle.disks[device.name]), device.line.under_way()
    world.oracle.disks[device.name] = set(device.copy.holds)
    device.swap(Copy(holds, awaits))
    return device.name
