"""Attachments: files that stay on the computer at which they were added, and in its backups."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from app.services import attachments
from tests.support.simulation.acts.registry import act

if TYPE_CHECKING:
    from tests.support.simulation.device import SimDevice
    from tests.support.simulation.world import World


@act(0.6)
def attach(world: World, device: SimDevice, chance: random.Random) -> str:
    """Add a file to a case file; the word stands in its name and in the file."""
    record = world.pick(device, chance)
    if record is None or record.id is None:
        return "-"
    name, token = record.text("number"), world.oracle.token()
    file = world.stick.with_name(f"{token}.txt")
    file.write_text(f"Bescheid {token}.", encoding="utf-8")
    attachments.add(device.session, record.id, file, "letter", token, lambda _done, _all: None, lambda: False)
    file.unlink()
    world.oracle.wrote(device.by, (name, token), token, (), stays=True)
    return f"{device.name} {name}: {token}"
