"""A hand at the keyboard: presses keys where the focus is, and waits until something shows."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

W = TypeVar("W", bound=QWidget)
PATIENCE = 30.0
"""Seconds after which something that does not come is an error."""


class NothingHappenedError(AssertionError):
    """What a person would have waited for did not come."""


class Hand:
    """Works with whatever window is in front."""

    def press(self, keys: str) -> None:
        """Press keys by their name, such as "Ctrl+N", where the focus is."""
        QTest.keySequence(self.focus(), QKeySequence(keys))
        settle()

    def type(self, text: str) -> None:
        """Type text where the focus is."""
        for letter in text:
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                event = QKeyEvent(kind, _key(letter), Qt.KeyboardModifier.NoModifier, letter)
                QCoreApplication.sendEvent(self.focus(), event)
        settle()

    def tab_to(self, name: str, most: int = 60) -> None:
        """Press Tab until the widget of that accessible name has the focus."""
        for _ in range(most):
            if self.focus().accessibleName() == name:
                return
            self.press("Tab")
        raise NothingHappenedError(f"Tab does not reach “{name}”")

    def focus(self) -> QWidget:
        """Give the widget that keys go to: of an open list, else of the window in front."""
        popup = QApplication.activePopupWidget()
        if popup is not None:
            within: QWidget | None = popup.focusWidget()
            return popup if within is None else within
        window = front_window()
        until(lambda: _focus_in(window), "the focus")
        return _focus_in(window) or window

    def shoot(self, path: Path) -> None:
        """Keep a picture of the window in front, once it stands still."""
        QTest.qWait(300)
        if not front_window().grab().save(str(path)):
            raise OSError(f"no picture at {path}")


def front_window() -> QWidget:
    """Give the dialog or window in front."""
    modal = QApplication.activeModalWidget()
    if modal is not None:
        return modal
    shown = [window for window in QApplication.topLevelWidgets() if window.isVisible() and window.isWindow()]
    windows = [window for window in shown if window.windowType() in _FRONT]
    if not windows:
        raise NothingHappenedError("no window is open")
    return windows[-1]


def _focus_in(window: QWidget) -> QWidget | None:
    """Give the widget of a window that has the focus; ask for it when another window took it."""
    found = QApplication.focusWidget()
    if found is not None and found.isVisible() and found.window() is window:
        return found
    window.activateWindow()
    return None


_FRONT = (Qt.WindowType.Window, Qt.WindowType.Dialog)


def until(condition: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
    """Wait until a condition holds; raises NothingHappenedError naming `what` after a while."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            front = type(front_window()).__name__
            raise NothingHappenedError(f"waited {seconds:.0f} s for {what}; in front: {front}")
        QTest.qWait(10)


def settle() -> None:
    """Let everything that is already due happen."""
    QApplication.processEvents()


def find(kind: type[W], name: str = "") -> W | None:
    """Give the visible widget of a class (and accessible name) in the front window, or None."""
    found = (item for item in front_window().findChildren(kind) if item.isVisible())
    return next((item for item in found if not name or item.accessibleName() == name), None)


def _key(letter: str) -> Qt.Key:
    code = ord(letter.upper())
    return Qt.Key(code) if code < 0x80 else Qt.Key.Key_unknown
