"""A new key for the district's safe: shown once, to print."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLabel, QVBoxLayout, QWidget

from app import i18n
from app.i18n import N_, _
from app.printing.papers import print_keeper_sheet
from app.services.ports import today
from sync.district.safe_key import check_words, read_safe_key
from ui.accessible import button, named
from ui.context import ScreenContext
from ui.dialogs.button_row import button_row
from ui.dialogs.pdf_dialog import PdfDialog
from ui.labels import paragraph
from ui.notice import Notice
from ui.sizes import grow_to_content, letters


class SafeKeyDialog(QDialog):
    """The key as text, and its sheet."""

    def __init__(
        self, context: ScreenContext, key: str, proposed: bool, parent: QWidget | None = None
    ) -> None:
        """Show `key`; `proposed`: it counts only once a second keeper has signed."""
        super().__init__(parent)
        self.setWindowTitle(_("The key for the district's safe"))
        self.setMinimumWidth(letters(self, 66))
        self._context, self.key = context, key
        groups = key.split("-")
        half = len(groups) // 2
        text = "  ".join(groups[:half]) + "\n" + "  ".join(groups[half:])
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
        printing = button(N_("Print the sheet for the safe …"), self._print)
        buttons = button_row(printing, away=button(N_("Close"), self.leave), enter=printing)
        self.notice, self._may_close = Notice(), False
        column = QVBoxLayout(self)
        column.addWidget(paragraph(f"{told} {later}" if proposed else told))
        column.addWidget(shown)
        column.addWidget(self.notice)
        column.addWidget(buttons)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Escape do what the button does."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def leave(self) -> None:
        """Close; without a sheet only at the second try, because the key is never shown again."""
        if self._may_close:
            self.reject()
            return
        self._may_close = True
        self.notice.say(
            _("There is no sheet yet, and the key is never shown again. Close once more to do without."),
            "conflict",
        )
        grow_to_content(self)

    def _print(self) -> None:
        language, district = i18n.language(), self._context.workplace.roster.name
        day = date.fromisoformat(today(self._context.session.clock))
        key, words = self.key, check_words(read_safe_key(self.key).public)

        def show(data: bytes) -> None:
            self._may_close = True
            self.notice.clear()
            PdfDialog(_("Sheet for the safe"), data, self).open()

        self._context.lanes.reading(
            lambda: print_keeper_sheet(key.split("-"), language, district, day, words), show, owner=self
        )
