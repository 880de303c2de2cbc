"""Kill -9 while saving and syncing: nothing saved is lost, and the supervisor gets all of it in the end."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable
from pathlib import Path

import pytest

from app.domain.dots import Dot
from app.services.ports import Queries
from tests.support.forks import ForkedRelay
from tests.support.invented.district import InventedDistrict, build_district, run_round
from tests.support.invented.people import ANNA, SINA
from tests.support.keys import CHEAP
from tests.support.killing import PER_ACT, run_until_killed

PROCESS = "tests.journeys.syncing_process"
Saved = list[tuple[str, Dot]]


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_killed_while_syncing_loses_nothing_called_saved(tmp_path: Path) -> None:
    seed = random.SystemRandom().randrange(1 << 32)
    chance = random.Random(seed)  # when to kill, nothing secret
    with build_district(
        tmp_path, str(seed), case_files=0, who=(SINA, ANNA), cost=CHEAP, relay_server=ForkedRelay
    ) as district:
        district.close_places()
        saved: Saved = []
        for kill in range(PER_ACT):
            saved += _work_until_killed(district, f"{seed}/{kill}", chance)
        anna, sina = district[ANNA], district[SINA]
        anna.session.store.check_integrity()  # type: ignore[attr-defined]  # SqlStore's own, not the port's
        assert _missing(saved, anna.session.store.queries) == [], f"seed {seed}"
        for place in (anna, sina, sina, anna):  # a supervisor signs in the round after
            run_round(place)
        delivery = anna.status().delivery
        assert (delivery.waiting, delivery.at_relay) == (0, 0), f"seed {seed}"
        assert _missing(saved, sina.session.store.queries) == [], f"seed {seed}"
        assert (sina.status().parcels, sina.status().gaps) == ((), ()), f"seed {seed}"
        assert len(saved) > PER_ACT


def _work_until_killed(district: InventedDistrict, seed: str, chance: random.Random) -> Saved:
    def wait_and_sometimes_lose_the_relay() -> None:
        time.sleep(chance.uniform(0.0, 0.3))
        if chance.random() < 0.2:
            # The relay goes down under the round, and comes back while the device tries again.
            district.relay.kill()
            district.relay.start()
            time.sleep(chance.uniform(0.0, 0.3))

    home = str(district.laptops[ANNA].home)
    return list(_names(run_until_killed(wait_and_sometimes_lose_the_relay, PROCESS, home, seed)))


def _names(lines: Iterable[str]) -> Iterable[tuple[str, Dot]]:
    for line in lines:
        kind, text = line.split()
        if kind != "round":
            device, session, seq = text.split(".")
            yield kind, Dot(int(device, 16), int(session, 16), int(seq))


def _missing(saved: Saved, queries: Queries) -> Saved:
    return [name for name in saved if queries.record(*name) is None]
