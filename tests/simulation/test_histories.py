"""Random histories of five to eight devices on the real engine: nothing is lost, and all end alike."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.support.simulation.history import Histories
from tests.support.simulation.tally import Tally, explained, live_through, seeds_of

HISTORIES = int(os.environ.get("KIM_SIMULATION_HISTORIES", "2000"))
"""As many as `make simulate` lives through."""
PARTS = 100
REPLAY = "KIM_SIMULATION_SEED"


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_is_lost_and_nobody_reads_what_is_not_theirs(part: int) -> None:
    total = live_through(_seeds(part))
    why = f"replay: {REPLAY}=… pytest {__file__}\n{explained(total.wrong, 1)}" if total.wrong else ""
    assert total.wrong == (), why


@pytest.mark.parametrize("real", [False, True])
def test_same_seed_gives_the_same_trace(histories: Histories, real: bool) -> None:
    first, second = (histories.live(77, real=real) for _ in range(2))
    assert first.trace == second.trace
    assert first.digest == second.digest


@pytest.mark.timeout(180)
def test_trace_follows_from_the_seed_in_every_process() -> None:
    command = [sys.executable, "-m", "tests.simulation", "--histories", "22", "--seed", "9", "--jobs", "1"]
    elsewhere = {**os.environ, "PYTHONHASHSEED": "1"}
    told = subprocess.run(command, env=elsewhere, capture_output=True, text=True, check=True).stdout
    here = Tally() + live_through(seeds_of(9, 22))
    assert told.splitlines()[0] == f"trace hash {here.digest}"


def _seeds(part: int) -> range:
    if REPLAY in os.environ:
        seed = int(os.environ[REPLAY])
        return range(seed, seed + 1) if part == 0 else range(0)
    return seeds_of(1, HISTORIES)[part::PARTS]
