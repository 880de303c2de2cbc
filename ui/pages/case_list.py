"""All case files in one list: search as you type, chips for the phase, columns to choose."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QModelIndex, Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QStackedWidget,
    QStyle,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app import log
from app.domain.code_lists import PHASE
from app.domain.declarations import CASE_FILE
from app.domain.dots import Dot
from app.i18n import N_, _
from app.services.ended_reading import ended_cases
from app.settings import Settings
from ui.accessible import announce, button, named
from ui.choice_chips import ChoiceChips
from ui.context import ScreenContext
from ui.models.case_list import FOUND, LISTED, CaseListModel
from ui.pages.page import Page
from ui.shortcuts import bind

DEBOUNCE_MS = 60
LISTED_NAMES = tuple(item.name for item in LISTED)
_TEXT_WIDTH = 22
"""Average characters that a column is wide at first."""


class CaseListPage(Page):
    """The list, its search field above, and what to do when it is empty."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        """Show the newest case files."""
        super().__init__(parent)
        self._context = context
        session = context.session
        self.model = CaseListModel(session.store, session.members, context.lanes, self)
        self.search = self._search_field()
        self.model.choose_columns(_kept_columns())
        self.chips = ChoiceChips(N_("Phase"), N_("All phases"), PHASE.labels)
        self.table = self._table()
        self._empty = QLabel()
        self._stack = QStackedWidget()
        self._count = QLabel()
        self._pause = QTimer(self, interval=DEBOUNCE_MS, singleShot=True)
        self._current: Dot | None = None
        self._fitted = False
        self._lay_out()
        self._connect()
        self._ask()
        self._ask_ended()

    def place(self) -> str:
        """What was searched for, the phase, and the row."""
        return "\n".join((self.search.text(), self.chips.choice or "", str(self.table.currentIndex().row())))

    def return_to(self, place: str) -> None:
        """Search for the same again, and go to the same case file."""
        typed, phase, row = [*place.split("\n"), "", "", ""][:3]
        self.search.setText(typed)
        self.chips.choose(phase or None)
        self._row_wanted = int(row) if row.isdigit() else 0
        self._ask()

    def take_focus(self) -> None:
        """Begin in the list; letters typed there go to the search field."""
        self.table.setFocus()

    @property
    def empty_text(self) -> str:
        """What stands in place of an empty list."""
        return self._empty.text()

    def open_current(self) -> None:
        """Ask for the case file of the current row."""
        index = self.table.currentIndex()
        if index.isValid():
            self._context.navigation.case_requested.emit(self.model.case_at(index.row()))

    def _search_field(self) -> QLineEdit:
        field = named(QLineEdit(), N_("Search case files"))
        field.setPlaceholderText(_("Number, municipality, concern, notes …"))
        field.setClearButtonEnabled(True)
        return field

    def _table(self) -> QTableView:
        table = named(QTableView(), N_("List of case files"))
        table.setModel(self.model)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setTabKeyNavigation(False)
        table.setAlternatingRowColors(True)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.verticalHeader().hide()
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.verticalHeader().setDefaultSectionSize(max(26, self.fontMetrics().height() + 8))
        table.horizontalHeader().setHighlightSections(False)
        table.horizontalHeader().setStretchLastSection(True)
        table.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        return table

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.search, 1)
        top.addWidget(self._columns_button())
        if self._context.opens_case_files:
            top.addWidget(button(N_("New case file"), self._context.navigation.new_case_requested.emit))
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        column = QVBoxLayout(self)
        column.addLayout(top)
        column.addWidget(self.chips)
        column.addWidget(self._stack, 1)
        column.addWidget(self._count)
        self._widen_columns()

    def _connect(self) -> None:
        self._row_wanted = 0
        self.search.textChanged.connect(lambda _text: self._pause.start())
        self.search.returnPressed.connect(self._on_search_return)
        self._pause.timeout.connect(self._ask)
        self.chips.chosen.connect(lambda _phase: self._ask())
        self.model.loaded.connect(self._on_loaded)
        self.table.activated.connect(self._on_activated)
        self.table.selectionModel().currentChanged.connect(self._on_current)
        self._context.changes.records_changed.connect(self._on_records_changed)
        bind("search", self, self._begin_search)

    def _columns_button(self) -> QToolButton:
        made = named(QToolButton(), N_("Columns"))
        made.setText(_("Columns"))
        made.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        menu = QMenu(made)
        for item in LISTED:
            entry = QAction(_(item.label), menu)
            entry.setCheckable(True)
            entry.setChecked(item.name in self.model.columns)
            entry.setEnabled(item.name != "number")
            entry.setData(item.name)
            entry.toggled.connect(lambda _on, menu=menu: self._on_columns(menu))
            menu.addAction(entry)
        made.setMenu(menu)
        return made

    def _on_columns(self, menu: QMenu) -> None:
        self.model.choose_columns([entry.data() for entry in menu.actions() if entry.isChecked()])
        self._widen_columns()
        self._restore_current()
        _keep_columns(self.model.columns)

    def _widen_columns(self) -> None:
        """Fit what was loaded first, within bounds; later they stay, and do not jump while one types."""
        least = self.fontMetrics().averageCharWidth() * _TEXT_WIDTH
        for column in range(self.model.columnCount()):
            wanted = self.table.sizeHintForColumn(column)
            self.table.setColumnWidth(column, min(max(wanted, least), 2 * least))
        # The mark of a conflict may come later, and must not cut the number.
        mark = self.style().pixelMetric(QStyle.PixelMetric.PM_SmallIconSize)
        self.table.setColumnWidth(0, max(self.table.columnWidth(0), least + mark))

    def _begin_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _on_search_return(self) -> None:
        if self.model.rowCount():
            self.table.setFocus()
            self.open_current()

    def _ask(self) -> None:
        self._pause.stop()
        self.model.ask(self.search.text().strip(), self.chips.choice)

    def _on_records_changed(self, moved: frozenset[tuple[str, Dot, Dot | None]]) -> None:
        cases = frozenset(record for name, record, _case in moved if name == CASE_FILE.name)
        if cases:
            self.model.update_cases(cases)
        if moved:
            self._ask_ended()

    def _ask_ended(self) -> None:
        session = self._context.session
        self._context.lanes.reading(lambda: ended_cases(session), self._on_ended, owner=self)

    def _on_ended(self, cases: frozenset[Dot]) -> None:
        self.model.mark_ended(cases)
        if cases:
            wanted = self.table.sizeHintForColumn(0)
            self.table.setColumnWidth(0, max(self.table.columnWidth(0), wanted))

    def _on_current(self, index: QModelIndex, _before: QModelIndex) -> None:
        if index.isValid():
            self._current = self.model.case_at(index.row())

    def _on_activated(self, index: QModelIndex) -> None:
        if index.isValid():
            self.open_current()

    def _on_loaded(self) -> None:
        rows = self.model.rowCount()
        self._stack.setCurrentWidget(self.table if rows else self._empty)
        self._empty.setText("" if rows else self._empty_text())
        self._count.setText(self._count_text(rows))
        if rows and not self._fitted:
            self._fitted = True
            self._widen_columns()
        self._restore_current()

    def _restore_current(self) -> None:
        rows = self.model.rowCount()
        if not rows or self.table.currentIndex().isValid():
            return
        known = self.model.row_of(self._current) if self._current is not None else None
        row = min(self._row_wanted, rows - 1) if known is None else known
        self.table.setCurrentIndex(self.model.index(row, 0))

    def _empty_text(self) -> str:
        if self.model.typed:
            text = _("No case file with “{typed}”. Beginnings of words are enough; fewer letters find more.")
            text = text.format(typed=self.model.typed)
        elif self.model.phase is not None:
            text = _("No case file is in this phase.")
        elif self._context.opens_case_files:
            text = _("No case file yet. Ctrl+N begins one; it needs no network.")
        else:
            text = _("No case file has come yet. They arrive when their case managers have synced.")
        announce(self, text)
        return text

    def _count_text(self, rows: int) -> str:
        if self.model.typed and rows == FOUND:
            return _("The newest {count} that fit; type more to narrow them down.").format(count=FOUND)
        if self.model.typed:
            return _("{count} found").format(count=rows)
        return _("{count} shown, newest first").format(count=rows)


def _kept_columns() -> tuple[str, ...]:
    kept = tuple(Settings.load().list_columns.split(","))
    return kept if kept != ("",) else LISTED_NAMES


def _keep_columns(names: tuple[str, ...]) -> None:
    try:
        replace(Settings.load(), list_columns=",".join(names)).save()
    except OSError as error:
        # Not worth a window: the choice holds until the program ends.
        log.failure(error)
