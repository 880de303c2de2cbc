"""Kill -9 while saving: nothing lost that had been called saved, and the database is whole."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from app.domain.declarations import REGISTRY
from app.domain.dots import Dot
from tests.support.killing import PER_ACT, run_until_killed
from tests.support.stores import make_store

PROCESS = "tests.journeys.saving_process"


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_killed_while_saving_loses_nothing_called_saved(tmp_path: Path) -> None:
    path = tmp_path / "anna.db"
    seed = random.SystemRandom().randrange(1 << 32)
    chance = random.Random(seed)  # when to kill, nothing secret
    saved: list[tuple[str, Dot]] = []
    for kill in range(PER_ACT):
        saved += _save_until_killed(path, f"{seed}/{kill}", chance.uniform(0.0, 0.25))
    store = make_store(path, seed="after", create=False)
    store.check_integrity()
    missing = [name for name in saved if store.queries.record(*name) is None]
    assert missing == [], f"seed {seed}"
    assert len(saved) > PER_ACT
    for record_type in REGISTRY.in_case():
        for record in store.queries.search_cases("lindau", 100_000):
            assert all(part.values for part in store.queries.records(record_type.name, record.id))


def _save_until_killed(path: Path, seed: str, seconds: float) -> list[tuple[str, Dot]]:
    lines = run_until_killed(lambda: time.sleep(seconds), PROCESS, str(path), seed)
    return [_name(line) for line in lines]


def _name(line: str) -> tuple[str, Dot]:
    kind, text = line.split()
    device, session, seq = text.split(".")
    return kind, Dot(int(device, 16), int(session, 16), int(seq))
