"""Windows over a real store: what the tests of pages and dialogs are given."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.services.ports import Session
from app.storage.store import SqlStore
from tests.support.desktop import make_context
from tests.support.ports import ANNA, BEN, SINA, SteeredClock
from tests.support.screen import settle
from tests.support.stores import make_session, make_store
from ui.context import ScreenContext
from ui.tasks import Lanes


@pytest.fixture
def clock() -> SteeredClock:
    return SteeredClock()


@pytest.fixture
def screen_lanes(qtbot: QtBot) -> Iterator[Lanes]:
    made = Lanes()
    faults: list[BaseException] = []
    made.crashed.connect(faults.append)
    made.failed.connect(faults.append)
    yield made
    settle(made)
    made.close()
    assert faults == []


def _open(path: Path, who: str, clock: SteeredClock) -> Iterator[SqlStore]:
    member = {"anna": ANNA, "ben": BEN, "sina": SINA}[who]
    store = make_store(path / f"{who}.db", member, clock)
    yield store
    store.close()


@pytest.fixture
def annas_store(tmp_path: Path, clock: SteeredClock) -> Iterator[SqlStore]:
    yield from _open(tmp_path, "anna", clock)


@pytest.fixture
def bens_store(tmp_path: Path, clock: SteeredClock) -> Iterator[SqlStore]:
    yield from _open(tmp_path, "ben", clock)


@pytest.fixture
def sinas_store(tmp_path: Path, clock: SteeredClock) -> Iterator[SqlStore]:
    yield from _open(tmp_path, "sina", clock)


@pytest.fixture
def anna(annas_store: SqlStore, clock: SteeredClock) -> Session:
    return make_session(annas_store, ANNA, clock)


@pytest.fixture
def ben(bens_store: SqlStore, clock: SteeredClock) -> Session:
    return make_session(bens_store, BEN, clock)


@pytest.fixture
def sina(sinas_store: SqlStore, clock: SteeredClock) -> Session:
    return make_session(sinas_store, SINA, clock)


@pytest.fixture
def annas_screen(anna: Session, screen_lanes: Lanes) -> ScreenContext:
    return make_context(anna, screen_lanes)


@pytest.fixture
def sinas_screen(sina: Session, screen_lanes: Lanes) -> ScreenContext:
    return make_context(sina, screen_lanes)
