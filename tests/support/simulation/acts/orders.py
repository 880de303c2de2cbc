"""Orders: erasure by two signatures, restriction and its lifting by one."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from app.domain.orders import OrderKind
from tests.support.simulation.acts.registry import act

if TYPE_CHECKING:
    from tests.support.simulation.device import SimDevice
    from tests.support.simulation.world import World


@act(0.15)
def order_erasure(world: World, device: SimDevice, chance: random.Random) -> str:
    """Ask for a case file to be erased: it counts once the responsible and a supervisor have signed."""
    record = world.pick(device, chance)
    if record is None or record.id is None or _may_forget(world, device):
        return "-"
    order = device.open.orders.issue(OrderKind.ERASE, "client_wish", record.id)
    world.oracle.ordered(order.hex(), record.text("number"), device.by)
    return record.text("number")


@act(0.5)
def sign_orders(world: World, device: SimDevice, chance: random.Random) -> str:
    """Sign what waits for this person's signature."""
    if _may_forget(world, device):
        return "-"
    waiting = [item for item in device.open.orders.overview() if item.mine and not item.in_force]
    for item in waiting:
        device.open.orders.sign(item.id)
        world.oracle.signed(item.id.hex(), device.by)
    return f"{len(waiting)} signed"


@act(0.15)
def restrict(world: World, device: SimDevice, chance: random.Random) -> str:
    """Lock a case file: nothing is written into it until that is lifted."""
    record = world.pick(device, chance)
    if record is None or record.id is None:
        return "-"
    device.open.orders.issue(OrderKind.RESTRICT, "disputed", record.id)
    return record.text("number")


def _may_forget(world: World, device: SimDevice) -> bool:
    """Tell whether this device's disk may be set back: what it signed may then never have been signed."""
    return device is world.devices[world.plan.set_back]
