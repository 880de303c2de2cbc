"""A computer is lost: the keeper suspends it, what it says counts for nobody; or it is found again."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from tests.support.simulation.acts.registry import act

if TYPE_CHECKING:
    from tests.support.simulation.device import SimDevice
    from tests.support.simulation.world import World


@act(0.4)
def suspend(world: World, _device: SimDevice, chance: random.Random) -> str:
    """The keeper, on the first device, suspends one of the others: at most one in a history."""
    index = chance.randrange(1, len(world.devices))
    if world.oracle.suspended or world.plan.set_back == 0:
        return "-"
    return lose(world, index, suspend=True)


def lose(world: World, index: int, *, suspend: bool) -> str:
    """Let the keeper suspend a computer; or let nobody open it any more, and nobody suspend it."""
    keeper, lost = world.devices[0], world.devices[index]
    kept = world.known(keeper)
    member = keeper.open.roster.member_of_device(index)
    signed = [item.id.hex() for item in keeper.open.orders.overview() if member and member.id in item.signed]
    if suspend:
        keeper.open.keepers.suspend(index)
    lost.in_a_drawer = not suspend
    world.oracle.suspend(lost.name, kept, signed)
    return lost.name


@act(1.5)
def lift_suspension(world: World, _device: SimDevice, chance: random.Random) -> str:
    """The computer was found: the keeper lifts its suspension, and all that it ever said counts."""
    return find_again(world) if world.oracle.suspended else "-"


def find_again(world: World) -> str:
    """Let the computer go on that was suspended, or that nobody opened."""
    lost = world.device(world.oracle.suspended)
    if not lost.in_a_drawer:
        world.devices[0].open.keepers.lift(world.devices.index(lost))
    lost.in_a_drawer = False
    world.oracle.lift()
    return lost.name
