"""The entries of a section as a table, by the fields that their type lists."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from app.domain.dots import Dot
from app.domain.records import Record
from app.domain.schema import RecordType
from app.i18n import N_, _
from ui.accessible import named
from ui.field_text import Names, field_text
from ui.icons import icon

ROWS_SHOWN = 12
NAME = N_("List: {section}")


class EntryTable(QTableWidget):
    """`entry_chosen` carries the record of the row that a person went to."""

    entry_chosen = Signal(object)

    def __init__(self, record_type: RecordType, parent: QWidget | None = None) -> None:
        """Begin empty."""
        fields = [item for item in record_type.fields.values() if item.listed]
        super().__init__(0, len(fields), parent)
        self._fields = [item.name for item in fields]
        self._records: list[Record] = []
        self._room = 10_000
        self.is_filled = False
        named(self, NAME, section=_(record_type.plural))
        self.setHorizontalHeaderLabels([_(item.label) for item in fields])
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setAlternatingRowColors(True)
        self.verticalHeader().hide()
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.horizontalHeader().setStretchLastSection(True)
        self.currentCellChanged.connect(self._on_cell)

    def show_records(self, records: Sequence[Record], names: Names) -> None:
        """Show these records; the one that was chosen stays chosen."""
        kept, self.is_filled = self.chosen(), True
        self.blockSignals(True)
        self._records = list(records)
        self.setRowCount(len(records))
        for row, record in enumerate(records):
            for column, name in enumerate(self._fields):
                cell = QTableWidgetItem(field_text(record, name, names))
                if column == 0 and record.conflicts:
                    cell.setIcon(icon("conflict"))
                    cell.setToolTip(_("Provisional: two people wrote different things here."))
                    cell.setText(_("{text} (provisional)").format(text=cell.text()))
                self.setItem(row, column, cell)
        self._go_to(kept.id if kept else None)
        self.blockSignals(False)
        self._fit()

    def chosen(self) -> Record | None:
        """Give the record of the current row."""
        row = self.currentRow()
        return self._records[row] if 0 <= row < len(self._records) else None

    def choose(self, record_id: Dot | None) -> None:
        """Go to a record without telling anybody; None leaves the table."""
        self.blockSignals(True)
        self._go_to(record_id)
        self.blockSignals(False)

    def share(self, height: int) -> None:
        """Take no more than this height, so that the form below stays usable in large text."""
        self._room = height
        self._fit()

    def _rows_that_fit(self) -> int:
        row = max(self.verticalHeader().defaultSectionSize(), 1)
        return max(2, self._room // row - 1)

    def _go_to(self, record_id: Dot | None) -> None:
        row = next((place for place, item in enumerate(self._records) if item.id == record_id), -1)
        if row < 0:
            self.setCurrentCell(-1, -1)
            self.clearSelection()
        else:
            self.setCurrentCell(row, 0)

    def _fit(self) -> None:
        rows = min(max(self.rowCount(), 2), ROWS_SHOWN, self._rows_that_fit())
        height = (
            rows * self.verticalHeader().defaultSectionSize() + self.horizontalHeader().sizeHint().height()
        )
        self.setFixedHeight(height + 2 * self.frameWidth())

    def _on_cell(self, row: int, _column: int, before: int, _before_column: int) -> None:
        if row != before and 0 <= row < len(self._records):
            self.entry_chosen.emit(self._records[row])
