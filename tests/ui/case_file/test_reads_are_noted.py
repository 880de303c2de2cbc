"""Opening a case file, printing and saving a paper outside go into the log of reads."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from app.domain.read_log import EXPORT, READ
from app.services.ports import Session
from tests.support.desktop import open_case
from tests.support.screen import settle, wait_for
from ui.context import ScreenContext
from ui.dialogs.papers import PapersDialog
from ui.pages.case_file import CaseFilePage
from ui.pages.case_sections.case_data import read_case


def acts(screen: ScreenContext) -> list[tuple[object, str]]:
    settle(screen.lanes)
    return list(screen.workplace.read_log.acts)  # type: ignore[attr-defined]  # what a test's store notes


def test_an_opened_case_file_is_noted(qtbot: QtBot, annas_screen: ScreenContext, anna: Session) -> None:
    record = open_case(anna)
    assert record.id is not None
    qtbot.addWidget(CaseFilePage(annas_screen, record.id))
    assert acts(annas_screen) == [(record.id, READ)]


def test_a_paper_saved_outside_is_noted_once_it_is_there(
    qtbot: QtBot, annas_screen: ScreenContext, anna: Session, tmp_path: Path
) -> None:
    record = open_case(anna)
    assert record.id is not None
    dialog = PapersDialog(annas_screen, read_case(anna, record.id))
    qtbot.addWidget(dialog)
    dialog.open()
    wait_for(lambda: dialog.preview.pdf)
    dialog._on_file(str(tmp_path / "nowhere" / "paper.pdf"))
    assert acts(annas_screen) == []
    dialog._on_file(str(tmp_path / "paper.pdf"))
    assert acts(annas_screen) == [(record.id, EXPORT)]
