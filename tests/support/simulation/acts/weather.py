"""Rounds, clocks and the relay: what happens to everybody's work on its way."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from tests.support.simulation.acts.registry import act

if TYPE_CHECKING:
    from tests.support.simulation.device import SimDevice
    from tests.support.simulation.world import World


@act(6)
def round_by_relay(world: World, device: SimDevice, chance: random.Random) -> str:
    """Make a round."""
    report = device.round()
    return "cut" if report is None else f"up {report.envelopes_up} applied {report.applied}"


@act(1)
def everybody_syncs(world: World, device: SimDevice, chance: random.Random) -> str:
    """The end of a day: all make a round, over whatever line they have."""
    for one in world.devices:
        one.line.chance = random.Random(chance.getrandbits(32))
    return " ".join("cut" if one.round() is None else "ok" for one in world.devices)


@act(1.7)
def good_day(world: World, device: SimDevice, chance: random.Random) -> str:
    """For once every line holds, and everybody makes two rounds."""
    before = [one.line.badness for one in world.devices]
    for one in (*world.devices, *world.devices):
        one.line.badness = 0.0
        one.round()
    for one, badness in zip(world.devices, before, strict=True):
        one.line.badness = badness
    return ""


@act(1.5)
def move_clock(world: World, device: SimDevice, chance: random.Random) -> str:
    """Time passes for all; one clock is wrong."""
    for clock in (world.time, *(one.clock for one in world.devices)):
        clock.move(minutes=chance.uniform(0, 60))
    hours = chance.uniform(-30, 30)
    device.clock.move(hours=hours)
    return f"{hours:.1f} h"


@act(0.4)
def days_pass(world: World, device: SimDevice, chance: random.Random) -> str:
    """Days pass for all."""
    days = chance.randint(1, 6)
    for clock in (world.time, *(one.clock for one in world.devices)):
        clock.move(days=days)
    return f"{days} days"


@act(1)
def lock(world: World, device: SimDevice, chance: random.Random) -> str:
    """Lock: the next thing done unlocks, in a new session."""
    device.close()
    return ""


@act(0.4)
def relay_copied(world: World, device: SimDevice, chance: random.Random) -> str:
    """The relay's keeper makes a backup."""
    world.relay.keep_copy()
    return ""


@act(0.4)
def relay_set_back(world: World, device: SimDevice, chance: random.Random) -> str:
    """The relay goes back to its backup."""
    world.relay.set_back()
    return ""


@act(0.2)
def relay_emptied(world: World, device: SimDevice, chance: random.Random) -> str:
    """The relay loses everything."""
    world.relay.empty()
    return ""
