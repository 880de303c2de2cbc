"""Tables to read: rows by the text, columns by their content, scrolled where they do not fit."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QListWidget,
    QTableWidget,
    QTableWidgetItem,
)

from app.i18n import _
from ui.accessible import named

_AIR = 8
_AT_THE_END = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def reading_table(name: str, columns: Sequence[str]) -> QTableWidget:
    """Give an empty table; `name` and `columns` are catalogue ids."""
    table = named(QTableWidget(0, len(columns)), name)
    table.setHorizontalHeaderLabels([_(text) for text in columns])
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setTabKeyNavigation(False)
    table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setWordWrap(False)
    rows_header, header = table.verticalHeader(), table.horizontalHeader()
    rows_header.hide()
    rows_header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    rows_header.setDefaultSectionSize(table.fontMetrics().height() + _AIR)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    header.setHighlightSections(False)
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setStretchLastSection(True)
    return table


def wrap_rows(table: QTableWidget) -> None:
    """Let rows grow with what they say, where the last column holds whole sentences."""
    rows = table.verticalHeader()
    rows.setMinimumSectionSize(rows.defaultSectionSize())
    rows.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    table.setWordWrap(True)


def let_sentences_breathe(entries: QListWidget) -> None:
    """Let a list of sentences wrap, with air between them, so that one is told from the next."""
    entries.setWordWrap(True)
    entries.setSpacing(_AIR // 2)


def fill_rows(table: QTableWidget, rows: Sequence[Sequence[str]], numbers: Collection[int] = ()) -> None:
    """Show these texts, those of the columns `numbers` at the right; what is cut off is its tool tip."""
    table.setRowCount(len(rows))
    for column in numbers:
        role = Qt.ItemDataRole.TextAlignmentRole
        table.model().setHeaderData(column, Qt.Orientation.Horizontal, _AT_THE_END, role)
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            cell = QTableWidgetItem(text)
            cell.setToolTip(text)
            if column in numbers:
                cell.setTextAlignment(_AT_THE_END)
            table.setItem(row, column, cell)
