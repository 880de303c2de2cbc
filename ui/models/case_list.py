"""The case list as a table: pages of it are fetched as one scrolls, beside the screen's thread."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QIcon

from app.domain.declarations import CASE_FILE
from app.domain.dots import Dot
from app.domain.records import Record
from app.domain.schema import Field, Value
from app.i18n import _
from app.services.ports import CaseCursor, Members, Store
from ui.display import shown
from ui.icons import icon
from ui.tasks import Lanes, Task

PAGE = 200
FIRST_PAGE = 100
FOUND = 50
"""Case files that a search shows at most, the newest of them."""
LISTED: tuple[Field, ...] = tuple(item for item in CASE_FILE.fields.values() if item.listed)
Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class Row(NamedTuple):
    """What the list keeps of a case file: 100,000 of them stay in memory."""

    id: Dot
    values: tuple[Value, ...]
    in_conflict: bool


Fetched = tuple[list[Row], CaseCursor | None]


class CaseListModel(QAbstractTableModel):
    """Case files, newest first, by phase or by search; `loaded` after each answer."""

    loaded = Signal()

    def __init__(self, store: Store, members: Members, lanes: Lanes, parent: QObject) -> None:
        """Begin empty; `show_phase` or `search` fetches."""
        super().__init__(parent)
        self._store, self._members, self._lanes = store, members, lanes
        self._rows: list[Row] = []
        self._columns: tuple[Field, ...] = LISTED
        self._places = tuple(range(len(LISTED)))
        self._following: CaseCursor | None = None
        self._phase: str | None = None
        self._typed = ""
        self._task: Task | None = None
        self._conflict_icon, self._ended_icon = icon("conflict"), icon("lock")
        self._ended: frozenset[Dot] = frozenset()

    @property
    def typed(self) -> str:
        """What was searched for; empty when the whole list is shown."""
        return self._typed

    @property
    def phase(self) -> str | None:
        """The phase that is shown alone, None for all."""
        return self._phase

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the fields shown, in the order of the declaration."""
        return tuple(item.name for item in self._columns)

    def choose_columns(self, names: Sequence[str]) -> None:
        """Show these listed fields; the case number always stays."""
        self.beginResetModel()
        self._columns = tuple(item for item in LISTED if item.name in names or item.name == "number")
        self._places = tuple(LISTED.index(item) for item in self._columns)
        self.endResetModel()

    def case_at(self, row: int) -> Dot:
        """Give the case file in a row."""
        return self._rows[row].id

    def row_of(self, case: Dot) -> int | None:
        """Give the row of a case file that is loaded."""
        return next((place for place, row in enumerate(self._rows) if row.id == case), None)

    def ask(self, typed: str, phase: str | None) -> None:
        """Show what `typed` finds (all when empty) in `phase`; an older question's answer is dropped."""
        if self._task is not None:
            self._task.drop()
        self._typed, self._phase = typed, phase
        if typed:
            self._task = self._lanes.reading(
                lambda: self._store.queries.search_cases(typed, FOUND), self._on_found, owner=self
            )
        else:
            self._fetch(None, FIRST_PAGE)

    def mark_ended(self, cases: frozenset[Dot]) -> None:
        """Mark the case files that the person here reads no more."""
        moved, self._ended = cases != self._ended, cases
        if moved and self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, 0))

    def update_cases(self, cases: frozenset[Dot]) -> None:
        """Show these case files anew: in their rows, or by asking again when one is new to the list."""
        if self._task is None and cases <= {row.id for row in self._rows}:
            self._lanes.reading(lambda: self._read(cases), self._on_read, owner=self)
        elif self._typed:
            self.ask(self._typed, self._phase)
        else:
            self._fetch(None, max(FIRST_PAGE, len(self._rows) + len(cases)))

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Rows loaded so far."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """Columns chosen."""
        return 0 if parent.isValid() else len(self._columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Labels of the declaration."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return _(self._columns[section].label)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Values as people read them; the first column marks a case file with an open conflict."""
        row, column = self._rows[index.row()], index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            text = shown(self._columns[column], row.values[self._places[column]], self._members)
            return self._number(row, text, role) if column == 0 else text
        if column == 0 and role == Qt.ItemDataRole.DecorationRole:
            return self._mark(row)
        if column == 0 and role == Qt.ItemDataRole.ToolTipRole:
            return self._told(row)
        return None

    def canFetchMore(self, parent: Index) -> bool:
        """Whether the store has more than is loaded, and nothing is on its way."""
        return not parent.isValid() and self._following is not None and self._task is None

    def fetchMore(self, parent: Index) -> None:
        """Fetch the next page."""
        if self.canFetchMore(parent):
            self._fetch(self._following, PAGE)

    def _number(self, row: Row, text: str, role: int) -> str:
        if row.id in self._ended:
            text = _("{number}, no longer read").format(number=text)
        if row.in_conflict and role == Qt.ItemDataRole.AccessibleTextRole:
            text = _("{number}, with values in conflict").format(number=text)
        return text

    def _mark(self, row: Row) -> QIcon | None:
        if row.id in self._ended:
            return self._ended_icon
        return self._conflict_icon if row.in_conflict else None

    def _told(self, row: Row) -> str | None:
        if row.id in self._ended:
            return _("You no longer read this case file; its page says why, and when the copy goes.")
        conflict = _("Values of this case file are in conflict and shown provisionally.")
        return conflict if row.in_conflict else None

    def _read(self, cases: frozenset[Dot]) -> list[Record]:
        found = (self._store.queries.record(CASE_FILE.name, case) for case in cases)
        return [record for record in found if record is not None]

    def _on_read(self, records: list[Record]) -> None:
        fresh = {record.id: _row(record) for record in records}
        last = len(self._columns) - 1
        for place, row in enumerate(self._rows):
            if row.id in fresh:
                self._rows[place] = fresh[row.id]
                self.dataChanged.emit(self.index(place, 0), self.index(place, last))

    def _fetch(self, after: CaseCursor | None, limit: int) -> None:
        if self._task is not None:
            self._task.drop()
        phase = self._phase

        def read() -> Fetched:
            page = self._store.queries.case_page(after, limit, phase)
            return [_row(record) for record in page.rows], page.following

        def take(fetched: Fetched) -> None:
            self._on_page(*fetched, first=after is None)

        self._task = self._lanes.reading(read, take, owner=self)

    def _on_page(self, rows: list[Row], following: CaseCursor | None, *, first: bool) -> None:
        self._task = None
        self._following = following
        if first:
            self._replace(rows)
        elif rows:
            self.beginInsertRows(_NOWHERE, len(self._rows), len(self._rows) + len(rows) - 1)
            self._rows.extend(rows)
            self.endInsertRows()
        self.loaded.emit()

    def _on_found(self, found: tuple[Record, ...]) -> None:
        self._task = None
        self._following = None
        wanted = (record for record in found if self._phase in (None, record.text("phase")))
        self._replace([_row(record) for record in wanted])
        self.loaded.emit()

    def _replace(self, rows: list[Row]) -> None:
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()


def _row(record: Record) -> Row:
    if record.id is None:
        raise ValueError("a listed case file was saved before")
    return Row(record.id, tuple(record.get(item.name) for item in LISTED), bool(record.conflicts))
