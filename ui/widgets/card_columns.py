"""Cards beside each other where there is room, below each other where there is not."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from ui.accessible import only_if

COLUMN_LETTERS = 52
"""Average letters that a column needs at least: in large text there is one column."""
WIDEST_LETTERS = 110
"""A single column is no wider: label and input must be seen together."""


class CardColumns(QWidget):
    """Two columns, half of the cards (by weight) in each; one below the other where it is narrow."""

    def __init__(self, cards: Sequence[tuple[QWidget, int]], parent: QWidget | None = None) -> None:
        """Show (card, weight) in the order given."""
        super().__init__(parent)
        self._row = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        # A card stays in its column for good: Qt keeps the old height of one that moves between layouts.
        halves = _halves(cards)
        self._count = sum(1 for half in halves if half)
        for half in halves:
            column = QWidget()
            below = QVBoxLayout(column)
            below.setContentsMargins(0, 0, 0, 0)
            for card in half:
                below.addWidget(card)
            only_if(bool(half), column)
            self._row.addWidget(column, 0, Qt.AlignmentFlag.AlignTop)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take as many columns as fit."""
        super().resizeEvent(event)
        letter, width = QFontMetrics(self.font()).averageCharWidth(), event.size().width()
        beside = width >= 2 * COLUMN_LETTERS * letter and self._count > 1
        # A margin, no widest width: Qt would ask for the height of lines as long as the window.
        spare = max(0, width - WIDEST_LETTERS * letter) if self._count == 1 else 0
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        self._row.setContentsMargins(spare if mirrored else 0, 0, 0 if mirrored else spare, 0)
        directions = (QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight)
        self._row.setDirection(directions[beside])
        for place in range(2):
            self._row.setStretch(place, int(beside))


def _halves(cards: Sequence[tuple[QWidget, int]]) -> tuple[list[QWidget], list[QWidget]]:
    half = sum(weight for _card, weight in cards) / 2
    first: list[QWidget] = []
    second: list[QWidget] = []
    before = 0
    for card, weight in cards:
        (first if before + weight / 2 < half or not first else second).append(card)
        before += weight
    return first, second
