"""A second program on one database: it says so, the first one goes on, and nothing is lost."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.error_messages import explain
from app.storage.errors import SecondInstanceError
from tests.demo.hand import until
from tests.support.forks import ForkedRelay
from tests.support.invented.district import Laptop, build_district
from tests.support.invented.people import ANNA, SINA
from tests.support.keys import CHEAP
from ui.application import Program
from ui.bootstrap import doors
from ui.pages.case_list import CaseListPage
from ui.windows.unlock_panel import UnlockPanel

HOLDER = [sys.executable, "-m", "tests.journeys.syncing_process"]


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Laptop]:
    with build_district(
        tmp_path, "second", case_files=2, who=(SINA, ANNA), cost=CHEAP, relay_server=ForkedRelay
    ) as district:
        district.close_places()
        yield district.laptops[ANNA]


@pytest.fixture
def program(laptop: Laptop, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Program]:
    monkeypatch.setenv("KIM_MOBIL_HOME", str(laptop.home))
    made = Program(qapp, doors)
    yield made
    made.quit()
    until(lambda: made.ended, "the end of the program")


def test_second_program_says_so_and_opens_when_the_first_is_gone(laptop: Laptop, program: Program) -> None:
    with subprocess.Popen([*HOLDER, str(laptop.home), "holder"], stdout=subprocess.PIPE) as first:
        saved = _line(first)
        panel = _panel(program)
        _unlock(panel)
        until(lambda: panel.notice.text, "an explanation")
        said = explain(SecondInstanceError())
        assert panel.notice.text == f"{said.what}\n{said.safe}\n{said.todo}"
        assert _line(first) != saved
        first.kill()
    _unlock(panel)
    until(lambda: program.work is not None, "the main window")
    page = program.work.window.frame.page if program.work else None
    assert isinstance(page, CaseListPage)
    until(lambda: page.model.rowCount() >= 3, "two case files and those that the first program saved")


def _panel(program: Program) -> UnlockPanel:
    program.start()
    door = program.door
    assert door is not None
    until(lambda: isinstance(door.panels.currentWidget(), UnlockPanel), "the question for the passphrase")
    panel = door.panels.currentWidget()
    assert isinstance(panel, UnlockPanel)
    return panel


def _unlock(panel: UnlockPanel) -> None:
    panel.field.setText(ANNA.passphrase)
    panel.unlock()


def _line(process: subprocess.Popen[bytes]) -> bytes:
    assert process.stdout is not None
    return process.stdout.readline()
