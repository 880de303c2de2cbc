"""Unlocking: right, wrong, the wait, caps lock, the recovery key, a second instance."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from sync import compose
from sync.system import SystemClock, SystemEntropy
from sync.workplace import Workplace
from tests.support.invented.people import ANNA, Invented
from tests.support.keys import CHEAP
from tests.support.screen import assert_large_enough, assert_named, settle, wait_for
from ui.bootstrap import Doors
from ui.dialogs.recover import RecoverDialog
from ui.secret_field import SecretField
from ui.tasks import Lanes
from ui.windows.door_window import DoorWindow
from ui.windows.unlock_panel import UnlockPanel

Opened = list[Workplace]


@pytest.fixture
def doors(doors_of: Callable[[Invented], Doors]) -> Doors:
    return doors_of(ANNA)


@pytest.fixture
def window(qtbot: QtBot, lanes: Lanes, doors: Doors) -> DoorWindow:
    made = DoorWindow(lanes, lambda: doors)
    qtbot.addWidget(made)
    made.show()
    made.begin()
    settle(lanes)
    return made


@pytest.fixture
def opened(window: DoorWindow) -> Opened:
    found: Opened = []
    window.opened.connect(found.append)
    return found


def panel_of(window: DoorWindow) -> UnlockPanel:
    panel = window.panels.currentWidget()
    assert isinstance(panel, UnlockPanel)
    return panel


def try_phrase(window: DoorWindow, lanes: Lanes, phrase: str) -> UnlockPanel:
    panel = panel_of(window)
    panel.field.setText(phrase)
    panel.unlock()
    settle(lanes)
    return panel


def test_the_right_passphrase_opens_and_is_forgotten(
    window: DoorWindow, opened: Opened, lanes: Lanes
) -> None:
    panel = try_phrase(window, lanes, ANNA.passphrase)
    (place,) = opened
    assert place.session.members.member(place.session.me).name == "Anna Berg"  # type: ignore[union-attr]  # she is in it
    assert panel.field.text() == ""
    place.close()


def test_wrong_tries_are_explained_and_then_counted_down(
    window: DoorWindow, opened: Opened, lanes: Lanes
) -> None:
    panel = try_phrase(window, lanes, "wrong")
    assert panel.notice.text.splitlines()[0] == "This is not the passphrase."
    assert panel.waiting_seconds == 0
    for _try in range(4):
        try_phrase(window, lanes, "wrong")
    assert 3 <= panel.waiting_seconds <= 5
    assert not panel.unlock_button.isEnabled()
    before = panel.waiting_seconds
    wait_for(lambda: panel.waiting_seconds < before)
    assert panel.unlock_button.text() == f"Unlock in {panel.waiting_seconds} seconds"
    QTest.keyClick(panel.field, Qt.Key.Key_Return)
    settle(lanes)
    assert opened == []


def press_a(field: SecretField, text: str, modifier: Qt.KeyboardModifier) -> None:
    field.keyPressEvent(QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, modifier, text))


def test_caps_lock_is_noticed_by_what_comes_out(window: DoorWindow) -> None:
    field = panel_of(window).field
    noticed: list[bool] = []
    field.caps_lock_noticed.connect(noticed.append)
    plain, shift = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
    press_a(field, "a", plain)
    press_a(field, "A", shift)
    press_a(field, "A", plain)
    press_a(field, "a", shift)
    assert noticed == [False, False, True, True]


def test_the_door_names_what_takes_the_focus(window: DoorWindow) -> None:
    assert_named(window)
    assert_large_enough(window)


def test_the_recovery_key_opens_under_a_new_passphrase(tmp_path: Path, lanes: Lanes, qtbot: QtBot) -> None:
    doors = Doors(tmp_path / "home", SystemClock(), SystemEntropy(), CHEAP)
    setup = {
        "district_name": "Kreis",
        "district_code": "ABC",
        "employer": "Kreis",
        "my_name": "Ida",
        "relay_address": "",
    }
    place, key = doors.set_up("old words walk slowly uphill today", setup)
    place.close()
    dialog = RecoverDialog(doors, lanes)
    qtbot.addWidget(dialog)
    opened: Opened = []
    dialog.opened.connect(opened.append)
    dialog.show()
    assert_named(dialog)
    dialog.key.setPlainText(key.lower().replace("-", " "))
    dialog.fields.offer()
    wait_for(dialog.open_button.isEnabled)
    phrase = dialog.fields.passphrase
    dialog.open_button.click()
    settle(lanes)
    (place,) = opened
    place.close()
    doors.unlock(phrase).close()


def test_a_second_program_over_one_home_is_told_so(
    window: DoorWindow, opened: Opened, lanes: Lanes, doors: Doors
) -> None:
    first = compose.unlock(doors.home, ANNA.passphrase, clock=doors.clock, entropy=doors.entropy)
    panel = try_phrase(window, lanes, ANNA.passphrase)
    assert opened == []
    assert "already" in panel.notice.text
    first.close()
    try_phrase(window, lanes, ANNA.passphrase)
    (place,) = opened
    place.close()
