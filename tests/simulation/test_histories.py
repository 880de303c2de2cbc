"""Random histories of three devices on the real engine: nothing is lost, and all end alike."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import mkdtemp

import pytest

from app.domain.declarations import STAND_IN
from app.domain.records import new_record
from app.services import cases
from tests.support.invented.case_files import invent_case, write_case
from tests.support.invented.district import build_district
from tests.support.invented.people import ANNA, BEN, SINA
from tests.support.keys import CHEAP
from tests.support.simulation.world import World, quarrels

PEOPLE = (SINA, ANNA, BEN)
HISTORIES = 200
PARTS = 8
STEPS = 100
DAY = date(2026, 5, 4)
REPLAY = "KIM_SIMULATION_SEED"


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    memory = Path("/dev/shm")
    made = Path(mkdtemp(dir=memory if os.access(memory, os.W_OK) else None))
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def template(folder: Path) -> Path:
    """Sina, Anna and Ben, two case files of Anna's that all three may read, everything exchanged."""
    home = folder / "template"
    home.mkdir()
    with build_district(home, "histories", case_files=0, who=PEOPLE, cost=CHEAP) as district:
        ben = next(item.id for item in district[SINA].roster.members if item.name == BEN.name)
        for number in range(2):
            case = write_case(district[ANNA].session, invent_case("histories", number, DAY, notes=0))
            stand_in = new_record(STAND_IN, case.id, stand_in=ben)
            cases.save_record(district[ANNA].session, None, stand_in)
        district.run_rounds([ANNA, SINA, BEN, ANNA, SINA, BEN])
        assert district[BEN].session.store.queries.case_count() == 2
    return home


@pytest.mark.timeout(300)
@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_is_lost_and_all_devices_end_alike(part: int, template: Path, folder: Path) -> None:
    for seed in _seeds(part):
        world = World(seed, template, folder / f"history-{seed}", PEOPLE)
        world.live(STEPS)
        world.settle()
        assert list(quarrels(world)) == [], f"replay: {REPLAY}={seed} pytest {__file__}"
        world.close()


def _seeds(part: int) -> list[int]:
    if REPLAY in os.environ:
        return [int(os.environ[REPLAY])] if part == 0 else []
    return [random.SystemRandom().randrange(1 << 32) for _ in range(HISTORIES // PARTS)]
