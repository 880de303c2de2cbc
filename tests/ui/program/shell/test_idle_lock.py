"""Idle lock: by time without input, by sleep, and not while somebody types."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit
from pytestqt.qtbot import QtBot

from tests.support.ports import SteeredClock
from tests.support.screen import make_active
from ui.idle_lock import IdleLock


@pytest.fixture
def clock() -> SteeredClock:
    return SteeredClock()


def locks(lock: IdleLock) -> list[bool]:
    found: list[bool] = []
    lock.lock_requested.connect(lambda: found.append(True))
    lock.start()
    return found


def pass_time(lock: IdleLock, clock: SteeredClock, seconds: int) -> None:
    for _second in range(0, seconds, 10):
        clock.move(seconds=10)
        lock.look()


def test_five_minutes_without_input_ask_for_the_lock_once(qapp: QApplication, clock: SteeredClock) -> None:
    lock = IdleLock(qapp, clock, 5)
    found = locks(lock)
    pass_time(lock, clock, 290)
    assert found == []
    pass_time(lock, clock, 10)
    assert found == [True]
    lock.deleteLater()


def test_a_key_begins_the_time_anew(qapp: QApplication, clock: SteeredClock, qtbot: QtBot) -> None:
    window = QDialog()
    field = QLineEdit(window)
    qtbot.addWidget(window)
    window.show()
    make_active(window)
    field.setFocus()
    lock = IdleLock(qapp, clock, 5)
    found = locks(lock)
    pass_time(lock, clock, 290)
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_A)
    pass_time(lock, clock, 290)
    assert found == []
    lock.deleteLater()


def test_a_computer_that_slept_is_locked_at_once(qapp: QApplication, clock: SteeredClock) -> None:
    lock = IdleLock(qapp, clock, 15)
    found = locks(lock)
    clock.move(seconds=40)
    lock.look()
    assert found == [True]
    lock.deleteLater()


def test_more_than_fifteen_minutes_are_not_given(qapp: QApplication, clock: SteeredClock) -> None:
    lock = IdleLock(qapp, clock, 60)
    found = locks(lock)
    pass_time(lock, clock, 900)
    assert found == [True]
    lock.deleteLater()
