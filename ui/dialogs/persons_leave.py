"""Persons who leave a case file for one of their own: who, with what, and why."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QLineEdit, QVBoxLayout, QWidget

from app.domain.dots import Dot
from app.domain.errors import KimError
from app.domain.records import Record
from app.i18n import N_, _, ngettext
from app.services import case_splitting
from app.services.case_splitting import CaseSplitting
from ui.accessible import button, named
from ui.context import ScreenContext
from ui.dialog_draft import keep_line
from ui.dialogs.button_row import button_row
from ui.field_text import Names, field_text
from ui.labels import paragraph
from ui.notice import Notice
from ui.sizes import grow_to_content
from ui.widgets.phrase_row import add_reason

WIDTH_LETTERS = 70
PHRASES = (N_("For protection"), N_("They live apart now"), N_("The client wishes it"))
PERSON = N_("Leaves: {label}")
TOLD_BY = ("label", "household_role", "gender", "birth_year")


class PersonsLeaveDialog(QDialog):
    """`left` carries the new case file and what went along (CaseSplitting)."""

    left = Signal(object)

    def __init__(
        self, context: ScreenContext, case: Dot, persons: Sequence[Record], parent: QWidget | None = None
    ) -> None:
        """Offer the persons of a case file."""
        super().__init__(parent)
        self.setWindowTitle(_("Persons leave this case file"))
        self.setMinimumWidth(WIDTH_LETTERS * self.fontMetrics().averageCharWidth())
        self._context, self._case = context, case
        names = Names(context.session.members)
        self.boxes = {person.id: _box(person, names) for person in persons if person.id is not None}
        self.along, self.reason, self.notice = paragraph(""), QLineEdit(), Notice()
        self.leave_button = button(N_("Open a case file for them"), self.split)
        self._lay_out()
        keep_line(context, "persons-leave", case, self.reason, self)
        for box in self.boxes.values():
            box.toggled.connect(lambda _on: self._on_chosen())
        self.reason.textChanged.connect(lambda _text: self._refresh())
        self._on_chosen()

    @property
    def chosen(self) -> tuple[Dot, ...]:
        """The persons who are to leave."""
        return tuple(person for person, box in self.boxes.items() if box.isChecked())

    def split(self) -> None:
        """Open the new case file and let them leave."""
        session, case, persons, reason = self._context.session, self._case, self.chosen, self.reason.text()
        self.leave_button.setEnabled(False)
        self._context.lanes.database(
            lambda: case_splitting.split_case_file(session, case, persons, {}, reason),
            self._on_split,
            self._on_failed,
            owner=self,
        )

    def _on_chosen(self) -> None:
        session, case, persons = self._context.session, self._case, self.chosen
        self._context.lanes.reading(
            lambda: len(case_splitting.leaving_with(session, case, persons)) - len(persons),
            self._show_along,
            owner=self,
        )
        self._refresh()

    def _show_along(self, count: int) -> None:
        text = ngettext(
            "{count} entry about them alone goes along.", "{count} entries about them alone go along.", count
        )
        self.along.setText(text.format(count=count))
        grow_to_content(self)

    def _on_split(self, done: CaseSplitting) -> None:
        self._context.changes.note_saved(done.case_file, done.entry, *done.moved)
        self.left.emit(done)
        self.accept()

    def _on_failed(self, error: KimError) -> None:
        self.notice.explain(error)
        grow_to_content(self)
        self._refresh()

    def _refresh(self) -> None:
        count = len(self.chosen)
        self.leave_button.setEnabled(0 < count < len(self.boxes) and bool(self.reason.text().strip()))

    def _lay_out(self) -> None:
        cancel = button(N_("Cancel"), self.reject)
        buttons = button_row(self.leave_button, away=cancel, enter=self.leave_button)
        column = QVBoxLayout(self)
        column.addWidget(
            paragraph(
                _(
                    "They get a case file with a number and consents of its own. Who reads this case file "
                    "gets nothing new about them any more, and neither side is told of the other on paper. "
                    "Sheet and consent have to be given anew."
                )
            )
        )
        for box in self.boxes.values():
            column.addWidget(box)
        column.addWidget(self.along)
        add_reason(column, self.reason, PHRASES)
        column.addWidget(self.notice)
        column.addWidget(buttons)
        self.resize(self.minimumWidth(), 0)
        grow_to_content(self)


def _box(person: Record, names: Names) -> QCheckBox:
    """Who is meant: labels repeat where two case files are read as one."""
    texts = (field_text(person, name, names) for name in TOLD_BY)
    label = " · ".join(text for text in texts if text)
    return named(QCheckBox(label), PERSON, label=label)
