"""What Enter and Escape do in dialogs: nothing is signed, erased or closed by a key too many."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QVBoxLayout
from pytestqt.qtbot import QtBot

from app.domain.orders import OrderKind
from app.i18n import N_
from tests.support.screen import make_active, wait_for
from ui.accessible import button
from ui.dialogs.button_row import button_row
from ui.dialogs.confirm import ConfirmDialog
from ui.dialogs.order import OrderDialog
from ui.dialogs.reason import ReasonDialog
from ui.dialogs.roster_step import RosterStepDialog


def shown(dialog: QDialog, qtbot: QtBot) -> list[str]:
    """Show a dialog in front; gives a list that tells how it ends."""
    qtbot.addWidget(dialog)
    ended: list[str] = []
    dialog.accepted.connect(lambda: ended.append("accepted"))
    dialog.rejected.connect(lambda: ended.append("rejected"))
    dialog.open()
    make_active(dialog)
    wait_for(lambda: dialog.focusWidget() is not None)
    return ended


def press(key: Qt.Key) -> None:
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, key)


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape])
def test_enter_in_a_question_just_opened_does_not_go_on(qtbot: QtBot, key: Qt.Key) -> None:
    dialog = ConfirmDialog("Sign an order", "It goes for good.", N_("Sign it"))
    ended = shown(dialog, qtbot)
    press(key)
    assert ended == ["rejected"]


def test_enter_while_a_reason_is_chosen_signs_no_erasure(qtbot: QtBot) -> None:
    dialog = OrderDialog(OrderKind.ERASE)
    ended = shown(dialog, qtbot)
    assert QApplication.focusWidget() is dialog.basis
    press(Qt.Key.Key_Return)
    assert ended == []
    dialog.go_on.setFocus()
    press(Qt.Key.Key_Return)
    assert ended == ["accepted"]


def test_a_step_for_the_district_takes_enter_only_with_a_typed_key(qtbot: QtBot) -> None:
    dialog = RosterStepDialog("Suspend a computer", "It gets no more keys.", N_("Suspend it"))
    ended = shown(dialog, qtbot)
    assert QApplication.focusWidget() is dialog.stay
    dialog.key.setFocus()
    press(Qt.Key.Key_Return)
    assert ended == []
    dialog.key.setText("ABCDE")
    press(Qt.Key.Key_Return)
    assert ended == ["accepted"]


def test_enter_presses_the_button_that_has_the_focus_and_not_the_default_one(qtbot: QtBot) -> None:
    dialog = ReasonDialog(
        "Delete this entry", "It can be brought back.", N_("Delete"), (N_("Entered twice"),)
    )
    ended = shown(dialog, qtbot)
    QTest.keyClicks(dialog.reason, "x")
    assert dialog.go_on.isDefault()
    phrase = next(item for item in dialog.findChildren(type(dialog.go_on)) if item.text() == "Entered twice")
    phrase.setFocus()
    press(Qt.Key.Key_Return)
    assert (dialog.reason.text(), ended) == ("Entered twice", [])
    dialog.reason.setFocus()
    press(Qt.Key.Key_Return)
    assert ended == ["accepted"]


def test_a_row_without_a_key_for_enter_leaves_enter_alone(qtbot: QtBot) -> None:
    dialog, line = QDialog(), QLineEdit()
    column = QVBoxLayout(dialog)
    column.addWidget(line)
    column.addWidget(
        button_row(button(N_("Delete"), dialog.accept), away=button(N_("Cancel"), dialog.reject))
    )
    line.setFocus()
    ended = shown(dialog, qtbot)
    press(Qt.Key.Key_Return)
    assert ended == []
