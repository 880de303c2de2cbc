"""Who wrote what, and when; an earlier value can be written again."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.declarations import REGISTRY
from app.domain.records import Record
from app.domain.schema import BELONGS
from app.i18n import N_, _
from app.services import merging
from app.services.ports import HistoryEntry, Members
from ui.accessible import button, named
from ui.context import ScreenContext
from ui.display import clock_text, member_name
from ui.field_text import Names, value_text
from ui.flow_layout import flowing
from ui.labels import paragraph
from ui.notice import Notice
from ui.pages.case_sections.case_data import CaseData
from ui.pages.case_sections.gate_words import is_closed
from ui.pages.case_sections.redaction import ask_redaction, may_be_redacted, repeats
from ui.pages.case_sections.section import Section

LIMIT = 500
HEADINGS = (N_("When"), N_("Who"), N_("What"), N_("Value"), N_("Reason"))


class HistorySection(Section):
    """The changes of a case file, newest first."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        """Begin empty; it is read when it is shown."""
        super().__init__(parent)
        self._context = context
        self._data: CaseData | None = None
        self._entries: Sequence[HistoryEntry] = ()
        self.table = self._make_table()
        self.undo_button = button(N_("Write this earlier value again"), self.write_again)
        self.undo_button.setEnabled(False)
        self.redact_button = button(N_("Redact …"), self.redact)
        self.redact_button.setEnabled(False)
        self.notice = Notice()
        told = _("A value that no longer stands can be written again; nothing is lost by that.")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table, 1)
        column.addWidget(self.notice)
        column.addWidget(paragraph(told))
        column.addWidget(flowing(self.undo_button, self.redact_button, at_end=True))

    @property
    def title(self) -> str:
        """The section's heading."""
        return _("History")

    def show_case(self, data: CaseData) -> None:
        """Read again what was written."""
        self._data = data
        if self.isVisible():
            self._read()

    def take_focus(self) -> None:
        """Begin in the list."""
        self.table.setFocus()
        self._read()

    def write_again(self) -> None:
        """Write the chosen earlier value as the next change."""
        entry = self._chosen()
        standing = self._standing(entry) if entry else None
        if entry is None or standing is None:
            return
        session, reason = self._context.session, _("An earlier value was written again")
        self._context.lanes.database(
            lambda: merging.revise(session, standing, entry.values, reason), self._on_revised, owner=self
        )

    def redact(self) -> None:
        """Order that the chosen value goes, wherever it was carried on to."""
        entry = self._chosen()
        if entry is not None and self._data is not None:
            dots = repeats(entry, self._entries)
            ask_redaction(self._context, self._data.case, dots, self.notice.explain, self)

    def _make_table(self) -> QTableWidget:
        table = named(QTableWidget(0, len(HEADINGS)), N_("History"))
        table.setHorizontalHeaderLabels([_(text) for text in HEADINGS])
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)
        table.setWordWrap(True)
        table.verticalHeader().hide()
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        table.horizontalHeader().setSectionResizeMode(3, QHeaderView.ResizeMode.Stretch)
        table.currentCellChanged.connect(lambda *_cells: self._on_row())
        return table

    def _read(self) -> None:
        if self._data is not None:
            case, store = self._data.case, self._context.session.store
            shown = partial(self._show, self._data.names(self._context.session))
            self._context.lanes.reading(lambda: store.queries.history(case, LIMIT), shown, owner=self)

    def _show(self, names: Names, entries: Sequence[HistoryEntry]) -> None:
        told = (entry for entry in entries if not _is_empty_belonging(entry, names) or self._left(entry))
        self._entries = entries = list(told)
        self.table.setRowCount(len(entries))
        members = self._context.session.members
        for row, entry in enumerate(entries):
            value = values_text(entry, names) or self._left(entry)
            texts = (
                clock_text(entry.at_ms, wrong=entry.clock_wrong),
                _writer(members, entry),
                _what(entry),
                value or _("empty"),
                entry.reason or "",
            )
            for column, text in enumerate(texts):
                self.table.setItem(row, column, QTableWidgetItem(text))
        self.table.resizeRowsToContents()
        self._on_row()

    def _left(self, entry: HistoryEntry) -> str:
        """Tell that an entry left for another case file, and not for which."""
        case = entry.values.get("case_file")
        here = {head.id for head in self._data.heads} if self._data else set()
        return "" if case is None or case in here else _("Left for another case file")

    def _chosen(self) -> HistoryEntry | None:
        row = self.table.currentRow()
        return self._entries[row] if 0 <= row < len(self._entries) else None

    def _standing(self, entry: HistoryEntry) -> HistoryEntry | None:
        same = (entry.record, entry.register)
        found = [item for item in self._entries if item.standing and (item.record, item.register) == same]
        # With several standing values there is a conflict, which is decided and not written over.
        return found[0] if len(found) == 1 else None

    def _on_row(self) -> None:
        entry = self._chosen()
        free = entry is not None and not entry.standing and not REGISTRY[entry.type].add_only
        data = self._data
        writes = free and entry and data is not None and not is_closed(REGISTRY[entry.type], data)
        self.undo_button.setEnabled(bool(writes and entry and self._standing(entry)))
        self.redact_button.setEnabled(entry is not None and may_be_redacted(entry))

    def _on_revised(self, record: Record) -> None:
        self._context.changes.note_saved(record)
        self._read()


def values_text(entry: HistoryEntry, names: Names) -> str:
    """Give the fields of a change in one line."""
    declared = REGISTRY[entry.type]
    parts = []
    for item in declared.register_by_name[entry.register].fields:
        if item.internal:
            continue
        text = value_text(item, entry.values.get(item.name), names)
        names_the_case = bool(item.refers_to) and REGISTRY[item.refers_to].is_case
        if text and not names_the_case:
            parts.append(f"{_(item.label)}: {text}")
    return "; ".join(parts)


def _is_empty_belonging(entry: HistoryEntry, names: Names) -> bool:
    # That a record belongs to this case file says nothing here; that it is about a person does.
    return entry.register == BELONGS and not values_text(entry, names)


def _writer(members: Members, entry: HistoryEntry) -> str:
    """Name the author, and whose word alone it is that they wrote this."""
    name = member_name(members, entry.author)
    if entry.attested_by is None or entry.attested_by == entry.author:
        return name
    by = member_name(members, entry.attested_by)
    return _("{name} (attested by {member})").format(name=name, member=by)


def _what(entry: HistoryEntry) -> str:
    declared = REGISTRY[entry.type]
    register = _(declared.register_by_name[entry.register].label)
    text = register if declared.is_case else f"{_(declared.label)}: {register}"
    return text if entry.standing else _("{what} (earlier)").format(what=text)
