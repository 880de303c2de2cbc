"""Giving an order about a case file: what happens, who must sign too, and why."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QDialog, QVBoxLayout, QWidget

from app.domain.orders import BASES, BASIS, OrderKind
from app.i18n import N_, _
from ui.accessible import button, label_for
from ui.dialogs.button_row import button_row
from ui.labels import paragraph

WIDTH_LETTERS = 66
TITLES = {
    OrderKind.ERASE: N_("Erase the case file"),
    OrderKind.RESTRICT: N_("Restrict the case file"),
    OrderKind.LIFT: N_("Lift the restriction"),
    OrderKind.REDACT: N_("Redact a value"),
}
EXPLAINED = {
    OrderKind.ERASE: N_(
        "Everything in this case file goes, on every computer that has it: entries, earlier values, drafts,"
        " attachments, search and backups. It cannot be undone. You sign now; a supervisor signs too,"
        " and only then it happens. Against the case manager's advice two people at the KI sign. What"
        " stays is a random number, the day, the reason, and who signed."
    ),
    OrderKind.RESTRICT: N_(
        "The case file is kept, locked and hidden: nobody writes into it, and it stands in no list and"
        " no search, until the restriction is lifted. You find it on the page of orders."
    ),
    OrderKind.LIFT: N_("The case file is shown and can be written again, on every computer that has it."),
    OrderKind.REDACT: N_(
        "What was written there goes, on every computer that has it, and cannot be brought back; that there"
        " was an entry stays in sight. You sign now; a supervisor signs too, and only then it happens."
    ),
}
WISHES = {
    OrderKind.ERASE: N_("Sign the erasure"),
    OrderKind.RESTRICT: N_("Restrict it"),
    OrderKind.LIFT: N_("Lift it"),
    OrderKind.REDACT: N_("Sign the redaction"),
}


class OrderDialog(QDialog):
    """`confirmed` carries the legal basis."""

    confirmed = Signal(str)

    def __init__(self, kind: OrderKind, parent: QWidget | None = None) -> None:
        """Say what the order does. Titles never hold client data."""
        super().__init__(parent)
        self.setWindowTitle(_(TITLES[kind]))
        self.setMinimumWidth(WIDTH_LETTERS * self.fontMetrics().averageCharWidth())
        self.basis = QComboBox()
        for code in BASES[kind]:
            self.basis.addItem(_(BASIS.labels[code]), code)
        self.go_on = button(WISHES[kind], self._confirm)
        buttons = button_row(self.go_on, away=button(N_("Cancel"), self.reject))
        column = QVBoxLayout(self)
        column.addWidget(paragraph(_(EXPLAINED[kind])))
        column.addWidget(label_for(self.basis, N_("Reason")))
        column.addWidget(self.basis)
        column.addWidget(buttons)
        self.basis.setFocus()

    def _confirm(self) -> None:
        self.confirmed.emit(str(self.basis.currentData()))
        self.accept()
