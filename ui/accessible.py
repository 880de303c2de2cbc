"""Names for the screen reader, always from the catalogue, and spoken announcements."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from app.i18n import _

W = TypeVar("W", bound=QWidget)
MSGID_PROPERTY = "accessible_msgid"
SMALLEST_TARGET = 24
"""Pixels that anything to click or tap measures at least (WCAG 2.2, 2.5.8)."""


class EnterButton(QPushButton):
    """Pressed by Enter while it has the focus, and only then, unless it is a dialog's default button.

    Qt's own would take Enter from any field of a dialog, or leave it to the default button although
    another one has the focus.
    """

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        """Show `text`."""
        super().__init__(text, parent)
        self.setAutoDefault(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Press on Enter."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


def named(widget: W, msgid: str, **values: object) -> W:
    """Give the widget its name for the screen reader: a catalogue text, filled with `values`."""
    widget.setAccessibleName(_(msgid).format(**values))
    widget.setProperty(MSGID_PROPERTY, msgid)
    widget.setMinimumHeight(max(widget.minimumHeight(), SMALLEST_TARGET))
    return widget


def described(widget: W, text: str) -> W:
    """Give the widget a longer description, shown as its tool tip too."""
    widget.setAccessibleDescription(text)
    widget.setToolTip(text)
    return widget


def button(msgid: str, clicked: Callable[[], object], parent: QWidget | None = None) -> QPushButton:
    """Give a named push button that calls `clicked`; put & into the translated text nowhere."""
    made = named(EnterButton(_(msgid), parent), msgid)
    made.clicked.connect(lambda _checked=False: clicked())
    return made


def only_if(wanted: bool, widget: W) -> W:
    """Hide a widget just made unless it is wanted.

    Never `setVisible(True)` before a widget stands in its page: it would come up as a window of its own.
    """
    if not wanted:
        widget.hide()
    return widget


def label_for(widget: QWidget, msgid: str) -> QLabel:
    """Give the visible label of a field and name the field alike."""
    made = QLabel(_(msgid))
    made.setBuddy(named(widget, msgid))
    return made


def announce(widget: QWidget, text: str) -> None:
    """Let the screen reader say what changed."""
    # Its many names cost the first window some milliseconds, and nothing is announced there.
    from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, text))
