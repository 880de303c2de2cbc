"""Disks that are copied, set back, cloned, and brought back from backups: one device has such a fate."""

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


@act(1.2)
def make_backup(world: World, _device: SimDevice, chance: random.Random) -> str:
    """Make a backup by the program's own way."""
    device = world.devices[world.plan.set_back]
    if not device.is_usable:
        return "-"
    device.back_up(world.stick.with_name("backups"))
    return device.name


@act(1.2)
def restore_backup(world: World, _device: SimDevice, chance: random.Random) -> str:
    """The computer is lost, or its disk: another one takes one of the backups."""
    device = world.devices[world.plan.set_back]
    backups = device.backups.there() if device.backups else []
    if device.backups is None or not backups:
        return "-"
    backup = chance.choice(backups)
    copy = device.backups.holds[backup]
    device.bring_back(backup, copy)
    world.oracle.disks[device.name] = set(copy.holds)
    if chance.random() < 0.5:
        device.open.backups.agree()
        return f"{device.name} {backup.name}, agreed"
    return f"{device.name} {backup.name}"


@act(0.8)
def agree_to_copy(world: World, _device: SimDevice, chance: random.Random) -> str:
    """Say that the computer that was lost is out of use."""
    device = world.devices[world.plan.set_back]
    found = device.open.backups.restored
    if found is None or found.agreed:
        return "-"
    device.open.backups.agree()
    return device.name
