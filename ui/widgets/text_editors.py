"""Inputs that are typed into: text, note, number, date, month, moment."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from app.domain.schema import Field, Value
from app.i18n import _
from ui.widgets import typed
from ui.widgets.field_editor import FieldEditor

NOTE_LINES = (4, 14)
"""Lines that a note shows at least, and at most before it scrolls."""


class TextEditor(FieldEditor):
    """One line of text."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        """Begin empty."""
        super().__init__(field, parent)
        self.line = QLineEdit()
        self.put(self.line)
        self.line.textEdited.connect(lambda _text: self.touched.emit())

    @property
    def input(self) -> QWidget:
        """The line."""
        return self.line

    def value(self) -> Value:
        """Give the text without blanks at its ends."""
        return self.line.text().strip() or None

    def show_value(self, value: Value) -> None:
        """Show the text."""
        self.line.setText("" if value is None else str(value))
        self.line.setCursorPosition(0)


class NoteEditor(FieldEditor):
    """Several lines of text; the tab key goes on to the next field."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        """Begin empty."""
        super().__init__(field, parent)
        self.area = QPlainTextEdit()
        self.area.setTabChangesFocus(True)
        self.put(self.area)
        self.area.textChanged.connect(self.touched)
        self.area.document().documentLayout().documentSizeChanged.connect(lambda _size: self._fit())
        self._fit()

    @property
    def input(self) -> QWidget:
        """The area."""
        return self.area

    def value(self) -> Value:
        """Give the text without blanks at its ends."""
        return self.area.toPlainText().strip() or None

    def show_value(self, value: Value) -> None:
        """Show the text."""
        with QSignalBlocker(self.area):
            self.area.setPlainText("" if value is None else str(value))

    def _fit(self) -> None:
        fewest, most = NOTE_LINES
        # A plain text document measures its height in lines.
        lines = min(max(round(self.area.document().size().height()) + 1, fewest), most)
        self.area.setFixedHeight(lines * QFontMetrics(self.area.font()).lineSpacing() + 12)


class ReadEditor(TextEditor):
    """A line that is read into a value when the person leaves it, and written again as it was understood."""

    def __init__(
        self,
        field: Field,
        read: Callable[[str], Value],
        write: Callable[[Value], str],
        hint: str,
        complaint: str,
    ) -> None:
        """`read` gives None for what it cannot read; `hint` shows the form, `complaint` asks for it."""
        super().__init__(field)
        self._read, self._write, self._complaint = read, write, complaint
        self.line.setPlaceholderText(hint)
        self.line.editingFinished.connect(self._tidy)

    def value(self) -> Value:
        """Give the value, or the text as typed when it cannot be read."""
        text = self.line.text().strip()
        found = self._read(text)
        return (text or None) if found is None else found

    def show_value(self, value: Value) -> None:
        """Show a value, or a text that a draft had kept."""
        super().show_value(self._written(value))

    def complaint(self) -> str:
        """Give the sentence when the text cannot be read."""
        text = self.line.text().strip()
        return self._complaint if text and self._read(text) is None else ""

    def _written(self, value: Value) -> str:
        if value is None:
            return ""
        try:
            return self._write(value)
        except (ValueError, TypeError):
            return str(value)

    def _tidy(self) -> None:
        found = self._read(self.line.text())
        if found is not None:
            self.line.setText(self._written(found))


def integer_editor(field: Field) -> ReadEditor:
    """Give an input for a whole number."""
    return ReadEditor(field, typed.read_number, str, "", _("Please write a whole number, such as 30."))


def date_editor(field: Field) -> ReadEditor:
    """Give an input for a day."""
    complaint = _("Please write day, month and year, such as 3.5.2026.")
    return ReadEditor(field, typed.read_date, _writer(typed.write_date), _("dd.mm.yyyy"), complaint)


def month_editor(field: Field) -> ReadEditor:
    """Give an input for a month."""
    complaint = _("Please write month and year, such as 5.2026.")
    return ReadEditor(field, typed.read_month, _writer(typed.write_month), _("mm.yyyy"), complaint)


def moment_editor(field: Field) -> ReadEditor:
    """Give an input for a day with a time."""
    complaint = _("Please write day and time, such as 3.5.2026 14:30.")
    return ReadEditor(field, typed.read_moment, _write_moment, _("dd.mm.yyyy hh:mm"), complaint)


def _writer(write: Callable[[str], str]) -> Callable[[Value], str]:
    def as_text(value: Value) -> str:
        # What a draft kept as it was typed is shown as it was typed.
        return write(value) if isinstance(value, str) and value[:1].isdigit() and "-" in value else str(value)

    return as_text


def _write_moment(value: Value) -> str:
    return typed.write_moment(value) if isinstance(value, int) else str(value)
