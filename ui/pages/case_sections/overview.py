"""The registers of the case file itself."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from app.domain.declarations import CASE_FILE
from app.i18n import _
from ui.context import ScreenContext
from ui.pages.case_sections.case_data import CaseData
from ui.pages.case_sections.closed_record import ClosedRecord
from ui.pages.case_sections.gate_words import is_closed, locked_registers, why_locked
from ui.pages.case_sections.record_editor import RecordEditor
from ui.pages.case_sections.section import Section

IN_THE_HEADER = ("phase",)
"""Registers that the page's head shows and changes."""


class OverviewSection(Section):
    """A form over what is known of the case as a whole."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        """Begin with no case file."""
        super().__init__(parent)
        self._context = context
        names = [
            name
            for item in CASE_FILE.registers
            if item.name not in IN_THE_HEADER
            for name in item.field_names
        ]
        self.editor = RecordEditor(context, CASE_FILE, names)
        self.editor.decide_requested.connect(self.decide_requested)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._closed: ClosedRecord | None = None
        self.stack = QStackedWidget()
        self.stack.addWidget(self.editor)
        column.addWidget(self.stack)
        self._begun = False

    @property
    def closed(self) -> ClosedRecord:
        """The case file as text, made when it is needed first."""
        if self._closed is None:
            self._closed = ClosedRecord(self._context, CASE_FILE)
            self.stack.addWidget(self._closed)
        return self._closed

    @property
    def title(self) -> str:
        """The section's heading in the list of sections."""
        return _("Overview")

    def show_case(self, data: CaseData) -> None:
        """Show the case file, or take in what moved; as text while nothing may be written into it."""
        if is_closed(CASE_FILE, data):
            self._show_closed(data)
            return
        self.stack.setCurrentWidget(self.editor)
        self.editor.form.lock(why_locked(data.missing), locked_registers(CASE_FILE, data.missing))
        if self._begun and self.editor.form.base.id == data.record.id:
            self.editor.note_record(data.record)
            return
        if self._begun:
            # The file was put together with another, or taken out of it.
            self.editor.finish()
        self._begun = True
        self.editor.show_record(data.record)

    def save(self) -> None:
        """Make a change of what was typed."""
        self.editor.save()

    def leave(self) -> None:
        """Make a change of what was typed, or keep it as a draft."""
        self.editor.leave()

    def finish(self) -> None:
        """Make a change of what was typed although the page goes."""
        self.editor.finish()

    def keep_drafts(self) -> None:
        """Keep what was typed."""
        self.editor.keep_draft()

    def begin_entry(self) -> None:
        """There is only one case file: go to its first field."""
        self.take_focus()

    def take_focus(self) -> None:
        """Begin in the first field, or at the text."""
        if self.stack.currentWidget() is self._closed and self._closed is not None:
            self._closed.view.setFocus()
        else:
            self.editor.form.focus_first()

    def _show_closed(self, data: CaseData) -> None:
        focus = QApplication.focusWidget()
        had_focus = focus is not None and self.editor.isAncestorOf(focus)
        self.editor.put_away()
        self._begun = False
        self.closed.show_record(data.record, data.names(self._context.session))
        self.stack.setCurrentWidget(self.closed)
        if had_focus:
            self.take_focus()
