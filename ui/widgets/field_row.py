"""One field of a form: label, input, and the sentence that says what is wrong with it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from app.domain.schema import Field, RecordType, Value
from app.i18n import _
from ui.accessible import announce
from ui.widgets.field_editor import FieldEditor

LABEL_MARGIN = 4
"""Pixels around a label, so that its text stands on the line of the input's text."""


class FieldRow(QWidget):
    """The input with its sentence below; `label` stands before it."""

    touched = Signal()

    def __init__(self, declared: RecordType, field: Field, editor: FieldEditor) -> None:
        """Put `editor` under the field's label."""
        super().__init__()
        self.field, self.editor = field, editor
        self.label = QLabel(_with_mark(field))
        self.label.setWordWrap(True)
        self.label.setMargin(LABEL_MARGIN)
        self.label.setBuddy(editor.input)
        editor.give_name(_(declared.label), _(field.label))
        self._hidden = _withheld_line(editor)
        self._problem = QLabel()
        self._problem.setWordWrap(True)
        self._problem.setTextFormat(Qt.TextFormat.PlainText)
        self._problem.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for part in (editor, self._hidden, self._problem):
            column.addWidget(part)
        self.setFocusProxy(editor)
        editor.touched.connect(self._on_touched)

    @property
    def withheld(self) -> bool:
        """Tell whether the value is not for this reader."""
        return not self._hidden.isHidden()

    @property
    def problem(self) -> str:
        """The sentence shown now."""
        return self._problem.text()

    def show_value(self, value: Value, *, withheld: bool) -> None:
        """Show a value, or that it is not for this reader."""
        self._hidden.setVisible(withheld)
        self.editor.setVisible(not withheld)
        self.editor.show_value(value)
        self.say("")

    def say(self, problem: str) -> None:
        """Show a sentence under the input, or none."""
        self._problem.setText(problem and f"⚠ {problem}")
        self._problem.setVisible(bool(problem))
        self.editor.input.setAccessibleDescription(problem)
        if problem:
            announce(self, problem)

    def complaint(self) -> str:
        """Give what is wrong with the value as it stands."""
        if self.withheld or not self.editor.isEnabled():
            return ""
        found = self.editor.complaint()
        if not found and self.field.required and self.editor.value() in (None, "", ()):
            return _("This is needed.")
        return found

    def _on_touched(self) -> None:
        self.say("")
        self.touched.emit()


def _with_mark(field: Field) -> str:
    text = _(field.label)
    return _("{field} (needed)").format(field=text) if field.required else text


def _withheld_line(editor: FieldEditor) -> QLineEdit:
    line = QLineEdit(_("Not for you to see"))
    line.setAccessibleName(editor.input.accessibleName())
    line.setEnabled(False)
    line.hide()
    return line
