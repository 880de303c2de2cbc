"""Rounds, clocks and the relay: what happens to everybody's work on its way."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from tests.support.simulation.acts.registry import act

if TYPE_CHECKING:
    from tests.support.simulation.device import SimDevice
    from tests.support.simulation.world import World


@act(12)
def round_by_relay(world: World, device: SimDevice, chance: random.Random) -> str:
    """Make a round."""
    report = device.round()
    return "cut" if report is None else f"up {report.envelopes_up} applied {report.applied}"


@act(2)
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
