"""Naming the district's relay: its first one, or another address."""

from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QLineEdit, QWidget

from app.i18n import N_, _
from ui.accessible import label_for
from ui.dialogs.roster_step import RosterStepDialog


class RelayAddressDialog(RosterStepDialog):
    """Accepted with an address that is one."""

    def __init__(self, known: str, parent: QWidget | None = None) -> None:
        """Begin with the address of now."""
        told = _("All computers of the district sync by this address from now on.")
        super().__init__(_("The relay's address"), told, N_("Use this address"), parent)
        self.address = QLineEdit(known)
        self.address.setPlaceholderText("https://")
        self.column.insertWidget(1, label_for(self.address, N_("Relay's address")))
        self.column.insertWidget(2, self.address)
        self.address.textChanged.connect(lambda _text: self._refresh())
        self._refresh()

    @property
    def relay(self) -> str:
        """The address as typed."""
        return self.address.text().strip()

    def _refresh(self) -> None:
        url = QUrl(self.relay, QUrl.ParsingMode.StrictMode)
        self.go_on.setEnabled(url.isValid() and url.scheme() in ("http", "https") and bool(url.host()))
