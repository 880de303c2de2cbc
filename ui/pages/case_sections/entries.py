"""The entries of one type in a case file: a list, and below it the chosen one or a new one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app.domain.records import Record, new_record
from app.domain.schema import RecordType
from app.i18n import N_, _
from app.services import cases, deleting
from app.services.ports import Saved
from ui.accessible import only_if
from ui.context import ScreenContext
from ui.dialog_draft import keep_line
from ui.dialogs.reason import ReasonDialog
from ui.labels import paragraph
from ui.pages.case_sections.case_data import CaseData, draft_key
from ui.pages.case_sections.closed_record import ClosedRecord
from ui.pages.case_sections.entry_table import EntryTable
from ui.pages.case_sections.gate_words import is_closed, locked_registers, why_locked
from ui.pages.case_sections.new_entry import fresh_entry
from ui.pages.case_sections.record_editor import RecordEditor
from ui.pages.case_sections.section import Section
from ui.widgets.record_view import RecordView
from ui.widgets.small_button import section_button

DELETE_PHRASES = (N_("Entered twice"), N_("Belongs to somebody else"), N_("Entered by mistake"))
LIST_SHARE = 0.35
"""Part of the height that the list may take above a form, and above an entry that is only read."""
READ_SHARE = 0.55


class EntryAct(NamedTuple):
    """What can be done with an entry but reading it; `wish` is a catalogue id, `suits` tells with which."""

    wish: str
    do: Callable[[Record], None]
    suits: Callable[[Record], bool]


class EntriesSection(Section):
    """Made from the declaration alone; add-only entries are read, and corrected by a later one."""

    def __init__(
        self, context: ScreenContext, record_type: RecordType, parent: QWidget | None = None
    ) -> None:
        """Begin with no entries."""
        super().__init__(parent)
        self._context, self.record_type = context, record_type
        self._data: CaseData | None = None
        self._wish: Callable[[], None] | None = None
        self._allowed = True
        self._act: EntryAct | None = None
        self.act_button: QPushButton | None = None
        self._editor: RecordEditor | None = None
        self._view: RecordView | None = None
        self._closed: ClosedRecord | None = None
        self._is_made = False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the height between list and form."""
        super().resizeEvent(event)
        self._make()
        part = READ_SHARE if self.record_type.add_only else LIST_SHARE
        self.table.share(round(event.size().height() * part))

    def showEvent(self, event: QShowEvent) -> None:
        """Fill the section when it is looked at first: a page must stand at once."""
        super().showEvent(event)
        self._make()
        self._refresh()

    @property
    def editor(self) -> RecordEditor:
        """The form, made when it is needed first."""
        if self._editor is None:
            self._editor = RecordEditor(self._context, self.record_type)
            self._editor.saved.connect(self._on_saved)
            self._editor.decide_requested.connect(self.decide_requested)
            self._stack.addWidget(self._editor)
        return self._editor

    @property
    def view(self) -> RecordView:
        """An entry that was made once and for all, made when it is needed first."""
        if self._view is None:
            self._view = RecordView(self.record_type)
            self._stack.addWidget(self._view)
        return self._view

    @property
    def closed(self) -> ClosedRecord:
        """An entry in which nothing may be written now, made when it is needed first."""
        if self._closed is None:
            self._closed = ClosedRecord(self._context, self.record_type)
            self._stack.addWidget(self._closed)
        return self._closed

    @property
    def title(self) -> str:
        """The section's heading with the number of entries."""
        count = len(self._entries())
        plural = _(self.record_type.plural)
        text = f"{plural} ({count})" if count else plural
        return _("{section}, draft").format(section=text) if self._drafted() else text

    def show_case(self, data: CaseData) -> None:
        """Show the entries as they are now; at once only while somebody looks."""
        self._data = data
        if self.isVisible():
            self._refresh()

    def begin_entry(self) -> None:
        """Show an empty form; what was typed in the one before is saved first."""
        self._make()
        if self._data is None or not self.add_button.isEnabled():
            return
        if self._wish is not None:
            self._wish()
            return
        self.leave()
        self.table.choose(None)
        fresh = fresh_entry(self._context.session, self.record_type, self._data.case, self._entries())
        self.editor.show_record(fresh)
        self._stack.setCurrentWidget(self.editor)
        self.editor.form.focus_first()

    def delete_entry(self) -> None:
        """Delete the entry that is shown, with a reason."""
        entry = self._shown_entry()
        if entry is None:
            return
        dialog = ReasonDialog(
            _("Delete this entry"),
            _("It goes out of lists and figures and stays in the history. It can be brought back."),
            N_("Delete"),
            DELETE_PHRASES,
            parent=self,
        )
        keep_line(self._context, f"delete/{entry.id}", entry.case, dialog.reason, dialog)
        dialog.confirmed.connect(partial(self._delete, entry))
        dialog.open()

    def add_only_by(self, wish: Callable[[], None], *, allowed: bool) -> None:
        """Let `wish` make new entries instead of the form; `allowed` tells whether this person may."""
        self._wish = wish
        self._allowed = allowed

    def offer_act(self, act: EntryAct) -> None:
        """Offer to do something with the chosen entry."""
        self._act = act

    def save(self) -> None:
        """Make a change of what was typed."""
        if self._edits():
            self.editor.save()

    def leave(self) -> None:
        """Make a change of what was typed, or keep it as a draft."""
        if self._edits():
            self.editor.leave()

    def finish(self) -> None:
        """Make a change of what was typed although the page goes."""
        if self._edits():
            self.editor.finish()

    def keep_drafts(self) -> None:
        """Keep what was typed."""
        if self._edits():
            self.editor.keep_draft()

    def take_focus(self) -> None:
        """Begin in the list, or at the button when it is empty."""
        self._make()
        (self.table if self._entries() else self.add_button).setFocus()

    def show_record(self, record: Record) -> None:
        """Show an entry: to edit it, or to read one that was made once and for all."""
        if self._data is None:
            return
        self.table.choose(record.id)
        if self._is_closed:
            self.closed.show_record(record, self._data.names(self._context.session))
            self._stack.setCurrentWidget(self.closed)
        elif self.record_type.add_only:
            self.view.show_record(record, self._data.names(self._context.session))
            self._stack.setCurrentWidget(self.view)
        else:
            self.editor.show_record(record)
            self._stack.setCurrentWidget(self.editor)
        self._enable_acts()

    def _make(self) -> None:
        """Make what stands in the section when it is looked at first: there are a dozen of them in a page."""
        if self._is_made:
            return
        self._is_made = True
        plural = self.record_type.plural
        self.table = EntryTable(self.record_type)
        self.empty = paragraph("")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.add_button = section_button(plural, N_("New entry"), self.begin_entry)
        self.delete_button = section_button(plural, N_("Delete …"), self.delete_entry)
        only_if(self.record_type.deletable, self.delete_button)
        if self._act is not None:
            self.act_button = section_button(plural, self._act.wish, self._do_act)
        self._why = QLabel()
        self._stack = QStackedWidget()
        self._lay_out()
        self.table.entry_chosen.connect(self._on_entry_chosen)

    def _enable_acts(self) -> None:
        self.delete_button.setEnabled(self._shown_entry() is not None and not self._is_closed)
        chosen = self.table.chosen()
        if self._act is not None and self.act_button is not None:
            fits = chosen is not None and self._act.suits(chosen)
            self.act_button.setEnabled(fits and not self._is_closed)

    def _do_act(self) -> None:
        chosen = self.table.chosen()
        if self._act is not None and chosen is not None:
            self._act.do(chosen)

    @property
    def _is_closed(self) -> bool:
        return self._data is None or is_closed(self.record_type, self._data)

    def _close(self) -> None:
        """Nothing may be written any more: what was typed stays a draft, and is offered below the text."""
        shown = self.editor.form.base
        self.editor.put_away()
        self.show_record(shown)

    def _show_again(self) -> None:
        chosen = self.table.chosen()
        if chosen is None:
            self._show_first()
        else:
            self.show_record(chosen)

    def _shown_entry(self) -> Record | None:
        known = self._edits() and self.editor.form.base.id is not None
        return self.editor.form.base if known else None

    def _delete(self, entry: Record, reason: str) -> None:
        session = self._context.session

        def delete() -> Saved:
            cases.drop_draft(session, draft_key(entry))
            return deleting.delete_record(session, entry, reason)

        self._context.lanes.database(delete, self._on_deleted, owner=self)

    def _on_deleted(self, saved: Saved) -> None:
        self._stack.setCurrentWidget(self.empty)
        self.table.choose(None)
        self._context.changes.note_saved(saved.record)

    def _edits(self) -> bool:
        return self._editor is not None and self._stack.currentWidget() is self._editor

    def _refresh(self) -> None:
        if self._data is None:
            return
        first = not self.table.is_filled
        self.table.show_records(self._entries(), self._data.names(self._context.session))
        self.table.setVisible(bool(self._entries()))
        missing, closed = self._data.missing, is_closed(self.record_type, self._data)
        why = why_locked(missing) if locked_registers(self.record_type, missing) else ""
        self.add_button.setEnabled(not why and not closed and self._allowed)
        self._enable_acts()
        self._why.setText(why or self._kind_text())
        self.empty.setText(self._empty_text(bool(why) or closed))
        if closed and self._edits():
            self._close()
        elif self._closed is not None and self._stack.currentWidget() is self._closed:
            self._show_again()
        elif self._edits():
            known = {entry.id: entry for entry in self._entries()}.get(self.editor.form.base.id)
            if known is not None:
                self.editor.note_record(known)
            elif self.editor.form.base.id is not None:
                self._leave_gone_entry()
        elif first or self.table.chosen() is None:
            self._show_first()

    def _entries(self) -> tuple[Record, ...]:
        return self._data.entries.get(self.record_type.name, ()) if self._data else ()

    def _drafted(self) -> list[Record]:
        if self._data is None:
            return []
        case, drafts = self._data.case, self._data.drafts
        found = (new_record(self.record_type, case), *self._entries())
        return [record for record in found if draft_key(record) in drafts]

    def _show_first(self) -> None:
        entries, drafted = self._entries(), self._drafted()
        if drafted and drafted[0].id is None and not self._is_closed:
            self.begin_entry()
        elif drafted or entries:
            self.show_record((drafted or entries)[0])
        else:
            self._stack.setCurrentWidget(self.empty)

    def _kind_text(self) -> str:
        add_only = self.record_type.add_only
        return _("Entries stay as they were made; a later one corrects an earlier one.") if add_only else ""

    def _empty_text(self, waits: bool) -> str:
        if not self._allowed:
            return _("Nothing here yet. New entries are made by a supervisor.")
        return _("Nothing here yet.") if waits else _("Nothing here yet. Ctrl+Shift+N makes a new entry.")

    def _leave_gone_entry(self) -> None:
        """Somebody deleted the shown entry, or it went along with a person; what was typed stays a draft."""
        self.editor.keep_draft()
        self._stack.setCurrentWidget(self.empty)
        self.delete_button.setEnabled(False)
        self.empty.setText(_("The entry that stood here was deleted or belongs to another case file now."))

    def _on_entry_chosen(self, record: Record) -> None:
        self.leave()
        self.show_record(record)

    def _on_saved(self, saved: Saved) -> None:
        if self.record_type.add_only:
            # The next entry must never be written over this one.
            self._stack.setCurrentWidget(self.empty)
        self.table.choose(saved.record.id)

    def _lay_out(self) -> None:
        self._stack.addWidget(self.empty)
        top = QHBoxLayout()
        self._why.setWordWrap(True)
        top.addWidget(self._why, 1)
        if self.act_button is not None:
            top.addWidget(self.act_button)
        top.addWidget(self.delete_button)
        top.addWidget(self.add_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(top)
        column.addWidget(self.table)
        column.addWidget(self._stack, 1)
