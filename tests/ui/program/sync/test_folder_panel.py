"""Exchange by a folder from the page of syncing."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from app.services.folder import FolderReport, FolderStatus
from tests.support.invented.people import ANNA, SINA, Invented
from tests.support.screen import assert_named, settle, wait_for
from ui.bootstrap import Doors
from ui.pages.folder_words import folder_report_text, folder_status_text
from ui.pages.sync_page import SyncPage
from ui.tasks import Lanes
from ui.work import Work


@pytest.fixture
def work(lanes: Lanes, qapp: QApplication, doors_of: Callable[[Invented], Doors]) -> Iterator[Work]:
    made = Work(doors_of(ANNA).unlock(ANNA.passphrase), lanes, qapp, 5)
    yield made
    left: list[bool] = []
    made.leave(lambda: left.append(True))
    wait_for(lambda: left)


@pytest.fixture
def page(work: Work, qtbot: QtBot, lanes: Lanes) -> SyncPage:
    made = SyncPage(work.context, work.rounds)
    qtbot.addWidget(made)
    made.resize(900, 800)
    made.show()
    settle(lanes)
    return made


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def test_a_chosen_folder_is_filled_and_remembered(
    page: SyncPage, lanes: Lanes, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def chosen(_parent: object, _title: str, start: str) -> str:
        asked.append(start)
        return str(stick)

    monkeypatch.setattr(QFileDialog, "getExistingDirectory", chosen)
    page.folder.choose_button.click()
    settle(lanes)
    assert page.folder.notice.text.endswith("No other computer of your district has been here yet.")
    assert page.folder.state.text().startswith("Last exchange: ")
    assert len(list(stick.iterdir())) > 1
    page.folder.choose_button.click()
    settle(lanes)
    assert asked == ["", str(stick)]
    assert_named(page)


def test_what_a_stick_brought_is_said_and_shown(
    page: SyncPage, lanes: Lanes, stick: Path, doors_of: Callable[[Invented], Doors]
) -> None:
    other = doors_of(SINA).unlock(SINA.passphrase)
    try:
        assert other.folder.exchange(stick).problem is None
        page.folder.exchange(stick)
        settle(lanes)
        assert "No other computer" not in page.folder.notice.text
    finally:
        other.close()


def test_a_folder_that_went_away_is_said(page: SyncPage, lanes: Lanes, stick: Path) -> None:
    stick.rmdir()
    page.folder.exchange(stick)
    settle(lanes)
    assert page.folder.notice.text.splitlines()[0] == "This folder is not there, or cannot be opened."
    assert page.folder.choose_button.isEnabled()


def test_leaving_the_page_stops_the_exchange(page: SyncPage, lanes: Lanes, stick: Path) -> None:
    page.folder.exchange(stick)
    page.keep_drafts()
    settle(lanes)
    assert page.folder.choose_button.isEnabled()


def test_all_that_was_found_is_told() -> None:
    report = FolderReport(0, written=1, read=2, lists=1, missing=1, broken=2, older=1, foreign=3)
    assert folder_report_text(report) == (
        "1 file put into the folder, 2 taken from it. "
        "1 parcel is missing: it comes when its sender uses this folder again. "
        "2 files are damaged or half copied and were left there. "
        "1 computer's list here is older than one seen before: this may be an old copy. "
        "3 other files were left alone."
    )
    assert folder_status_text(FolderStatus()).startswith("Without network")
