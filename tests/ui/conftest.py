"""Windows over a real store: what the tests of pages and dialogs are given."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QLabel,
    QLineEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.services.ports import Session
from app.storage.store import SqlStore
from tests.support.desktop import make_context
from tests.support.ports import ANNA, BEN, SINA, SteeredClock
from tests.support.screen import settle
from tests.support.stores import make_session, make_store
from ui.context import ScreenContext
from ui.tasks import Lanes


class Strays(QObject):
    """Sees what comes up as a window and is none: a button told to show before it stands in its page."""

    seen: list[str]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note it, and let it pass."""
        if event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and _is_stray(watched):
            self.seen.append(f"{type(watched).__name__} {watched.accessibleName()!r}")
        return False


PARTS = (QAbstractButton, QLabel, QLineEdit, QAbstractItemView)


def _is_stray(widget: QWidget) -> bool:
    part = type(widget) is QWidget or isinstance(widget, PARTS)
    return part and widget.windowType() is Qt.WindowType.Window


@pytest.fixture(autouse=True)
def only_windows_stand_alone(qapp: QApplication) -> Iterator[None]:
    """Fail a test in which a part of a page came up as a window, or something is left on the screen."""
    strays = Strays()
    strays.seen = []
    qapp.installEventFilter(strays)
    yield
    qapp.removeEventFilter(strays)
    left = [item for item in qapp.topLevelWidgets() if item.isVisible()]
    for item in left:
        item.hide()
    assert (strays.seen, left) == ([], [])


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
