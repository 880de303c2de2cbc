"""Saying what a step means before it is taken."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from app.i18n import N_
from ui.accessible import button
from ui.labels import paragraph

WIDTH_LETTERS = 60


class ConfirmDialog(QDialog):
    """`confirmed` comes when the person goes on."""

    confirmed = Signal()

    def __init__(self, title: str, text: str, wish: str, parent: QWidget | None = None) -> None:
        """Say `text`; `wish` (a catalogue id) is the button that goes on. Titles never hold client data."""
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(WIDTH_LETTERS * self.fontMetrics().averageCharWidth())
        self.go_on = button(wish, self._confirm)
        stay = button(N_("Cancel"), self.reject)
        buttons = QDialogButtonBox()
        buttons.addButton(self.go_on, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(stay, QDialogButtonBox.ButtonRole.RejectRole)
        column = QVBoxLayout(self)
        column.addWidget(paragraph(text))
        column.addWidget(buttons)
        stay.setFocus()

    def _confirm(self) -> None:
        self.confirmed.emit()
        self.accept()
