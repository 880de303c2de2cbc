"""Values side by side, field by field; where they differ is said by a sign, weight and underline."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QLabel, QRadioButton, QWidget

from app.domain.schema import Field
from app.i18n import N_, _
from app.services.ports import Session
from ui.accessible import named
from ui.field_text import Names, value_text
from ui.pages.desk_parts.candidates import Candidate, Question, author_text, note_text, time_text
from ui.pages.desk_parts.word_marks import marked
from ui.widgets.record_form import same

TAKE = N_("Take value {number}, by {author}")


class ValueTable(QWidget):
    """A column for each value with a button to take it; `taken` carries its place."""

    taken = Signal(int)

    def __init__(
        self, session: Session, question: Question, names: Names, parent: QWidget | None = None
    ) -> None:
        """Show the values of `question`."""
        super().__init__(parent)
        self._session, self._question, self._names = session, question, names
        self.buttons = QButtonGroup(self)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setColumnStretch(0, 2)
        for place, candidate in enumerate(question.candidates):
            self._grid.setColumnStretch(place + 1, 3)
            self._head(place, candidate)
        shown = [item for item in question.register.fields if not item.internal]
        for row, item in enumerate(shown):
            self._line(row + 3, item)
        self.buttons.idClicked.connect(self.taken)

    @property
    def place(self) -> int | None:
        """The place of the value that is taken, None for none."""
        place = self.buttons.checkedId()
        return place if place >= 0 else None

    def take(self, place: int) -> None:
        """Take a value as a person would."""
        button = self.buttons.button(place)
        if button is not None:
            button.click()

    def leave(self) -> None:
        """Take none of them."""
        self.buttons.setExclusive(False)
        for button in self.buttons.buttons():
            button.setChecked(False)
        self.buttons.setExclusive(True)

    def _head(self, place: int, candidate: Candidate) -> None:
        author = author_text(self._session, candidate)
        take = QRadioButton(_("Take value {number}").format(number=place + 1))
        named(take, TAKE, number=place + 1, author=author)
        self.buttons.addButton(take, place)
        who = _text(f"{author}\n{time_text(candidate)}")
        self._grid.addWidget(take, 0, place + 1)
        self._grid.addWidget(who, 1, place + 1, Qt.AlignmentFlag.AlignTop)
        note = note_text(candidate, self._names)
        if note:
            self._grid.addWidget(_text(note), 2, place + 1, Qt.AlignmentFlag.AlignTop)

    def _line(self, row: int, item: Field) -> None:
        values = [candidate.values.get(item.name) for candidate in self._question.candidates]
        differs = any(not same(value, values[0]) for value in values)
        label = f"{_(item.label)} ≠" if differs else _(item.label)
        head = _bold(_text(label), bold=differs)
        if differs:
            head.setToolTip(_("The values differ here."))
        self._grid.addWidget(head, row, 0, Qt.AlignmentFlag.AlignTop)
        texts = [value_text(item, value, self._names) or _("(empty)") for value in values]
        for place, text in enumerate(texts):
            cell = self._cell(texts, place) if differs else _text(text)
            cell.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._grid.addWidget(cell, row, place + 1, Qt.AlignmentFlag.AlignTop)

    def _cell(self, texts: list[str], place: int) -> QLabel:
        """Mark what differs from the value beside it, or the whole where no word is shared."""
        other = texts[1 if place == 0 else 0]
        if not set(texts[place].split()) & set(other.split()):
            return _bold(_text(texts[place]), bold=True)
        label = _text("")
        label.setTextFormat(Qt.TextFormat.RichText)
        label.setText(marked(texts[place], other))
        return label


def _text(text: str) -> QLabel:
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(True)
    return made


def _bold(label: QLabel, *, bold: bool) -> QLabel:
    font = QFont(label.font())
    font.setBold(bold)
    label.setFont(font)
    return label
