"""Confirming a step that changes the list of members, where needed with the key from the safe."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget

from app.i18n import N_
from ui.accessible import button, label_for
from ui.dialogs.button_row import button_row
from ui.labels import paragraph
from ui.sizes import letters

OFFLINE = N_("Key from the safe (only where no second keeper can sign)")


class RosterStepDialog(QDialog):
    """Accepted when the person goes on; `offline` is the typed key, empty when none is to sign.

    The keyboard stands on the way out: a step for the whole district is never taken by a key too many.
    """

    def __init__(self, title: str, text: str, wish: str, parent: QWidget | None = None) -> None:
        """Say `text`; `wish` (a catalogue id) is the button that goes on."""
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(letters(self, 66))
        self.key = QLineEdit()
        self.go_on = button(wish, self.accept)
        self.stay = button(N_("Cancel"), self.reject)
        buttons = button_row(self.go_on, away=self.stay)
        self.column = QVBoxLayout(self)
        self.column.addWidget(paragraph(text))
        self.column.addSpacing(8)
        label = label_for(self.key, OFFLINE)
        label.setWordWrap(True)
        self.column.addWidget(label)
        self.column.addWidget(self.key)
        self.column.addWidget(buttons)
        self.key.returnPressed.connect(self._on_typed)
        self.stay.setFocus()

    @property
    def offline(self) -> str:
        """The key from the safe as typed."""
        return self.key.text().strip()

    def _on_typed(self) -> None:
        if self.offline:
            self.go_on.click()
