"""Conflicts: looked at, decided later, and decisions revised."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from app.services import merging
from app.services.ports import HistoryEntry
from tests.support.simulation.acts.registry import act

if TYPE_CHECKING:
    from tests.support.simulation.device import SimDevice
    from tests.support.simulation.world import World

_SHOWN = 20
_MOST = 2


@act(2)
def look(world: World, device: SimDevice, chance: random.Random) -> str:
    """Open a conflict's page and leave it open."""
    for one in world.beginning_with(device):
        conflicts = [item for item in one.queries.conflicts(_SHOWN) if item.register in world.fields.values()]
        if conflicts and len(one.views) < _MOST:
            one.views.append(chance.choice(conflicts))
            return f"{one.name} {one.views[-1].case_number} {one.views[-1].register}"
    return "-"


@act(6)
def decide(world: World, device: SimDevice, chance: random.Random) -> str:
    """Decide for a third value: covers every value that was on the page, and nothing else."""
    fields = {register: item for item, register in world.fields.items()}
    if not any(one.views for one in world.devices):
        look(world, device, chance)
    device = next((one for one in world.beginning_with(device) if one.views), device)
    if not device.views:
        return "-"
    view = device.views.pop()
    item, token = fields[view.register], world.oracle.token()
    shown = [str(head.values.get(item) or "") for head in view.heads]
    merging.decide(device.session, view, {item: token}, "asked again")
    name = world.name_of(view.record)
    world.oracle.wrote(device.by, (name, item), token, shown)
    return f"{device.name} {name} {item}: {token} over {' '.join(sorted(shown))}"


@act(3)
def revise(world: World, device: SimDevice, chance: random.Random) -> str:
    """Write another value over a decision that stands."""
    fields = {register: item for item, register in world.fields.items()}
    numbers = {case: number for number, case in world.cases.items()}
    standing: list[HistoryEntry] = []
    for one in world.beginning_with(device):
        found = [entry for entry in one.queries.decisions(_SHOWN) if entry.standing]
        standing = [entry for entry in found if entry.register in fields and entry.record in numbers]
        if standing:
            device = one
            break
    if not standing:
        return "-"
    entry = chance.choice(standing)
    item, token = fields[entry.register], world.oracle.token()
    shown = str(entry.values.get(item) or "")
    merging.revise(device.session, entry, {item: token}, "heard otherwise")
    world.oracle.wrote(device.by, (numbers[entry.record], item), token, [shown])
    return f"{device.name} {numbers[entry.record]} {item}: {token} over {shown}"
