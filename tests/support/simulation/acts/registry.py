"""The acts by name."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.support.simulation.device import SimDevice
    from tests.support.simulation.world import World

ALL_ACTS = "KIM_SIMULATION_ACTS"
Doing = Callable[["World", "SimDevice", random.Random], str]


@dataclass(frozen=True)
class Act:
    """Something that may happen; `weight` says how often. It gives what came of it, for the trace."""

    name: str
    weight: float
    do: Doing
    open: bool = False
    """Histories with it are not all right yet: it happens only where all acts are asked for."""


ACTS: dict[str, Act] = {}


def act(weight: float, *, open: bool = False) -> Callable[[Doing], Doing]:
    """Make a function known as an act of that weight."""

    def known(do: Doing) -> Doing:
        assert do.__name__ not in ACTS, f"two acts are called {do.__name__}"
        ACTS[do.__name__] = Act(do.__name__, weight, do, open)
        return do

    return known


def happening() -> tuple[Act, ...]:
    """Give the acts of a history: all where KIM_SIMULATION_ACTS=all, else those that are not open."""
    wanted = os.environ.get(ALL_ACTS) == "all"
    return tuple(one for one in ACTS.values() if wanted or not one.open)
