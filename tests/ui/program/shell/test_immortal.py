"""The guard against a fault of PySide6 6.12.0: without it this test aborts the interpreter."""

import sys

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QComboBox, QPushButton
from pytestqt.qtbot import QtBot

import ui


class Sender(QObject):
    sent = Signal(object)


def test_a_hundred_thousand_signals_leave_the_interpreter_alive(qtbot: QtBot) -> None:
    assert ui.__doc__
    sender = Sender()
    heard: list[int] = []
    sender.sent.connect(heard.append)
    for number in range(100_000):
        sender.sent.emit(number)
    button, box = QPushButton(), QComboBox()
    qtbot.addWidget(button)
    qtbot.addWidget(box)
    button.clicked.connect(lambda _checked: None)
    for _number in range(20_000):
        button.click()
        box.currentData()
    assert len(heard) == 100_000
    assert min(sys.getrefcount(item) for item in (None, True, False)) > 0
