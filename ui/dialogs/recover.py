"""Unlocking by the recovery key: the printed key, and a new passphrase."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QVBoxLayout, QWidget

from app.domain.errors import KimError
from app.i18n import N_, _
from ui.accessible import button, label_for
from ui.dialogs.button_row import button_row
from ui.dialogs.passphrase_fields import PassphraseFields
from ui.labels import paragraph
from ui.notice import Notice
from ui.tasks import Lanes

if TYPE_CHECKING:
    from ui.bootstrap import Doors, Workplace


class RecoverDialog(QDialog):
    """`opened` carries the workplace, locked by the new passphrase from now on."""

    opened = Signal(object)

    def __init__(self, doors: Doors, lanes: Lanes, parent: QWidget | None = None) -> None:
        """Ask for the key."""
        super().__init__(parent)
        self.setWindowTitle(_("Unlock by the recovery key"))
        self._doors, self._lanes = doors, lanes
        self._working = False
        self.key = QPlainTextEdit()
        self.key.setTabChangesFocus(True)
        self.key.setMaximumHeight(4 * self.fontMetrics().lineSpacing())
        self.fields = PassphraseFields(doors, lanes)
        self.notice = Notice()
        self.open_button = button(N_("Unlock"), self._open)
        self._lay_out()
        self.key.textChanged.connect(self._refresh)
        self.fields.acceptance_changed.connect(lambda _good: self._refresh())
        self._refresh()

    def _lay_out(self) -> None:
        buttons = button_row(self.open_button, away=button(N_("Cancel"), self.reject), enter=self.open_button)
        column = QVBoxLayout(self)
        column.addWidget(
            paragraph(_("Type the eight groups from your recovery sheet, then choose a new passphrase."))
        )
        column.addWidget(label_for(self.key, N_("Recovery key")))
        for part in (self.key, self.fields, self.notice, buttons):
            column.addWidget(part)

    def _refresh(self) -> None:
        typed = bool(self.key.toPlainText().strip())
        self.open_button.setEnabled(typed and self.fields.accepted and not self._working)

    def _open(self) -> None:
        typed, phrase = self.key.toPlainText(), self.fields.passphrase
        self._working = True
        self.notice.clear()
        self._refresh()
        self._lanes.database(
            lambda: self._doors.unlock_with_recovery_key(typed, phrase),
            self._on_opened,
            self._on_failed,
            owner=self,
        )

    def _on_opened(self, workplace: Workplace) -> None:
        self.accept()
        self.opened.emit(workplace)

    def _on_failed(self, error: KimError) -> None:
        self._working = False
        self._refresh()
        self.notice.explain(error)
