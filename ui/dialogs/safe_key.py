"""A new key for the district's safe: shown once, to print."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from app import i18n
from app.i18n import N_, _
from app.printing.papers import print_keeper_sheet
from app.services.ports import today
from ui.accessible import button, named
from ui.context import ScreenContext
from ui.dialogs.pdf_dialog import PdfDialog
from ui.labels import paragraph
from ui.sizes import letters


class SafeKeyDialog(QDialog):
    """The key as text, and its sheet."""

    def __init__(
        self, context: ScreenContext, key: str, proposed: bool, parent: QWidget | None = None
    ) -> None:
        """Show `key`; `proposed`: it counts only once a second keeper has signed."""
        super().__init__(parent)
        self.setWindowTitle(_("The key for the district's safe"))
        self.setMinimumWidth(letters(self, 66))
        self._context, self._groups = context, key.split("-")
        half = len(self._groups) // 2
        text = "  ".join(self._groups[:half]) + "\n" + "  ".join(self._groups[half:])
        shown = named(QLabel(text), N_("Offline keeper key"))
        shown.setAlignment(Qt.AlignmentFlag.AlignCenter)
        shown.setFrameShape(QLabel.Shape.StyledPanel)
        shown.setMargin(16)
        shown.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByKeyboard | Qt.TextInteractionFlag.TextSelectableByMouse
        )
        told = _(
            "Print it and put it into the safe, in a sealed envelope. It is shown only now and kept nowhere."
        )
        later = _(
            "It counts as soon as a second keeper has signed the proposal; until then the old one does."
        )
        buttons = QDialogButtonBox()
        printing = button(N_("Print the sheet for the safe …"), self._print)
        buttons.addButton(printing, QDialogButtonBox.ButtonRole.ActionRole)
        close = button(N_("Close"), self.accept)
        buttons.addButton(close, QDialogButtonBox.ButtonRole.RejectRole)
        # The key is never shown again: Enter must not close this.
        close.setAutoDefault(False)
        printing.setDefault(True)
        column = QVBoxLayout(self)
        column.addWidget(paragraph(f"{told} {later}" if proposed else told))
        column.addWidget(shown)
        column.addWidget(buttons)

    def _print(self) -> None:
        language, district = i18n.language(), self._context.workplace.roster.name
        day = date.fromisoformat(today(self._context.session.clock))

        def show(data: bytes) -> None:
            PdfDialog(_("Sheet for the safe"), data, self).open()

        self._context.lanes.reading(
            lambda: print_keeper_sheet(self._groups, language, district, day), show, owner=self
        )
