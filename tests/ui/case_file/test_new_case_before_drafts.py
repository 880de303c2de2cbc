"""Typing begins before the page has read the drafts: a slow disk must not cost the new case file."""

from threading import Event

from pytestqt.qtbot import QtBot

from app.services.ports import Session
from tests.support.screen import settle, wait_for
from ui.context import ScreenContext
from ui.pages.new_case import NewCasePage

PATIENCE = 5.0
"""Seconds; a failing test must not hang."""


def test_case_typed_while_the_disk_is_slow_is_saved(
    qtbot: QtBot, annas_screen: ScreenContext, anna: Session
) -> None:
    slow = Event()
    annas_screen.lanes.reading(lambda: slow.wait(PATIENCE), lambda _answer: None, owner=annas_screen.lanes)
    page = NewCasePage(annas_screen)
    qtbot.addWidget(page)
    page.before.editor("municipality").input.setText("Talheim")  # type: ignore[attr-defined]  # a QLineEdit
    page.before.editor("municipality").touched.emit()
    page.save()
    wait_for(lambda: anna.store.queries.case_count() == 1, 1000 * int(PATIENCE))
    slow.set()
    settle(annas_screen.lanes)
    assert [row.text("municipality") for row in anna.store.queries.case_page(None, 5).rows] == ["Talheim"]
