"""Asking to open the read log: why, and who is present."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget

from app.i18n import N_, _
from ui.accessible import button, label_for
from ui.dialogs.button_row import button_row
from ui.labels import paragraph
from ui.sizes import letters

FIELDS = (N_("Reason"), N_("Data protection officer present"), N_("Staff council present"))


class LogOpeningDialog(QDialog):
    """`confirmed` carries reason and both names; none may be left out."""

    confirmed = Signal(str, str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin empty."""
        super().__init__(parent)
        self.setWindowTitle(_("Open the read log"))
        self.setMinimumWidth(letters(self, 66))
        self.fields = [QLineEdit() for _label in FIELDS]
        self.go_on = button(N_("Ask to open"), self._confirm)
        self.go_on.setEnabled(False)
        column = QVBoxLayout(self)
        column.addWidget(
            paragraph(
                _(
                    "All supervisors and coordinators read what you write here: give the reason, and name "
                    "nobody whose reading is to be looked at."
                )
            )
        )
        for field, label in zip(self.fields, FIELDS, strict=True):
            column.addWidget(label_for(field, label))
            column.addWidget(field)
            field.textChanged.connect(self._on_typed)
        buttons = button_row(self.go_on, away=button(N_("Cancel"), self.reject), enter=self.go_on)
        column.addWidget(buttons)
        self.fields[0].setFocus()

    def _on_typed(self, _text: str) -> None:
        self.go_on.setEnabled(all(field.text().strip() for field in self.fields))

    def _confirm(self) -> None:
        reason, officer, council = (field.text().strip() for field in self.fields)
        self.confirmed.emit(reason, officer, council)
        self.accept()
