"""Set up a district: who and where, the passphrase, the recovery key."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QRegularExpression, QUrl, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QFormLayout, QLineEdit, QVBoxLayout, QWidget, QWizardPage

from app.i18n import N_, _
from ui.accessible import described, label_for
from ui.dialogs.recovery_page import RECOVERY, SAFE, KeyPage, Sheet
from ui.dialogs.stepper import PassphrasePage, Stepper
from ui.labels import paragraph
from ui.tasks import Lanes

if TYPE_CHECKING:
    from ui.bootstrap import Doors, Workplace


SafeSheet = Callable[[str, str, QWidget], None]
"""Prints the sheet for the safe: key, district, the window to print from."""


class SetUpDialog(Stepper):
    """`opened` carries the workplace of the district's first keeper."""

    opened = Signal(object)

    def __init__(
        self, doors: Doors, lanes: Lanes, sheet: Sheet, safe_sheet: SafeSheet, parent: QWidget | None = None
    ) -> None:
        """Begin with the district's name; `sheet` prints the recovery sheet, `safe_sheet` the safe's."""
        super().__init__(_("Set up a district"), parent)
        self._doors, self._lanes = doors, lanes
        self._workplace: Workplace | None = None
        self.district = DistrictPage()
        self.passphrase = PassphrasePage(doors, lanes)
        self.recovery = KeyPage(RECOVERY, sheet)
        self.safe = KeyPage(SAFE, lambda key, window: safe_sheet(key, self.district.name.text(), window))
        for page in (self.district, self.passphrase, self.recovery, self.safe):
            self.addPage(page)

    def may_leave(self, page: QWizardPage) -> bool:
        """Make the district when its passphrase is chosen; all other steps go on at once."""
        if page is self.district:
            words = self.district.entered()
            names = (words["district_name"], words["employer"], words["my_name"])
            self.passphrase.fields.use_district_words(*names)
        if page is self.passphrase and self._workplace is None:
            self._make()
            return False
        return True

    def accept(self) -> None:
        """Hand the workplace over."""
        super().accept()
        self.opened.emit(self._workplace)

    def _make(self) -> None:
        entered, phrase = self.district.entered(), self.passphrase.fields.passphrase
        self.passphrase.set_working(True)
        self._lanes.database(
            lambda: self._doors.set_up(phrase, entered), self._on_made, self.passphrase.fail, owner=self
        )

    def _on_made(self, made: tuple[Workplace, str]) -> None:
        self._workplace, key = made
        self.passphrase.set_working(False)
        self.recovery.show_key(key)
        self.safe.show_key(self._workplace.offline_key)
        self.next()


class DistrictPage(QWizardPage):
    """The district, the first keeper, and where the relay is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin empty."""
        super().__init__(parent)
        self.setTitle(_("The district"))
        self.name, self.code, self.employer = QLineEdit(), QLineEdit(), QLineEdit()
        self.me, self.relay = QLineEdit(), QLineEdit()
        self.code.setValidator(QRegularExpressionValidator(QRegularExpression("[A-Za-z]{3}"), self.code))
        self.code.setMaxLength(3)
        self.relay.setPlaceholderText("https://")
        self._lay_out()
        for field in (self.name, self.code, self.employer, self.me, self.relay):
            field.textChanged.connect(lambda _text: self.completeChanged.emit())

    def entered(self) -> dict[str, str]:
        """Give what was typed, by the names of a district's set-up."""
        return {
            "district_name": self.name.text().strip(),
            "district_code": self.code.text().upper(),
            "employer": self.employer.text().strip(),
            "my_name": self.me.text().strip(),
            "relay_address": self.relay.text().strip(),
        }

    def isComplete(self) -> bool:
        """Whether everything is given, the code has three letters, and the relay's address is one."""
        texts = (self.name, self.employer, self.me)
        address = QUrl(self.relay.text().strip(), QUrl.ParsingMode.StrictMode)
        reachable = address.isValid() and address.scheme() in ("https", "http") and bool(address.host())
        return all(field.text().strip() for field in texts) and self.code.hasAcceptableInput() and reachable

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.addRow(label_for(self.name, N_("Name of the district")), self.name)
        form.addRow(label_for(self.code, N_("Code of the district")), self.code)
        described(self.code, _("Three letters; every case number begins with them, such as MUS."))
        form.addRow("", paragraph(_("Three letters; every case number begins with them, such as MUS.")))
        form.addRow(label_for(self.employer, N_("Your employer")), self.employer)
        form.addRow(label_for(self.me, N_("Your name")), self.me)
        form.addRow(label_for(self.relay, N_("Address of the relay")), self.relay)
        form.addRow("", paragraph(_("The KI's mailbox on the network. It only ever sees sealed parcels.")))
        column = QVBoxLayout(self)
        column.addWidget(paragraph(_("You become its first keeper: you take in the others by invitation.")))
        column.addLayout(form)
        column.addStretch(1)
