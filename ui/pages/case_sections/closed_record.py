"""A record of a case file that may be read but not written in; a draft from before is kept and offered."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QVBoxLayout, QWidget

from app.domain.declarations import REGISTRY
from app.domain.records import Record
from app.domain.schema import RecordType
from app.i18n import N_, _
from app.services import cases
from app.services.ports import Draft
from ui.accessible import announce
from ui.context import ScreenContext
from ui.field_text import Names, field_text
from ui.flow_layout import flowing
from ui.pages.case_sections.case_data import draft_key
from ui.widgets.record_view import RecordView
from ui.widgets.small_button import section_button


class ClosedRecord(QWidget):
    """The record as text; below it what was typed here while it could still be saved, to copy or discard."""

    def __init__(
        self, context: ScreenContext, record_type: RecordType, parent: QWidget | None = None
    ) -> None:
        """Begin with no record."""
        super().__init__(parent)
        self._context = context
        self.view = RecordView(record_type)
        self.draft_text = QLabel()
        self.draft_text.setTextFormat(Qt.TextFormat.PlainText)
        self.draft_text.setWordWrap(True)
        self.draft_text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.copy_button = section_button(record_type.plural, N_("Copy the draft"), self.copy)
        self.discard_button = section_button(record_type.plural, N_("Discard the draft"), self.discard)
        self._panel = self._make_panel()
        self._record: Record | None = None
        self._lines = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view, 1)
        column.addWidget(self._panel)
        self.setFocusProxy(self.view)

    @property
    def record(self) -> Record | None:
        """The record that is shown; it has no id where only a draft of a new entry is there."""
        return self._record

    def show_record(self, record: Record, names: Names) -> None:
        """Show a record, and the draft that was left of it."""
        self._record = record
        self.view.show_record(record, names)
        self._panel.hide()
        store, key = self._context.session.store, draft_key(record)
        # In the writing lane: a draft that is just being kept must be seen.
        self._context.lanes.database(
            lambda: store.queries.draft(key), partial(self._show_draft, key, names), owner=self
        )

    def copy(self) -> None:
        """Put the draft's text on the clipboard."""
        QApplication.clipboard().setText(self._lines)
        announce(self, _("Copied"))

    def discard(self) -> None:
        """Forget the draft."""
        if self._record is not None:
            session, key = self._context.session, draft_key(self._record)
            self._panel.hide()
            self.view.setFocus()
            self._context.lanes.database(
                lambda: cases.drop_draft(session, key), lambda _done: None, owner=self._context.lanes
            )

    def _make_panel(self) -> QFrame:
        panel = QFrame()
        panel.setFrameShape(QFrame.Shape.StyledPanel)
        column = QVBoxLayout(panel)
        column.addWidget(self.draft_text)
        column.addWidget(flowing(self.copy_button, self.discard_button))
        panel.hide()
        return panel

    def _show_draft(self, key: str, names: Names, draft: Draft | None) -> None:
        if self._record is None or key != draft_key(self._record):
            return
        self._lines = _draft_lines(draft, names) if draft is not None else ""
        if self._lines:
            told = _(
                "What you had typed here is not saved, and is kept as a draft on this computer. It comes back"
                " into the form when you may write here again; or copy it, and discard it then."
            )
            self.draft_text.setText(f"{told}\n\n{self._lines}")
            announce(self, told)
        self._panel.setVisible(bool(self._lines))


def _draft_lines(draft: Draft, names: Names) -> str:
    typed = draft.base.edited(**draft.values)
    declared = REGISTRY[draft.base.type]
    moved = [name for name in draft.values if draft.values[name] != draft.base.get(name)]
    return "\n".join(f"{_(declared.fields[name].label)}: {field_text(typed, name, names)}" for name in moved)
