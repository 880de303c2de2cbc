"""Cards beside each other where there is room, below each other where there is not."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

COLUMN_LETTERS = 52
"""Average letters that a column needs at least: in large text there is one column."""


class CardColumns(QWidget):
    """Up to two columns; the first half of the cards, by weight, stands in the first."""

    def __init__(self, cards: Sequence[tuple[QWidget, int]], parent: QWidget | None = None) -> None:
        """Show (card, weight) in the order given."""
        super().__init__(parent)
        self._cards = list(cards)
        self._columns = [QVBoxLayout(), QVBoxLayout()]
        self._shown = 0
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        for place, column in enumerate(self._columns):
            column.setContentsMargins(0, 0, 0, 0)
            grid.addLayout(column, 0, place)
        self._grid = grid
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._arrange(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take as many columns as fit."""
        super().resizeEvent(event)
        needed = 2 * COLUMN_LETTERS * QFontMetrics(self.font()).averageCharWidth()
        self._arrange(2 if event.size().width() >= needed and len(self._cards) > 1 else 1)

    def _arrange(self, count: int) -> None:
        if count == self._shown:
            return
        self._shown = count
        for column in self._columns:
            while column.takeAt(0):
                pass
        for place, (card, _weight) in zip(self._places(count), self._cards, strict=True):
            self._columns[place].addWidget(card)
        for column in self._columns:
            column.addStretch(1)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, count - 1)

    def _places(self, count: int) -> list[int]:
        half = sum(weight for _card, weight in self._cards) / count
        places, before = [], 0
        for _card, weight in self._cards:
            places.append(min(int((before + weight / 2) // half), count - 1) if half else 0)
            before += weight
        return places
