"""What tests of the program are given: lanes, homes of an invented district, the program over one of them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Lock

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.settings import Settings, settings_path
from sync.system import SystemClock, SystemEntropy
from tests.support.forks import ForkedRelay
from tests.support.invented.district import build_district
from tests.support.invented.people import ANNA, BEN, SINA, Invented
from tests.support.keys import CHEAP
from tests.support.screen import Screen, settle
from ui.application import Program
from ui.bootstrap import Doors
from ui.tasks import Lanes

CASE_FILES = 6


@pytest.fixture
def lanes(qtbot: QtBot) -> Iterator[Lanes]:
    """Lanes that end with the test."""
    made = Lanes()
    yield made
    settle(made)
    made.close()


@pytest.fixture(scope="session")
def district_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small district, built once and closed; its relay is off."""
    folder = tmp_path_factory.mktemp("district") / "d"
    folder.mkdir()
    with build_district(
        folder, "ui", case_files=CASE_FILES, who=(SINA, ANNA, BEN), cost=CHEAP, relay_server=ForkedRelay
    ):
        pass
    return folder


@pytest.fixture
def home_of(district_folder: Path, tmp_path: Path) -> Callable[[Invented], Path]:
    """Gives a copy of a person's data folder that a test may change."""

    one_at_a_time = Lock()

    def copied(person: Invented) -> Path:
        home = tmp_path / person.folder
        with one_at_a_time:  # asked for in two lanes at once
            if not home.exists():
                shutil.copytree(district_folder / person.folder / "data", home)
        return home

    return copied


@pytest.fixture
def doors_of(home_of: Callable[[Invented], Path]) -> Callable[[Invented], Doors]:
    """Gives the doors of a person's home; tries of a passphrase cost nothing."""
    return lambda person: Doors(home_of(person), SystemClock(), SystemEntropy(), CHEAP)


@pytest.fixture
def screen(qtbot: QtBot, qapp: QApplication, doors_of: Callable[[Invented], Doors]) -> Iterator[Screen]:
    """The program before its first window; `unlock` opens a person's case files."""
    settings_path().unlink(missing_ok=True)
    Settings(language="en").save()
    program = Program(qapp, lambda: doors_of(ANNA))
    made = Screen(program, doors_of)
    yield made
    made.end()
    program.theme.set_text_scale(100)
    program.theme.set_appearance("system")
    program.deleteLater()
    settings_path().unlink(missing_ok=True)
