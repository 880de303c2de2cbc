"""A list of conflicts or decisions, by what they are about."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from ui.accessible import named
from ui.widgets.tall_rows import TallRows


class QuestionList(QListWidget):
    """`chosen` carries the place of the row that a person went to."""

    chosen = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """Begin empty; `name` is a catalogue id."""
        super().__init__(parent)
        named(self, name)
        self.setWordWrap(True)
        self.setAlternatingRowColors(True)
        self.setItemDelegate(TallRows(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.currentRowChanged.connect(self._on_row)

    def show_texts(self, texts: Sequence[str], row: int) -> None:
        """Show these rows and stand on one, without telling anybody."""
        self.blockSignals(True)
        self.clear()
        for text in texts:
            self.addItem(QListWidgetItem(text))
        self.setCurrentRow(min(row, len(texts) - 1))
        self.blockSignals(False)

    def _on_row(self, row: int) -> None:
        if row >= 0:
            self.chosen.emit(row)
