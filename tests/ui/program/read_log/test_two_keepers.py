"""One keeper asks, another agrees, the first reads: each on their own computer, through the page."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.audience import Role
from app.domain.read_log import READ
from sync.workplace import Workplace
from tests.support.district import District, case_file, open_case
from tests.support.screen import settle
from ui.context import Changes, Navigation, ScreenContext
from ui.dialogs.confirm import ConfirmDialog
from ui.dialogs.roster_step import RosterStepDialog
from ui.pages.read_log import ReadLogPage
from ui.tasks import Lanes


@pytest.fixture
def district(tmp_path: Path) -> Iterator[District]:
    with District.found(tmp_path / "district") as founded:
        founded.join("anna")
        founded.join("sven", Role.SUPERVISOR)
        founded["sina"].keepers.make_keeper(founded.member("sven"), founded["sina"].offline_key)
        founded.round("sven", "anna", "sina", "anna", "sven")
        yield founded


def page_of(place: Workplace, lanes: Lanes, qtbot: QtBot) -> ReadLogPage:
    made = ReadLogPage(ScreenContext(place, lanes, Changes(), Navigation()))
    qtbot.addWidget(made)
    made.show()
    settle(lanes)
    return made


def rows(page: ReadLogPage) -> list[list[str]]:
    found = []
    for row in range(page.lines.rowCount()):
        items = [page.lines.item(row, column) for column in range(1, page.lines.columnCount())]
        found.append([item.text() for item in items if item is not None])
    return found


def test_two_keepers_read_together(
    district: District, lanes: Lanes, qtbot: QtBot, qapp: QApplication
) -> None:
    case = open_case(district["anna"])
    district["anna"].read_log.note(case, READ)
    entry = ["anna", "opened", case_file(district["anna"], case).text("number")]
    district["sina"].read_log.ask("Beschwerde", "Frau Licht", "Herr Rat")
    district.round("anna", "sina", "sven")
    first = page_of(district["sina"], lanes, qtbot)
    assert (first.agree_button.isEnabled(), first.read_button.isEnabled()) == (False, False)
    second = page_of(district["sven"], lanes, qtbot)
    assert (second.read_button.isEnabled(), second.safe_button.isEnabled()) == (False, False)
    second.agree_button.click()
    dialog = second.findChild(ConfirmDialog)
    assert isinstance(dialog, ConfirmDialog)
    dialog.go_on.click()
    settle(lanes)
    assert second.notice.text == "You have agreed. With the next sync the other keeper reads."
    assert not second.agree_button.isEnabled()
    district["sina"].read_log.ask("Noch eine", "Frau Licht", "Herr Rat")
    district.round("sven", "sina")
    first.refresh()
    settle(lanes)
    first.table.selectRow(1)
    first.read_button.click()
    settle(lanes)
    assert rows(first) == [entry]


def test_the_key_from_the_safe_opens_it_too(
    district: District, lanes: Lanes, qtbot: QtBot, qapp: QApplication
) -> None:
    sina = district["sina"]
    case = open_case(district["anna"])
    district["anna"].read_log.note(case, READ)
    district.round("anna", "sina")
    sina.read_log.ask("Beschwerde", "Frau Licht", "Herr Rat")
    page = page_of(sina, lanes, qtbot)
    page.safe_button.click()
    dialog = page.findChild(RosterStepDialog)
    assert isinstance(dialog, RosterStepDialog)
    dialog.key.setText(sina.offline_key)
    dialog.go_on.click()
    settle(lanes)
    assert [row[:2] for row in rows(page)] == [["anna", "opened"]]
    item = page.table.item(0, 4)
    assert item is not None
    assert item.text() == "the key from the safe"
