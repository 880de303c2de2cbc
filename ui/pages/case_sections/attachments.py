"""Attachments of a case file: a list; added from a file, saved outside when asked, removed with a reason."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from app.domain.attachment import ATTACHMENT
from app.domain.errors import KimError
from app.domain.read_log import EXPORT
from app.domain.records import Record, new_record
from app.i18n import N_, _
from app.services import attachments
from app.services.ports import Saved
from ui.accessible import button
from ui.context import ScreenContext
from ui.dialogs.confirm import ConfirmDialog
from ui.dialogs.reason import ReasonDialog
from ui.dialogs.record_question import RecordQuestion
from ui.labels import paragraph
from ui.notice import Notice
from ui.pages.case_sections.case_data import CaseData
from ui.pages.case_sections.entry_table import EntryTable
from ui.pages.case_sections.gate_words import is_closed
from ui.pages.case_sections.section import Section
from ui.tasks import Cancelled, Progress, Task
from ui.widgets.record_form import RecordForm
from ui.widgets.small_button import section_button

PHRASES = (N_("Put into the wrong case file"), N_("The client asks for it"), N_("No longer needed"))
T = TypeVar("T")


class AttachmentsSection(Section):
    """What is in the list never leaves this computer but by a person's own act."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        """Begin with no attachments."""
        super().__init__(parent)
        self._context = context
        self._data: CaseData | None = None
        self._task: Task | None = None
        self.notice = Notice()
        self.table = EntryTable(ATTACHMENT)
        self.add_button = section_button(ATTACHMENT.plural, N_("Add a file …"), self.begin_entry)
        self.save_button = button(N_("Save outside …"), self.ask_save_outside)
        self.remove_button = button(N_("Remove …"), self.ask_remove)
        self.stop_button = button(N_("Stop"), self.stop)
        self.progress = QProgressBar()
        self._why = paragraph(
            _("Attachments stay on this computer and in its backup; syncing never sends them.")
        )
        self.empty = paragraph(_("Nothing here yet. Ctrl+Shift+N makes a new entry."))
        self._lay_out()
        self.table.itemSelectionChanged.connect(self._enable)
        self._show_working(False)
        self._enable()

    @property
    def title(self) -> str:
        """The section's heading with the number of attachments that were not removed."""
        count = sum(not entry.text("removed_on") for entry in self._entries())
        return f"{_(ATTACHMENT.plural)} ({count})" if count else _(ATTACHMENT.plural)

    def show_case(self, data: CaseData) -> None:
        """Show the attachments as they are now."""
        self._data = data
        entries = self._entries()
        self.table.show_records(entries, data.names(self._context.session))
        self.table.setVisible(bool(entries))
        self.empty.setVisible(not entries)
        self._enable()

    def take_focus(self) -> None:
        """Begin in the list, or at the button when it is empty."""
        (self.table if self._entries() else self.add_button).setFocus()

    def begin_entry(self) -> None:
        """Ask which file."""
        if self.add_button.isEnabled():
            name, _filter = QFileDialog.getOpenFileName(self, _("Add a file to the case file"))
            if name:
                self.ask_kind(Path(name))

    def ask_kind(self, path: Path) -> None:
        """Ask what the file is, then add it."""
        form = RecordForm(self._context, ATTACHMENT, ("attachment_kind", "attachment_name"))
        form.set_record(new_record(ATTACHMENT, attachment_kind="letter", attachment_name=path.name))
        question = RecordQuestion(
            _("Add a file"),
            _("A copy goes into the encrypted case file. The file outside stays: please delete it yourself."),
            N_("Add it"),
            form,
            ("attachment_kind", "attachment_name"),
            self,
        )
        question.answered.connect(partial(self.add, path))
        question.open()

    def add(self, path: Path, record: Record) -> None:
        """Copy the file into the case file, with progress."""
        if self._data is None:
            return
        session, case = self._context.session, self._data.case
        kind, name = record.text("attachment_kind"), record.text("attachment_name")

        def step(progress: Progress, cancelled: Cancelled) -> Saved:
            return attachments.add(session, case, path, kind, name, progress, cancelled)

        self._run(step, self._on_saved)

    def ask_save_outside(self) -> None:
        """Say what saving outside means, and ask for a place."""
        record = self.table.chosen()
        if record is None:
            return
        dialog = ConfirmDialog(
            _("Save outside"),
            _("Outside the case file nothing protects this file any more. That it was saved is noted."),
            N_("Choose a place …"),
            self,
        )
        dialog.confirmed.connect(partial(self._choose_place, record))
        dialog.open()

    def save_outside(self, record: Record, target: Path) -> None:
        """Write an attachment to a file."""
        session = self._context.session

        def step(progress: Progress, cancelled: Cancelled) -> None:
            attachments.save_outside(session, record, target, progress, cancelled)

        def told(_answer: None) -> None:
            self.notice.say(_("The file was saved outside."), "saved")
            if record.case is not None:
                self._context.note_read(record.case, EXPORT)

        self._run(step, told)

    def ask_remove(self) -> None:
        """Ask why an attachment goes."""
        record = self.table.chosen()
        if record is None:
            return
        dialog = ReasonDialog(
            _("Remove this attachment"),
            _("The content is erased on this computer; that there was one, and why it went, stays."),
            N_("Remove it"),
            PHRASES,
            self,
        )
        dialog.confirmed.connect(partial(self.remove, record))
        dialog.open()

    def remove(self, record: Record, reason: str) -> None:
        """Erase an attachment's content."""
        session = self._context.session
        self._context.lanes.database(
            lambda: attachments.remove(session, record, reason), self._on_saved, self._on_failed, owner=self
        )

    def stop(self) -> None:
        """Stop what is under way; nothing half of it stays."""
        if self._task is not None:
            self._task.cancel()

    def _choose_place(self, record: Record) -> None:
        name, _filter = QFileDialog.getSaveFileName(self, _("Save outside"), record.text("attachment_name"))
        if name:
            self.save_outside(record, Path(name))

    def _run(self, step: Callable[[Progress, Cancelled], T], done: Callable[[T], None]) -> None:
        self.notice.clear()
        self._show_working(True)
        task = self._context.lanes.network(step, done, self._on_failed, owner=self)
        task.progressed.connect(self._on_progressed)
        task.finished.connect(self._on_finished)
        self._task = task

    def _on_progressed(self, done: int, of: int) -> None:
        self.progress.setRange(0, max(of // 1024, 1))
        self.progress.setValue(done // 1024)

    def _on_finished(self) -> None:
        self._task = None
        self._show_working(False)

    def _on_saved(self, saved: Saved) -> None:
        self._context.changes.note_saved(saved.record)

    def _on_failed(self, error: KimError) -> None:
        self.notice.explain(error)

    def _entries(self) -> tuple[Record, ...]:
        return self._data.entries.get(ATTACHMENT.name, ()) if self._data else ()

    def _enable(self) -> None:
        chosen = self.table.chosen()
        there = chosen is not None and bool(chosen.text("attachment_name")) and not chosen.text("removed_on")
        free = self._task is None
        self.save_button.setEnabled(there and free)
        data = self._data
        writes = free and data is not None and not is_closed(ATTACHMENT, data)
        clears = free and data is not None and data.clears
        self.remove_button.setEnabled(there and (writes or clears))
        self.add_button.setEnabled(writes and data is not None and data.missing is None)

    def _show_working(self, working: bool) -> None:
        self.progress.setVisible(working)
        self.stop_button.setVisible(working)
        self._enable()

    def _lay_out(self) -> None:
        top, below, foot = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        top.addWidget(self._why, 1)
        top.addWidget(self.add_button)
        below.addWidget(self.progress, 1)
        below.addWidget(self.stop_button)
        foot.addStretch(1)
        foot.addWidget(self.save_button)
        foot.addWidget(self.remove_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(top)
        column.addWidget(self.notice)
        column.addLayout(below)
        column.addWidget(self.empty)
        column.addWidget(self.table)
        column.addLayout(foot)
        column.addStretch(1)
