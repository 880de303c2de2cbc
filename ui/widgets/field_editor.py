"""What every input for a declared field can do."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.schema import Field, Value
from app.i18n import N_
from ui.accessible import named

NAME = N_("{record}: {field}")
PART = N_("{record}: {field}, {part}")


class FieldEditor(QWidget):
    """An input for one field.

    What cannot be read yet is given as the text that was typed, so that a draft keeps it.
    """

    touched = Signal()
    """A person changed the value."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        """Begin empty."""
        super().__init__(parent)
        self.field = field
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)

    def value(self) -> Value:
        """Give what stands in the input, None when it is empty."""
        raise NotImplementedError

    def show_value(self, value: Value) -> None:
        """Show a value; nobody is told."""
        raise NotImplementedError

    def complaint(self) -> str:
        """Give the sentence that says why the text cannot be read, or nothing."""
        return ""

    def give_name(self, record: str, field: str) -> None:
        """Name the input for the screen reader: the record and the field, in the language of the moment."""
        named(self.input, NAME, record=record, field=field)

    @property
    def input(self) -> QWidget:
        """The part that takes the focus."""
        raise NotImplementedError

    def put(self, widget: QWidget) -> None:
        """Make `widget` the input."""
        self.column.addWidget(widget)
        self.setFocusProxy(widget)
