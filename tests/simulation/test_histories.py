"""Random histories of three devices on the real engine: nothing is lost, and all end alike."""

from __future__ import annotations

import os
import random
from collections.abc import Callable

import pytest

HISTORIES = 200
PARTS = 8
REPLAY = "KIM_SIMULATION_SEED"


@pytest.mark.timeout(300)
@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_is_lost_and_all_devices_end_alike(part: int, live: Callable[[int], list[str]]) -> None:
    for seed in _seeds(part):
        assert live(seed) == [], f"replay: {REPLAY}={seed} pytest {__file__}"


def _seeds(part: int) -> list[int]:
    if REPLAY in os.environ:
        return [int(os.environ[REPLAY])] if part == 0 else []
    return [random.SystemRandom().randrange(1 << 32) for _ in range(HISTORIES // PARTS)]
