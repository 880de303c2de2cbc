"""What histories begin with: a small district, built once, in memory where the system offers that."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from tempfile import mkdtemp

import pytest

from app.domain.declarations import CONTACT, STAND_IN
from app.domain.records import new_record
from app.services import cases
from tests.support.invented.case_files import invent_case, write_case
from tests.support.invented.district import build_district
from tests.support.invented.people import ANNA, BEN, SINA
from tests.support.keys import CHEAP
from tests.support.simulation.world import World, quarrels

PEOPLE = (SINA, ANNA, BEN)
STEPS = 100
DAY = date(2026, 5, 4)


@pytest.fixture(scope="session")
def memory() -> Iterator[Path]:
    """A folder in memory, or an ordinary one."""
    shared = Path("/dev/shm")
    made = Path(mkdtemp(dir=shared if os.access(shared, os.W_OK) else None))
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="session")
def template(memory: Path) -> Path:
    """Sina, Anna and Ben, two case files of Anna's that all three may read, everything exchanged."""
    home = memory / "template"
    home.mkdir()
    with build_district(home, "histories", case_files=0, who=PEOPLE, cost=CHEAP) as district:
        ben = next(item.id for item in district[SINA].roster.members if item.name == BEN.name)
        for number in range(2):
            case = write_case(district[ANNA].session, invent_case("histories", number, DAY, notes=0))
            stand_in = new_record(STAND_IN, case.id, stand_in=ben)
            cases.save_record(district[ANNA].session, None, stand_in)
        district.run_rounds([ANNA, SINA, BEN, ANNA, SINA, BEN])
        assert district[BEN].session.store.queries.case_count() == 2
        # Everybody has written to everybody once: a copy of a disk holds the keys of its channels.
        for person in PEOPLE:
            session = district[person].session
            (first, *_rest) = session.store.queries.case_page(None, 2).rows
            entry = new_record(CONTACT, first.id, at=1, contact_kind="office", contact_note="before")
            cases.save_record(session, None, entry)
        district.run_rounds([ANNA, SINA, BEN, ANNA, SINA, BEN])
    return home


@pytest.fixture
def live(template: Path, memory: Path) -> Callable[[int], list[str]]:
    """Lives through the history of a seed; gives what was wrong at its end, nothing when all is well."""

    def lived(seed: int) -> list[str]:
        world = World(seed, template, memory / f"history-{os.getpid()}-{seed}", PEOPLE)
        try:
            world.live(STEPS)
            world.settle()
            return list(quarrels(world))
        finally:
            world.close()

    return lived
