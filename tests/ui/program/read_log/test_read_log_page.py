"""The procedure that opens the read log, through the page."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.dots import Dot
from app.domain.read_log import EXPORT
from app.services.read_log import LogLine, LogOpening
from tests.support.invented.people import SINA, Invented
from tests.support.ports import MEMBERS
from tests.support.screen import assert_named, settle, wait_for
from ui.bootstrap import Doors
from ui.dialogs.log_opening import LogOpeningDialog
from ui.dialogs.roster_step import RosterStepDialog
from ui.pages.read_log import ReadLogPage
from ui.pages.read_log_words import agreed_text, line_texts
from ui.tasks import Lanes
from ui.work import Work


@pytest.fixture
def work(lanes: Lanes, qapp: QApplication, doors_of: Callable[[Invented], Doors]) -> Iterator[Work]:
    made = Work(doors_of(SINA).unlock(SINA.passphrase), lanes, qapp, 5)
    yield made
    left: list[bool] = []
    made.leave(lambda: left.append(True))
    wait_for(lambda: left)


@pytest.fixture
def page(work: Work, qtbot: QtBot, lanes: Lanes) -> ReadLogPage:
    made = ReadLogPage(work.context)
    qtbot.addWidget(made)
    made.resize(1100, 700)
    made.show()
    settle(lanes)
    return made


def ask(page: ReadLogPage, lanes: Lanes) -> None:
    page.ask_button.click()
    dialog = page.findChild(LogOpeningDialog)
    assert isinstance(dialog, LogOpeningDialog)
    for field, typed in zip(dialog.fields, ("Beschwerde", "Frau Licht", "Herr Rat"), strict=True):
        assert not dialog.go_on.isEnabled()
        field.setText(typed)
    assert_named(dialog)
    dialog.go_on.click()
    settle(lanes)


def texts(page: ReadLogPage, row: int) -> list[str]:
    items = (page.table.item(row, column) for column in range(1, page.table.columnCount()))
    return [item.text() for item in items if item is not None]


def test_an_opening_is_asked_for_and_shown_to_be_agreed_to_by_nobody_yet(
    page: ReadLogPage, lanes: Lanes
) -> None:
    ask(page, lanes)
    assert texts(page, 0) == ["Sina Vogt", "Beschwerde", "Frau Licht, Herr Rat", "nobody yet"]
    assert (page.read_button.isEnabled(), page.agree_button.isEnabled()) == (False, False)
    assert page.safe_button.isEnabled()
    assert_named(page)


def test_a_mistyped_key_from_the_safe_opens_nothing_and_is_explained(page: ReadLogPage, lanes: Lanes) -> None:
    ask(page, lanes)
    page.safe_button.click()
    dialog = page.findChild(RosterStepDialog)
    assert isinstance(dialog, RosterStepDialog)
    dialog.key.setText("0000-0000")
    dialog.go_on.click()
    settle(lanes)
    assert page.notice.text
    assert page.lines.rowCount() == 0
    assert texts(page, 0)[-1] == "nobody yet"


def test_entries_and_agreements_are_told_in_words() -> None:
    line = LogLine(1, EXPORT, Dot(1, 1, 1), "MUS-26-00005-X", 0)
    assert line_texts(line, MEMBERS)[1:] == ("Anna Berg", "saved outside", "MUS-26-00005-X")
    opening = LogOpening(Dot(1, 1, 1), 3, 0, "", "", "", (3,), True)
    assert agreed_text(opening, MEMBERS) == "Sina Vogt, the key from the safe"
