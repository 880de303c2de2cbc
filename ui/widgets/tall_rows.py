"""Rows of a list that are high enough to be hit."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from ui.accessible import SMALLEST_TARGET

AIR = 10
"""Pixels above and below the text of a row, together."""


class TallRows(QStyledItemDelegate):
    """Gives each row air around its text."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """The room of the text with air, never less than the smallest target."""
        size: QSize = super().sizeHint(option, index)
        return QSize(size.width() + AIR, max(size.height() + AIR, SMALLEST_TARGET))
