"""Processes that are killed at a random instruction, and what they had said until then."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing import Pipe

from app.domain.dots import Dot
from tests.support.forks import fork

KILLS = int(os.environ.get("KILLS", "50"))
"""Kills in all; `make kill` takes 200."""
ACTS = 5
"""Saving, syncing, migrating, backing up and restoring, erasing."""
PER_ACT = max(1, KILLS // ACTS)

Saved = list[tuple[str, Dot]]


@dataclass
class Killer:
    """Kills processes after random times, which a seed replays as far as a machine can."""

    seed: int = field(default_factory=lambda: random.SystemRandom().randrange(1 << 32))

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)

    def run(self, module: str, *arguments: str, most_seconds: float) -> list[str]:
        """Start a module, let it say its first line, kill it some time later; gives what it said."""
        return run_until_killed(
            lambda: time.sleep(self.chance.uniform(0.0, most_seconds)), module, *arguments
        )


def run_until_killed(meanwhile: Callable[[], object], module: str, *arguments: str) -> list[str]:
    """Start a module, wait for its first line, do something meanwhile, kill it; gives what it said."""
    reading, writing = Pipe(duplex=False)
    with reading:
        process = fork(module, *arguments, output=writing)
        writing.close()
        said = os.read(reading.fileno(), 1 << 16)
        meanwhile()
        process.kill()
        process.wait()
        while more := os.read(reading.fileno(), 1 << 16):
            said += more
    return said.decode().splitlines()


def say(*words: object) -> None:
    """Tell the parent, unbuffered, as the window would."""
    os.write(1, (" ".join(str(word) for word in words) + "\n").encode())


def records(lines: list[str]) -> Saved:
    """Give the records that were said to be saved: lines of a type and a dot."""
    found = []
    for line in lines:
        kind, *rest = line.split()
        if rest and rest[0].count(".") == 2:
            device, session, seq = rest[0].split(".")
            found.append((kind, Dot(int(device, 16), int(session, 16), int(seq))))
    return found
