"""What was deleted in a case file, and the way back."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QVBoxLayout, QWidget

from app.domain.declarations import REGISTRY
from app.domain.errors import KimError
from app.domain.records import Record
from app.i18n import N_, _
from app.services import deleting
from app.services.ports import Saved
from ui.accessible import announce, button, named
from ui.context import ScreenContext
from ui.field_text import Names, record_title
from ui.labels import paragraph
from ui.notice import Notice
from ui.tables import let_sentences_breathe

SIZE_LETTERS = (70, 16)


class DeletedEntriesDialog(QDialog):
    """A list of what was deleted, with the reason of each."""

    def __init__(
        self, context: ScreenContext, entries: Sequence[Record], names: Names, parent: QWidget | None = None
    ) -> None:
        """Show these entries."""
        super().__init__(parent)
        self.setWindowTitle(_("Deleted entries"))
        self._context, self._entries = context, list(entries)
        self.list, self.notice = named(QListWidget(), N_("Deleted entries")), Notice()
        self.list.addItems([_line(entry, names) for entry in entries])
        let_sentences_breathe(self.list)
        self.list.setCurrentRow(0)
        self.back_button = button(N_("Bring back"), self.bring_back)
        foot = QHBoxLayout()
        foot.addStretch(1)
        for item in (self.back_button, button(N_("Close"), self.accept)):
            foot.addWidget(item)
        column = QVBoxLayout(self)
        column.addWidget(paragraph(_("Deleted entries stay in the history. Each can be brought back.")))
        column.addWidget(self.list, 1)
        column.addWidget(self.notice)
        column.addLayout(foot)
        metrics = self.fontMetrics()
        self.resize(SIZE_LETTERS[0] * metrics.averageCharWidth(), SIZE_LETTERS[1] * metrics.height())

    def bring_back(self) -> None:
        """Take the deletion of the chosen entry back."""
        row = self.list.currentRow()
        if row >= 0:
            session, entry = self._context.session, self._entries[row]
            self._context.lanes.database(
                lambda: deleting.bring_back(session, entry, _("Brought back")),
                self._on_back,
                self._on_failed,
                owner=self,
            )

    def _on_back(self, saved: Saved) -> None:
        row = next(at for at, entry in enumerate(self._entries) if entry.id == saved.record.id)
        del self._entries[row]
        self.list.takeItem(row)
        self.back_button.setEnabled(bool(self._entries))
        announce(self, _("Brought back"))
        self._context.changes.note_saved(saved.record)

    def _on_failed(self, error: KimError) -> None:
        self.notice.explain(error)


def _line(entry: Record, names: Names) -> str:
    kind = _(REGISTRY[entry.type].label)
    return f"{kind}: {record_title(entry, names)} – {entry.text('standing_reason')}"
