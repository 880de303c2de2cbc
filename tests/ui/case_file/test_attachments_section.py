"""Attachments in the case file: added, saved outside after asking, removed with a reason."""

import os
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.domain.attachment import LARGEST
from app.services.ports import Session
from tests.support.case_pages import open_page
from tests.support.desktop import open_case
from tests.support.screen import assert_large_enough, assert_named, settle
from ui.context import ScreenContext
from ui.dialogs.confirm import ConfirmDialog
from ui.dialogs.reason import ReasonDialog
from ui.dialogs.record_question import RecordQuestion
from ui.pages.case_file import CaseFilePage
from ui.pages.case_sections.attachments import AttachmentsSection

PDF = b"%PDF-1.7\nBescheid"


@pytest.fixture
def page(qtbot: QtBot, annas_screen: ScreenContext, anna: Session) -> CaseFilePage:
    made = open_page(qtbot, annas_screen, open_case(anna))
    (place,) = [at for at, item in enumerate(made.sections) if isinstance(item, AttachmentsSection)]
    made.go_to(place)
    settle(annas_screen.lanes)
    return made


@pytest.fixture
def section(page: CaseFilePage) -> AttachmentsSection:
    found = page.section
    assert isinstance(found, AttachmentsSection)
    return found


def a_file(folder: Path, content: bytes = PDF) -> Path:
    path = folder / "Bescheid.pdf"
    path.write_bytes(content)
    return path


def add(section: AttachmentsSection, screen: ScreenContext, path: Path) -> None:
    section.ask_kind(path)
    (question,) = section.findChildren(RecordQuestion)
    assert_named(question)
    question.go_on.click()
    settle(screen.lanes)


def test_an_added_file_stands_in_the_list(
    section: AttachmentsSection, page: CaseFilePage, annas_screen: ScreenContext, tmp_path: Path
) -> None:
    assert section.title == "Attachments"
    add(section, annas_screen, a_file(tmp_path))
    assert section.title == "Attachments (1)"
    section.table.setCurrentCell(0, 0)
    cells = [section.table.item(0, column) for column in range(4)]
    assert [cell.text() for cell in cells if cell][:3] == ["Letter", "Bescheid.pdf", "17"]
    assert section.save_button.isEnabled()
    assert_named(page)
    assert_large_enough(page)
    if os.environ.get("KIM_PICTURES"):
        page.grab().save(str(Path(os.environ["KIM_PICTURES"]) / "attachments.png"))


def test_a_file_that_cannot_be_added_is_explained(
    section: AttachmentsSection, annas_screen: ScreenContext, tmp_path: Path
) -> None:
    path = a_file(tmp_path, b"")
    with path.open("wb") as file:
        file.truncate(LARGEST + 1)
    add(section, annas_screen, path)
    assert section.notice.text.splitlines()[0].startswith("This file is too large to be added")
    assert section.title == "Attachments"
    assert section.add_button.isEnabled()


def test_saving_outside_asks_first(
    section: AttachmentsSection, annas_screen: ScreenContext, tmp_path: Path
) -> None:
    add(section, annas_screen, a_file(tmp_path))
    section.table.setCurrentCell(0, 0)
    section.save_button.click()
    (dialog,) = section.findChildren(ConfirmDialog)
    assert_named(dialog)
    dialog.reject()
    record = section.table.chosen()
    assert record is not None
    section.save_outside(record, tmp_path / "outside.pdf")
    settle(annas_screen.lanes)
    assert (tmp_path / "outside.pdf").read_bytes() == PDF
    assert section.notice.text == "The file was saved outside."


def test_removing_asks_for_a_reason_and_leaves_it_in_the_list(
    section: AttachmentsSection, annas_screen: ScreenContext, tmp_path: Path
) -> None:
    add(section, annas_screen, a_file(tmp_path))
    section.table.setCurrentCell(0, 0)
    section.remove_button.click()
    (dialog,) = section.findChildren(ReasonDialog)
    dialog.reason.setText("falsche Akte")
    dialog.go_on.click()
    settle(annas_screen.lanes)
    assert section.title == "Attachments"
    cell = section.table.item(0, 5)
    assert cell is not None
    assert cell.text() == "falsche Akte"
    section.table.setCurrentCell(0, 0)
    assert not section.save_button.isEnabled()
