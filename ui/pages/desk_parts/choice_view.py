"""Choosing between values: take one or write a third, with a reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.domain.errors import KimError
from app.domain.keep_both import keep_all
from app.i18n import N_, _
from ui.accessible import button, label_for, named, only_if
from ui.context import ScreenContext
from ui.dialog_draft import keep_line
from ui.field_text import Names
from ui.labels import heading, paragraph
from ui.notice import Notice
from ui.pages.desk_parts.candidates import Question
from ui.pages.desk_parts.value_table import ValueTable
from ui.shortcuts import bind
from ui.widgets.phrase_row import phrase_row
from ui.widgets.record_form import RecordForm

PHRASES = (
    N_("Asked both, this one is right"),
    N_("The newer information counts"),
    N_("The client confirmed it"),
)


class ChoiceView(QWidget):
    """`decided` carries the values of the register and the reason."""

    decided = Signal(object, str)

    def __init__(
        self,
        context: ScreenContext,
        question: Question,
        names: Names,
        wish: str,
        parent: QWidget | None = None,
    ) -> None:
        """Show `question`; `wish` (a catalogue id) is the button that decides."""
        super().__init__(parent)
        self.question = question
        self.table = ValueTable(context.session, question, names)
        self.third = named(QRadioButton(_("Write another value (3)")), N_("Write another value (3)"))
        self.table.buttons.addButton(self.third, len(question.candidates))
        self.form = RecordForm(context, question.record_type, question.register.field_names)
        self.both = self._both_button(question)
        self.reason = QLineEdit()
        self.notice = Notice()
        self.decide_button = button(wish, self.decide)
        self._begin_form(question)
        self._lay_out()
        key = f"decide/{question.record.id}/{question.register.name}"
        self._draft = keep_line(context, key, question.record.case, self.reason, self)
        self._connect()
        self._refresh()

    def take(self, place: int) -> None:
        """Take the value at a place, from 0; the place after the last one writes another."""
        self.table.take(place)

    def decide(self) -> None:
        """Give the decision out, unless something is missing."""
        if self._writes_third and self.form.complain():
            return
        if not self.reason.text().strip():
            self.notice.say(_("Please write a reason: it is kept with the decision."), "conflict")
            self.reason.setFocus()
            return
        self.decide_button.setEnabled(False)
        self._draft.forget()
        self.decided.emit(self._values(), self.reason.text().strip())

    def keep_both(self) -> None:
        """Write what every side wrote as another value, to be read before it is decided."""
        kept = keep_all(self.question.register, [item.values for item in self.question.candidates])
        if kept is not None:
            self.third.click()
            self.form.show_values(kept)

    def explain(self, error: KimError) -> None:
        """Say why the decision could not be written."""
        self.notice.explain(error)
        self._refresh()

    def take_focus(self) -> None:
        """Begin at the first value."""
        first = self.table.buttons.button(0)
        if first is not None:
            first.setFocus()

    @property
    def _writes_third(self) -> bool:
        return self.third.isChecked()

    def _values(self) -> dict[str, object]:
        names = self.question.register.field_names
        if self._writes_third:
            edited = self.form.edited()
            return {name: edited.get(name) for name in names}
        place = self.table.place or 0
        return dict(self.question.candidates[place].values)

    def _begin_form(self, question: Question) -> None:
        blank = dict.fromkeys(question.register.field_names)
        record = question.record.edited(**{**blank, **question.candidates[0].values})
        self.form.set_record(replace(record, conflicts=frozenset()))
        self.form.setVisible(False)

    def _both_button(self, question: Question) -> QPushButton:
        made = button(N_("Keep both"), self.keep_both)
        kept = keep_all(question.register, [item.values for item in question.candidates])
        asked = len(question.candidates) > 1 and all(item.wrote is None for item in question.candidates)
        only_if(asked and kept is not None and bool(self.form.parts), made)
        return made

    def _connect(self) -> None:
        self.table.taken.connect(lambda _place: self._refresh())
        self.third.toggled.connect(self._on_third)

    def _on_third(self, on: bool) -> None:
        self.form.setVisible(on)
        if on:
            self.form.focus_first()

    def _refresh(self) -> None:
        self.decide_button.setEnabled(self.table.buttons.checkedId() >= 0)

    def _lay_out(self) -> None:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.addWidget(heading(self.question.title))
        column.addWidget(
            paragraph(
                _("Where ≠ stands, the values differ. Whatever you choose, the others stay in the history.")
            )
        )
        # What the program works out itself is chosen, never typed.
        only_if(bool(self.form.parts), self.third)
        for part in (self.table, self.both, self.third, self.form):
            column.addWidget(part)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inner)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area, 1)
        whole.addWidget(self.notice)
        whole.addWidget(phrase_row(self.reason, PHRASES))
        whole.addLayout(self._foot())

    def _foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.addWidget(label_for(self.reason, N_("Reason for the decision")))
        foot.addWidget(self.reason, 1)
        foot.addWidget(self.decide_button)
        self.reason.returnPressed.connect(self.decide_button.click)
        return foot


def bind_choice(window: QWidget, view: Callable[[], ChoiceView | None]) -> None:
    """Let the keys of the table choose in `view` wherever the focus is in `window`."""

    def take(place: int) -> None:
        shown = view()
        if shown is not None:
            shown.take(place)
            shown.reason.setFocus()

    def write_third() -> None:
        shown = view()
        if shown is not None:
            shown.third.click()

    bind("take_first", window, partial(take, 0))
    bind("take_second", window, partial(take, 1))
    bind("write_third", window, write_third)
