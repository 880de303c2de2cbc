"""Asking for the reason of a step that must not happen silently."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget

from app.i18n import N_
from ui.accessible import button
from ui.dialogs.button_row import button_row
from ui.labels import paragraph
from ui.sizes import grow_to_content
from ui.widgets.phrase_row import add_reason

WIDTH_LETTERS = 60


class ReasonDialog(QDialog):
    """`confirmed` carries the reason; the step is not taken without one."""

    confirmed = Signal(str)

    def __init__(
        self,
        title: str,
        text: str,
        wish: str,
        phrases: Sequence[str] = (),
        parent: QWidget | None = None,
    ) -> None:
        """Say `text`; `wish` (a catalogue id) is the button that goes on, `phrases` fill the reason."""
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(WIDTH_LETTERS * self.fontMetrics().averageCharWidth())
        self.reason = QLineEdit()
        self.go_on = button(wish, self._confirm)
        self.go_on.setEnabled(False)
        self.reason.textChanged.connect(lambda typed: self.go_on.setEnabled(bool(typed.strip())))
        column = QVBoxLayout(self)
        column.addWidget(paragraph(text))
        add_reason(column, self.reason, phrases)
        stay = button(N_("Cancel"), self.reject)
        column.addWidget(button_row(self.go_on, away=stay, enter=self.go_on))
        self.resize(self.minimumWidth(), 0)
        grow_to_content(self)
        self.reason.setFocus()

    def _confirm(self) -> None:
        self.confirmed.emit(self.reason.text().strip())
        self.accept()
