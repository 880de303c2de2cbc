"""The acts by name."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.support.simulation.device import SimDevice
    from tests.support.simulation.world import World

Doing = Callable[["World", "SimDevice", random.Random], str]


@dataclass(frozen=True)
class Act:
    """Something that may happen; `weight` says how often. It gives what came of it, for the trace."""

    name: str
    weight: float
    do: Doing


ACTS: dict[str, Act] = {}


def act(weight: float) -> Callable[[Doing], Doing]:
    """Make a function known as an act of that weight."""

    def known(do: Doing) -> Doing:
        assert do.__name__ not in ACTS, f"two acts are called {do.__name__}"
        ACTS[do.__name__] = Act(do.__name__, weight, do)
        return do

    return known
