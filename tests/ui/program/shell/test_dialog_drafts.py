"""What was typed in a dialog is there again after a lock, and gone after Cancel."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QDialog, QLineEdit

from app.domain.dots import Dot
from tests.support.invented.people import ANNA
from tests.support.screen import Screen
from ui.dialogs.form_dialog import FormDialog
from ui.dialogs.reason import ReasonDialog
from ui.dialogs.same_family import SameFamilyDialog
from ui.pages.case_file import CaseFilePage
from ui.windows.places import CASE, Place


def open_page(screen: Screen) -> CaseFilePage:
    queries = screen.session.store.queries
    case = queries.case_page(None, 1).rows[0].id
    assert isinstance(case, Dot)
    screen.window.go(Place(CASE, case))
    screen.settle()
    page = screen.window.frame.page
    assert isinstance(page, CaseFilePage)
    return page


def lock_and_come_back(screen: Screen) -> CaseFilePage:
    screen.program.lock()
    screen.settle()
    screen.unlock(ANNA)
    screen.settle()
    page = screen.window.frame.page
    assert isinstance(page, CaseFilePage)
    return page


def shown(page: CaseFilePage, kind: type[QDialog]) -> QDialog:
    (found,) = [item for item in page.findChildren(QDialog) if type(item) is kind and item.isVisible()]
    return found


def open_given(screen: Screen, page: CaseFilePage) -> FormDialog:
    page.note_given("sheet", "handed")
    screen.settle()
    dialog = shown(page, FormDialog)
    assert isinstance(dialog, FormDialog)
    return dialog


def read_out_by(dialog: FormDialog) -> QLineEdit:
    line = dialog.form.editor("read_out_by").input
    assert isinstance(line, QLineEdit)
    return line


def type_into(line: QLineEdit, text: str) -> None:
    line.clear()
    line.setText(text)
    line.textEdited.emit(text)


def test_a_form_in_a_dialog_survives_a_lock(screen: Screen) -> None:
    screen.unlock(ANNA)
    page = open_page(screen)
    dialog = open_given(screen, page)
    type_into(read_out_by(dialog), "Sprachmittlerin")
    page = lock_and_come_back(screen)
    again = open_given(screen, page)
    assert read_out_by(again).text() == "Sprachmittlerin"
    assert again.notice.text.startswith("Draft restored")
    again.reject()
    screen.settle()
    assert read_out_by(open_given(screen, page)).text() == ""


@pytest.mark.parametrize("which", ["skip", "family"])
def test_a_reason_survives_a_lock(screen: Screen, which: str) -> None:
    screen.unlock(ANNA)

    def reason(page: CaseFilePage) -> QLineEdit:
        if which == "skip":
            page.header.steps.phase_requested.emit("linking", True)
        else:
            page.header.merge_requested.emit()
        screen.settle()
        dialog = shown(page, ReasonDialog if which == "skip" else SameFamilyDialog)
        assert isinstance(dialog, ReasonDialog | SameFamilyDialog)
        return dialog.reason

    type_into(reason(open_page(screen)), "eilt sehr")
    page = lock_and_come_back(screen)
    assert reason(page).text() == "eilt sehr"
