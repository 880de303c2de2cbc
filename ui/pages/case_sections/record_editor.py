"""A form that keeps itself: a draft while typing, a change on saving, an undo with a name after it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.domain.errors import KimError
from app.domain.records import Record
from app.domain.schema import RecordType
from app.i18n import N_, _
from app.services import cases
from app.services.ports import Draft, Saved
from ui.accessible import announce
from ui.context import ScreenContext
from ui.notice import Notice
from ui.pages.case_sections.case_data import draft_key
from ui.pages.case_sections.undo_button import UndoButton
from ui.widgets.elided_label import ElidedLabel
from ui.widgets.record_form import RecordForm
from ui.widgets.small_button import section_button

DRAFT_MS = 2000


class RecordEditor(QWidget):
    """One record of a case file, new or known."""

    saved = Signal(object)
    """What a save did (Saved)."""
    decide_requested = Signal(object, str)
    """Record id and register whose values are to be compared."""

    def __init__(
        self,
        context: ScreenContext,
        record_type: RecordType,
        names: Sequence[str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """Begin with no record; `names` picks fields."""
        super().__init__(parent)
        self._context, self._type = context, record_type
        self.form = RecordForm(context, record_type, names)
        self.notice = Notice()
        self.state = ElidedLabel()
        self.undo = UndoButton(context, record_type)
        self.save_button = section_button(record_type.plural, N_("Save"), self.save)
        self.discard_button = section_button(record_type.plural, N_("Discard"), self.discard)
        self._pause = QTimer(self, interval=DRAFT_MS, singleShot=True)
        self._busy = False
        self._lay_out()
        self._pause.timeout.connect(self.keep_draft)
        self.form.edited_changed.connect(self._on_edited)
        self.form.decide_requested.connect(self._on_decide_requested)
        self.undo.undone.connect(self._on_undone)

    @property
    def key(self) -> str:
        """The key of this record's draft."""
        return draft_key(self.form.base)

    def show_record(self, record: Record) -> None:
        """Show a record, and over it the draft that was left."""
        self._pause.stop()
        self.form.set_record(record)
        self.notice.clear()
        self.undo.forget()
        self._show_state()
        store, key = self._context.session.store, self.key
        # In the writing lane: a draft that is just being kept must be seen.
        self._context.lanes.database(
            lambda: store.queries.draft(key), partial(self._on_draft, record), owner=self
        )

    def note_record(self, record: Record) -> None:
        """Take in what a round or another window wrote, without touching what is typed here."""
        if record.id != self.form.base.id or self._busy:
            return
        moved = self.form.refresh(record)
        if moved:
            names = ", ".join(_(label) for label in moved)
            text = _(
                "Somebody else wrote here meanwhile: {names}. When you save, both values are kept, "
                "and you are asked to decide."
            )
            self.notice.say(text.format(names=names), "conflict")

    def leave(self) -> None:
        """Make a change of what was typed; what cannot be saved stays a draft."""
        if self.form.is_edited() and not self._busy:
            if self.form.complain():
                self.keep_draft()
            else:
                self.save()

    def finish(self) -> None:
        """Make a change of what was typed although this form goes; what cannot be saved stays a draft."""
        self.keep_draft()
        if not self.form.is_edited() or self._busy or self.form.complain():
            return
        changes = self._context.changes
        self._context.lanes.database(
            self._saving(),
            lambda saved: changes.note_saved(saved.record),
            lambda _error: None,  # the draft is there, and says why when the form opens again
            owner=changes,
        )

    def keep_draft(self) -> None:
        """Put what was typed into the store, encrypted, as a draft."""
        self._pause.stop()
        if not self.form.is_edited() or self._busy:
            return
        session = self._context.session
        draft = Draft(self.key, self.form.base, dict(self.form.edited().values))
        self._context.lanes.database(
            lambda: cases.keep_draft(session, draft), lambda _done: None, owner=self._context.lanes
        )

    def put_away(self) -> None:
        """Keep what was typed as a draft and hold it no longer: it can't be saved here for now."""
        self.keep_draft()
        self._pause.stop()
        self.form.set_record(self.form.base)
        self.undo.forget()

    def save(self) -> None:
        """Make a change of what was typed."""
        self._pause.stop()
        fresh = self.form.base.id is None
        if self._busy or not (fresh or self.form.is_edited()) or self.form.complain():
            return
        base, sent = self.form.base, self.form.edited()
        work = self._saving()
        self._busy = True
        self._context.lanes.database(work, partial(self._on_saved, base, sent), self._on_failed, owner=self)

    def discard(self) -> None:
        """Show the record as it was before typing, and forget the draft."""
        self._pause.stop()
        session, key = self._context.session, self.key
        self.form.set_record(self.form.base)
        self.notice.clear()
        self._show_state()
        self._context.lanes.database(
            lambda: cases.drop_draft(session, key), lambda _done: None, owner=self._context.lanes
        )

    def _saving(self) -> Callable[[], Saved]:
        session, key = self._context.session, self.key
        base, sent = self.form.base, self.form.edited()
        return lambda: cases.save_record(session, base if base.id else None, sent, key)

    def _lay_out(self) -> None:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 6, 0)
        column.addWidget(self.form)
        column.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(inner)
        foot = QHBoxLayout()
        foot.addWidget(self.state, 1)
        for item in (self.undo, self.discard_button, self.save_button):
            foot.addWidget(item)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.notice)
        whole.addWidget(self.area, 1)
        whole.addLayout(foot)

    def _show_state(self) -> None:
        edited = self.form.is_edited()
        known = self.form.base.id is not None
        self.save_button.setEnabled(edited or not known)
        self.discard_button.setEnabled(edited)
        if edited:
            self.state.setText(_("Not saved yet; a draft is kept."))
        else:
            self.state.setText(_("Saved here") if known else "")

    def _on_edited(self) -> None:
        self._pause.start()
        self._show_state()

    def _on_draft(self, record: Record, draft: Draft | None) -> None:
        if draft is None or self.form.is_edited() or self.form.base.id != record.id:
            return
        self.form.restore(draft.base, draft.values)
        self.note_record(record)
        if self.form.is_edited():
            self.notice.say(_("Draft restored: what you had typed is here again. “Discard” takes it away."))
        self._show_state()

    def _on_saved(self, base: Record, sent: Record, saved: Saved) -> None:
        self._busy = False
        self.form.rebase(saved.record, sent)
        self.notice.clear()
        if saved.conflicts:
            self._say_conflict(saved)
        elif base.id is not None and saved.changed:
            self.undo.offer(base, saved)
        self._show_state()
        announce(self, _("Saved here"))
        self._context.changes.note_saved(saved.record)
        self.saved.emit(saved)

    def _say_conflict(self, saved: Saved) -> None:
        labels = (_(self._type.register_by_name[name].label) for name in saved.conflicts)
        text = _(
            "Saved, but somebody else had written here too: {names}. Both values are kept; "
            "the one shown is provisional until one of you decides."
        )
        self.notice.say(text.format(names=", ".join(labels)), "conflict")

    def _on_failed(self, error: KimError) -> None:
        self._busy = False
        self.notice.explain(error)
        self.keep_draft()
        self._show_state()

    def _on_undone(self, saved: Saved) -> None:
        self.form.refresh(saved.record)
        self._show_state()
        self._context.changes.note_saved(saved.record)
        self.saved.emit(saved)

    def _on_decide_requested(self, register: str) -> None:
        self.decide_requested.emit(self.form.base.id, register)
