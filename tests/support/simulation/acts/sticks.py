"""One stick that goes from hand to hand, loses files, and is put back to what it held yesterday."""

from __future__ import annotations

import random
import shutil
from typing import TYPE_CHECKING

from tests.support.simulation.acts.registry import act

if TYPE_CHECKING:
    from tests.support.simulation.device import SimDevice
    from tests.support.simulation.world import World


@act(1.2)
def exchange_by_stick(world: World, device: SimDevice, chance: random.Random) -> str:
    """Take what lies on the stick and put one's own there."""
    if device.in_a_drawer:
        return "-"
    world.stick.mkdir(exist_ok=True)
    device.line.unsent.clear()
    report = device.open.folder.exchange(world.stick)
    world.oracle.stand_ins.by_stick |= report.read > 0
    return f"read {report.read} wrote {report.written} applied {report.applied}"


@act(0.3)
def stick_harmed(world: World, device: SimDevice, chance: random.Random) -> str:
    """Some files vanish, some are cut in the middle."""
    # By their order: names of files follow from ciphertext, which the real suite draws anew each time.
    if not world.stick.exists() or world.plan.real:
        return "-"
    for file in sorted(world.stick.rglob("*")):
        if file.is_file() and chance.random() < 0.3:
            if chance.random() < 0.5:
                file.unlink()
            else:
                file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    return ""


@act(0.3)
def stick_copied(world: World, device: SimDevice, chance: random.Random) -> str:
    """Somebody keeps a copy of the stick, or brings that copy back."""
    copy = world.stick.with_name("stick-copy")
    if chance.random() < 0.5 and world.stick.exists():
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(world.stick, copy)
        return "kept"
    if not copy.exists():
        return "-"
    shutil.rmtree(world.stick, ignore_errors=True)
    shutil.copytree(copy, world.stick)
    return "brought back"
