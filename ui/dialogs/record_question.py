"""A question that a small form answers: nothing is saved here, the answer goes to who asked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from app.i18n import N_
from ui.accessible import button
from ui.dialogs.button_row import button_row
from ui.labels import paragraph
from ui.widgets.record_form import RecordForm

WIDTH_LETTERS = 72


class RecordQuestion(QDialog):
    """`answered` carries the record as it was filled in."""

    answered = Signal(object)

    def __init__(
        self,
        title: str,
        text: str,
        wish: str,
        form: RecordForm,
        needed: Sequence[str] = (),
        parent: QWidget | None = None,
    ) -> None:
        """Say `text` above `form`; `wish` (a catalogue id) is the button, free once `needed` is filled in."""
        super().__init__(parent)
        self.setWindowTitle(title)
        self.form, self._needed = form, tuple(needed)
        self._above: RecordForm | None = None
        self.go_on = button(wish, self._confirm)
        buttons = button_row(self.go_on, away=button(N_("Cancel"), self.reject), enter=self.go_on)
        column = QVBoxLayout(self)
        self._column = column
        column.addWidget(paragraph(text))
        column.addWidget(form, 1)
        column.addWidget(buttons)
        self.setMinimumWidth(WIDTH_LETTERS * self.fontMetrics().averageCharWidth())
        form.edited_changed.connect(self._enable)
        self._enable()
        form.focus_first()

    def put_above(self, form: RecordForm) -> None:
        """Put another small form above the first one; all of its fields are needed."""
        self._column.insertWidget(1, form)
        self._above = form
        form.edited_changed.connect(self._enable)
        self._enable()
        form.focus_first()

    def _enable(self) -> None:
        record = self.form.edited()
        complete = all(record.get(name) not in (None, "") for name in self._needed)
        above = self._above is None or self._above.is_edited()
        self.go_on.setEnabled(complete and above)

    def _confirm(self) -> None:
        self.answered.emit(self.form.edited())
        self.accept()
