"""Which case files a lost computer held: for the notice of Art. 33 GDPR."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.i18n import N_, _, ngettext
from ui.accessible import button, named
from ui.dialogs.button_row import button_row
from ui.labels import paragraph
from ui.notice import Notice
from ui.sizes import resize_to_text

if TYPE_CHECKING:
    from sync.workplace import HeldFiles

WHY = {
    "written": N_("written there"),
    "sent": N_("sent there"),
    "assigned": N_("assigned to this member"),
}


class HeldFilesDialog(QDialog):
    """The list as text, to be saved or copied."""

    def __init__(self, held: HeldFiles, parent: QWidget | None = None) -> None:
        """Show what `held` names."""
        super().__init__(parent)
        self.setWindowTitle(_("Case files on the computer"))
        resize_to_text(self, 76, 32)
        self.list = named(QPlainTextEdit(held_files_text(held)), N_("Case files that the computer held"))
        self.list.setReadOnly(True)
        self.list.setTabChangesFocus(True)
        self.notice = Notice()
        save = button(N_("Save as text …"), self._save)
        buttons = button_row(save, away=button(N_("Close"), self.reject), enter=save)
        told = _(
            "If the computer is lost, the data protection officer needs this list at once: a notice to the"
            " supervisory authority is due within 72 hours (Art. 33 GDPR)."
        )
        column = QVBoxLayout(self)
        column.addWidget(paragraph(told))
        column.addWidget(self.list, 1)
        column.addWidget(self.notice)
        column.addWidget(buttons)

    def _save(self) -> None:
        name, _filter = QFileDialog.getSaveFileName(
            self, _("Save the list"), "kim-mobil.txt", _("Text files (*.txt)")
        )
        if not name:
            return
        try:
            Path(name).write_text(self.list.toPlainText(), "utf-8")
        except OSError:
            self.notice.say(
                _("The file could not be written there. Please choose another folder."), "conflict"
            )
        else:
            self.notice.say(_("The list is saved. It holds case numbers: keep it as you keep a case file."))


def held_files_text(held: HeldFiles) -> str:
    """Give the list as lines: whose computer, how many, each number, and what only others can name."""
    count = len(held.files)
    head = ngettext(
        "Computer {number} of {name} held {count} case file that this computer knows.",
        "Computer {number} of {name} held {count} case files that this computer knows.",
        count,
    ).format(number=held.device, name=held.member, count=count)
    lines = [f"{item.number or _('without number')}  ({_(WHY[item.why])})" for item in held.files]
    if held.elsewhere:
        more = ngettext(
            "{count} more case file is known only to its own supervisor: ask for the list there.",
            "{count} more case files are known only to their own supervisors: ask for the list there.",
            held.elsewhere,
        )
        lines += ["", more.format(count=held.elsewhere)]
    return "\n".join([head, "", *lines])
