"""A form in a dialog: one record, saved or not at all."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QScrollArea, QVBoxLayout, QWidget

from app.domain.errors import KimError
from app.domain.records import Record
from app.domain.schema import Value
from app.i18n import N_, _
from app.services.ports import Draft, Saved
from ui.accessible import button
from ui.context import ScreenContext
from ui.dialog_draft import DialogDraft
from ui.dialogs.button_row import button_row
from ui.labels import paragraph
from ui.notice import Notice
from ui.widgets.record_form import RecordForm

WIDTH_LETTERS = 72
AROUND_LINES = 9
"""Lines that the sentence above the form and the buttons below it take."""
Save = Callable[[Record], Saved]


class FormDialog(QDialog):
    """`saved` carries what the save did."""

    saved = Signal(object)

    def __init__(
        self,
        context: ScreenContext,
        title: str,
        intro: str,
        form: RecordForm,
        save: Save,
        parent: QWidget | None = None,
        kind: str = "",
        wish: str = N_("Note it"),
    ) -> None:
        """Show `form` under `intro`; `save` runs in the writing lane. Titles never hold client data.

        `kind` tells dialogs over one record type apart, so that each has a draft of its own; `wish`
        (a catalogue id) is the button that saves.
        """
        super().__init__(parent)
        self.setWindowTitle(title)
        self._context, self._save = context, save
        self.form, self.notice = form, Notice()
        self.intro = paragraph(intro)
        self.save_button = button(wish, self.save)
        self._lay_out()
        key = f"{form.record_type.name}/{kind}/{form.base.case}"
        self._draft = DialogDraft(context, key, self._typed, self._restore, self)
        form.edited_changed.connect(self._draft.note_typing)
        self.finished.connect(lambda _result: self._draft.forget())
        self.form.focus_first()

    def save(self) -> None:
        """Save the record, unless something must be corrected."""
        if self.form.complain():
            return
        record, work = self.form.edited(), self._save
        self.save_button.setEnabled(False)
        self._context.lanes.database(lambda: work(record), self._on_saved, self._on_failed, owner=self)

    def _typed(self) -> tuple[Record, dict[str, Value]] | None:
        return (self.form.base, dict(self.form.edited().values)) if self.form.is_edited() else None

    def _restore(self, draft: Draft) -> None:
        self.form.restore(self.form.base, draft.values)
        self.notice.say(_("Draft restored: what you had typed is here again. “Cancel” takes it away."))

    def _lay_out(self) -> None:
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self.form)
        cancel = button(N_("Cancel"), self.reject)
        buttons = button_row(self.save_button, away=cancel, enter=self.save_button)
        column = QVBoxLayout(self)
        column.addWidget(self.intro)
        column.addWidget(scroll, 1)
        column.addWidget(self.notice)
        column.addWidget(buttons)
        metrics, room = self.fontMetrics(), self.screen().availableSize()
        wanted = self.form.sizeHint().height() + AROUND_LINES * metrics.height()
        self.resize(min(WIDTH_LETTERS * metrics.averageCharWidth(), room.width()), min(wanted, room.height()))

    def _on_saved(self, saved: Saved) -> None:
        self._context.changes.note_saved(saved.record)
        self.saved.emit(saved)
        self.accept()

    def _on_failed(self, error: KimError) -> None:
        self.save_button.setEnabled(True)
        self.notice.explain(error)
