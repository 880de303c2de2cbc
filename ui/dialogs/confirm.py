"""Saying what a step means before it is taken."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from app.i18n import N_
from ui.accessible import button
from ui.dialogs.button_row import button_row
from ui.labels import paragraph

WIDTH_LETTERS = 60


class ConfirmDialog(QDialog):
    """`confirmed` comes when the person goes on; the keyboard stands on the way out."""

    confirmed = Signal()

    def __init__(self, title: str, text: str, wish: str, parent: QWidget | None = None) -> None:
        """Say `text`; `wish` (a catalogue id) is the button that goes on. Titles never hold client data."""
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(WIDTH_LETTERS * self.fontMetrics().averageCharWidth())
        self.go_on = button(wish, self._confirm)
        self.stay = button(N_("Cancel"), self.reject)
        buttons = button_row(self.go_on, away=self.stay)
        column = QVBoxLayout(self)
        column.addWidget(paragraph(text))
        column.addWidget(buttons)
        self.stay.setFocus()

    def _confirm(self) -> None:
        self.confirmed.emit()
        self.accept()
