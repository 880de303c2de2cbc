"""Inputs that take several: codes of a short list, codes of a long one, texts."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QToolButton, QWidget

from app.domain.schema import Field, Value
from app.i18n import _
from ui.accessible import named
from ui.display import sorted_codes
from ui.flow_layout import FlowLayout
from ui.widgets.choice_box import ChoiceBox
from ui.widgets.field_editor import NAME, PART, FieldEditor

SHORT = 13
"""A list up to this length is shown whole, one box to tick for each code."""


class TickedCodes(FieldEditor):
    """A box to tick for each code of a short list."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        """Begin with none ticked."""
        super().__init__(field, parent)
        self._group = QWidget()
        flow = FlowLayout(self._group)
        self.boxes = {code: QCheckBox(text) for code, text in sorted_codes(field)}
        self._unknown: tuple[str, ...] = ()
        for box in self.boxes.values():
            flow.addWidget(box)
            box.clicked.connect(lambda _checked: self.touched.emit())
        self.column.addWidget(self._group)
        self.setFocusProxy(self.input)

    @property
    def input(self) -> QWidget:
        """The first box."""
        return next(iter(self.boxes.values()), self._group)

    def give_name(self, record: str, field: str) -> None:
        """Name every box by the field and its code."""
        for box in self.boxes.values():
            named(box, PART, record=record, field=field, part=box.text())

    def value(self) -> Value:
        """Give the ticked codes, and those that only a newer program knows."""
        return (*(code for code, box in self.boxes.items() if box.isChecked()), *self._unknown) or None

    def show_value(self, value: Value) -> None:
        """Tick the codes."""
        given = tuple(str(code) for code in value) if isinstance(value, tuple) else ()
        self._unknown = tuple(code for code in given if code not in self.boxes)
        for code, box in self.boxes.items():
            box.setChecked(code in given)


class Chips(QWidget):
    """Texts in a row, each a button that takes it away."""

    removed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin empty."""
        super().__init__(parent)
        self._flow = FlowLayout(self)
        self._record = self._field = ""

    def name_by(self, record: str, field: str) -> None:
        """Keep what the buttons are named after."""
        self._record, self._field = record, field

    def show_texts(self, texts: dict[str, str]) -> None:
        """Show these texts by key."""
        while item := self._flow.takeAt(0):
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        for key, text in texts.items():
            self._flow.addWidget(self._chip(key, text))
        self.setVisible(bool(texts))

    def _chip(self, key: str, text: str) -> QToolButton:
        part = _("take {text} away").format(text=text)
        chip = named(QToolButton(self), PART, record=self._record, field=self._field, part=part)
        chip.setText(f"{text}  ✕")
        chip.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        chip.clicked.connect(lambda _checked=False: self.removed.emit(key))
        return chip


class ChipsEditor(FieldEditor):
    """What was chosen or typed stands as chips over the input; the order is kept."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        """Begin empty."""
        super().__init__(field, parent)
        self._items: list[str] = []
        self.chips = Chips()
        self.chips.removed.connect(self._on_removed)
        self.column.addWidget(self.chips)

    def give_name(self, record: str, field: str) -> None:
        """Name the input and the chips."""
        named(self.input, NAME, record=record, field=field)
        self.chips.name_by(record, field)
        self._refresh()

    def value(self) -> Value:
        """Give the entries in their order."""
        return tuple(self._items) or None

    def show_value(self, value: Value) -> None:
        """Show the entries."""
        self._items = [str(item) for item in value] if isinstance(value, tuple) else []
        self._refresh()

    def add(self, item: str) -> None:
        """Add an entry, once."""
        if item and item not in self._items:
            self._items.append(item)
            self._refresh()
            self.touched.emit()

    def _text(self, item: str) -> str:
        return item

    def _on_removed(self, item: str) -> None:
        self._items.remove(item)
        self._refresh()
        self.input.setFocus()
        self.touched.emit()

    def _refresh(self) -> None:
        self.chips.show_texts({item: self._text(item) for item in self._items})


class FoundCodes(ChipsEditor):
    """Codes of a long list: type a part of the name, Enter takes it."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        """Offer the list."""
        super().__init__(field, parent)
        self._labels = dict(sorted_codes(field))
        self.box = ChoiceBox()
        self.box.offer(self._labels.items(), nothing="")
        line = self.box.lineEdit()
        if line is not None:
            line.setPlaceholderText(_("Type to find, Enter adds"))
        self.put(self.box)
        # Queued: the completer writes the chosen text into the line after it told of the choice.
        self.box.chosen.connect(self._on_chosen, Qt.ConnectionType.QueuedConnection)

    @property
    def input(self) -> QWidget:
        """The list."""
        return self.box

    def complaint(self) -> str:
        """Ask to choose when letters stand in the box that are no entry."""
        return _("Please choose an entry of the list.") if self.box.key() is not None else ""

    def _text(self, item: str) -> str:
        return self._labels.get(item, item)

    def _on_chosen(self) -> None:
        key = self.box.key()
        if isinstance(key, str) and key in self._labels:
            self.box.choose(None)
            self.add(key)


class TextsEditor(ChipsEditor):
    """Several short texts: Enter adds one."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        """Begin empty."""
        super().__init__(field, parent)
        self.line = _AddingLine()
        self.line.setPlaceholderText(_("Enter adds"))
        self._add = QToolButton()
        self._add.setText(_("Add"))
        self._add.clicked.connect(lambda _checked=False: self._take())
        row = QHBoxLayout()
        row.addWidget(self.line, 1)
        row.addWidget(self._add)
        self.column.addLayout(row)
        self.setFocusProxy(self.line)
        self.line.returned.connect(self._take)
        self.line.editingFinished.connect(self._take)

    @property
    def input(self) -> QWidget:
        """The line."""
        return self.line

    def give_name(self, record: str, field: str) -> None:
        """Name the line, the button and the chips."""
        super().give_name(record, field)
        named(self._add, PART, record=record, field=field, part=_("add"))

    def _take(self) -> None:
        text = self.line.text().strip()
        self.line.clear()
        self.add(text)


class _AddingLine(QLineEdit):
    """Keeps Enter for itself, so that it adds and does not press a dialog's button."""

    returned = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.text().strip():
            self.returned.emit()
            event.accept()
            return
        super().keyPressEvent(event)
