"""A box to tick beside a sentence that may wrap, which Qt's own cannot."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QWidget

from app.i18n import _
from ui.accessible import named


class CheckLine(QWidget):
    """`toggled` when the box is ticked or cleared, by key or by a click on box or sentence."""

    toggled = Signal(bool)

    def __init__(self, msgid: str, parent: QWidget | None = None) -> None:
        """Show the sentence of a catalogue id beside an empty box."""
        super().__init__(parent)
        self.box = named(QCheckBox(), msgid)
        self._sentence = QLabel(_(msgid))
        self._sentence.setWordWrap(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.box, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._sentence, 1)
        self.box.toggled.connect(self.toggled)
        self.setFocusProxy(self.box)

    def is_checked(self) -> bool:
        """Whether the box is ticked."""
        return self.box.isChecked()

    def set_checked(self, checked: bool) -> None:
        """Tick or clear the box."""
        self.box.setChecked(checked)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let a click on the sentence count."""
        if self.isEnabled() and self.rect().contains(event.position().toPoint()):
            self.box.toggle()
            self.box.setFocus()
