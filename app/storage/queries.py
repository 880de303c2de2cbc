"""The reading side: frozen values for lists, pages, search and history."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.declarations import REGISTRY
from app.domain.dots import Dot, hlc_ms
from app.domain.links import linked_case
from app.domain.merge import Change
from app.domain.records import Record
from app.domain.schema import ALIAS, BELONGS, STANDING, RecordType, Value
from app.domain.standing import fate_of
from app.domain.values import decode_register
from app.services.ports import (
    CaseCursor,
    CasePage,
    Conflict,
    Delivery,
    Draft,
    Head,
    HistoryEntry,
    Twin,
    Wrote,
)
from app.storage import drafts
from app.storage.attachments import SqlContents
from app.storage.belonging import Belonging
from app.storage.change_log import ChangeLog
from app.storage.connection import Connection, translating_errors
from app.storage.keys import Keys
from app.storage.mailbox_delivery import mailbox_delivery
from app.storage.projection import FIXED, Projection, column_of, table_of
from app.storage.record_reader import Reader, build_record, shown_head
from app.storage.search_index import SearchIndex

CASE_TYPE = "CaseFile"


def _explained(queries: type[StoreQueries]) -> type[StoreQueries]:
    for name, method in list(vars(queries).items()):
        if callable(method) and not name.startswith("_"):
            setattr(queries, name, translating_errors()(method))
    return queries


@_explained
class StoreQueries:
    """Reads one store through one connection."""

    def __init__(self, connection: Connection, reader: Reader) -> None:
        """Read over `connection` for `reader`."""
        self._connection = connection
        self._reader = reader
        self.keys = Keys(connection)
        self.log = ChangeLog(connection, self.keys)
        self.projection = Projection(connection, self.keys)
        self.belonging = Belonging(connection, self.keys, self.log)
        self._search = SearchIndex(connection)

    @property
    def contents(self) -> SqlContents:
        """The content of attachments."""
        return SqlContents(self._connection, self.keys)

    def record(self, record_type: str, record_id: Dot) -> Record | None:
        """Give one record, or None."""
        key = self.keys.known_key(record_id)
        heads = {} if key is None else self.log.heads(key)
        return build_record(REGISTRY[record_type], record_id, heads, self._reader) if heads else None

    def records(self, record_type: str, case: Dot | None) -> tuple[Record, ...]:
        """Give the records of a type in a case file (None: outside any)."""
        declared = REGISTRY[record_type]
        key = None if case is None else self.keys.known_key(case)
        if case is not None and key is None:
            return ()
        found = self.log.heads_of_case(key, record_type)
        built = (
            build_record(declared, self.keys.dot(item), heads, self._reader) for item, heads in found.items()
        )
        if declared.newest_by:
            return tuple(sorted(built, key=lambda record: _sort_key(declared, record), reverse=True))
        return tuple(sorted(built, key=lambda record: record.id or Dot(0, 0, 0)))

    def case_page(self, after: CaseCursor | None, limit: int, phase: str | None = None) -> CasePage:
        """Give a page of case files, newest first."""
        conditions = ["opened_on IS NOT NULL"]
        parameters: list[str | int] = []
        if after is not None:
            conditions.append("(opened_on, id) < (?, ?)")
            parameters += [after.sort, after.row]
        if phase is not None:
            conditions.append("phase = ?")
            parameters.append(phase)
        where = f"{' AND '.join(conditions)} ORDER BY opened_on DESC, id DESC LIMIT ?"
        rows = self._case_rows(where, (*parameters, limit))
        following = CaseCursor(rows[-1][1].text("opened_on"), rows[-1][0]) if len(rows) == limit else None
        return CasePage(tuple(record for _, record in rows), following)

    def case_count(self) -> int:
        """Give the number of case files in this store."""
        row = self._connection.execute(f"SELECT count(*) FROM {table_of(REGISTRY[CASE_TYPE])}").fetchone()
        return int(row[0])

    def case_by_number(self, number: str) -> tuple[Dot, ...]:
        """Give the case files with that number."""
        rows = self._case_rows("number = ? LIMIT 100", (number,))
        return tuple(self.keys.dot(key) for key, _ in rows)

    def search_cases(self, typed: str, limit: int) -> tuple[Record, ...]:
        """Give the case files in which every typed word begins a word, newest entry first."""
        keys = self._search.find_cases(typed, limit)
        if not keys:
            return ()
        marks = ", ".join("?" * len(keys))
        rows = dict(self._case_rows(f"id IN ({marks}) LIMIT {len(keys)}", keys))
        return tuple(rows[key] for key in keys if key in rows)

    def conflicts(self, limit: int) -> tuple[Conflict, ...]:
        """Give open conflicts that a person has to decide, oldest first: not those of derived records."""
        derived = [declared.name for declared in REGISTRY if declared.derived]
        marks = ", ".join("?" * len(derived))
        rows = self._connection.execute(
            "SELECT record, register FROM conflict JOIN record ON record.id = conflict.record"
            f" WHERE record.type NOT IN ({marks}) ORDER BY since LIMIT ?",
            (*derived, limit),
        )
        found = (self.conflict(self.keys.dot(record), register) for record, register in rows.fetchall())
        return tuple(item for item in found if item is not None)

    def conflict(self, record: Dot, register: str) -> Conflict | None:
        """Give one conflict, or None when it is settled."""
        key = self.keys.known_key(record)
        heads = () if key is None else self.log.state(key, register).heads
        declared = REGISTRY.get(heads[0].type) if heads else None
        if len(heads) < 2 or declared is None:
            return None
        winner = shown_head(declared.register_by_name[register], heads)
        ordered = (winner, *(head for head in reversed(heads) if head is not winner))
        case = winner.case
        shown = tuple(_head(declared, head) for head in ordered)
        return Conflict(case, self._number(case), record, declared.name, register, shown)

    def decisions(self, limit: int) -> tuple[HistoryEntry, ...]:
        """Give the decisions made, newest first."""
        return self._history("reason IS NOT NULL", (), limit)

    def history(self, case: Dot, limit: int) -> tuple[HistoryEntry, ...]:
        """Give the changes of a case file, newest first."""
        key = self.keys.known_key(case)
        return () if key is None else self._history("case_file = ?", (key,), limit)

    def delivery(self, case: Dot | None) -> Delivery:
        """Tell how far own changes have come, of a case file or of all."""
        key = None if case is None else self.keys.known_key(case)
        return mailbox_delivery(self._connection, key)

    def draft(self, key: str) -> Draft | None:
        """Give a draft, or None."""
        return drafts.read_draft(self._connection, key)

    def drafts(self) -> tuple[Draft, ...]:
        """Give all drafts, newest first."""
        return drafts.read_drafts(self._connection)

    def setting(self, key: str) -> str | None:
        """Give a setting kept inside the encrypted store."""
        row = self._connection.execute("SELECT value FROM setting WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def figures_due(self, limit: int) -> tuple[Dot, ...]:
        """Give case files whose figures are older than their sources."""
        rows = self._connection.execute("SELECT case_file FROM figures_due LIMIT ?", (limit,)).fetchall()
        return tuple(self.keys.dot(key) for (key,) in rows)

    def _case_rows(self, where: str, parameters: tuple[str | int, ...]) -> list[tuple[int, Record]]:
        declared = REGISTRY[CASE_TYPE]
        fields = tuple(declared.fields.values())
        columns = ", ".join((*FIXED, *(column_of(item) for item in fields)))
        rows = self._connection.execute(
            f"SELECT {columns} FROM {table_of(declared)} WHERE {where}",
            parameters,
        ).fetchall()
        built = []
        for key, hlc, conflicts, *stored in rows:
            values = {
                item.name: self.projection.value(item, cell)
                for item, cell in zip(fields, stored, strict=True)
                if cell is not None
            }
            record_id = self.keys.dot(key)
            provisional = frozenset(conflicts.split())
            row = Record(declared.name, record_id, record_id, values, conflicts=provisional, updated_hlc=hlc)
            built.append((key, row))
        return built

    def _history(self, where: str, parameters: tuple[int, ...], limit: int) -> tuple[HistoryEntry, ...]:
        entries = []
        for change in self.log.changes(where, parameters, limit):
            declared = REGISTRY.get(change.type)
            if declared is not None and change.register in declared.register_by_name:
                standing = self.log.is_head(change.dot, change.record, change.register)
                entries.append(_history_entry(declared, change, standing=standing))
        return tuple(entries)

    def _number(self, case: Dot | None) -> str:
        record = None if case is None else self.record(CASE_TYPE, case)
        return record.text("number") if record else ""


def _sort_key(declared: RecordType, record: Record) -> tuple[str, int]:
    value = record.get(declared.newest_by)
    text = f"{value:020d}" if isinstance(value, int) else str(value or "")
    return (text, record.updated_hlc)


def _values(declared: RecordType, change: Change) -> Mapping[str, Value]:
    return decode_register(declared.register_by_name[change.register], change.value)


def _head(declared: RecordType, change: Change) -> Head:
    return Head(change.dot, change.author, hlc_ms(change.hlc), _values(declared, change), change.reason)


def _history_entry(declared: RecordType, change: Change, *, standing: bool) -> HistoryEntry:
    return HistoryEntry(
        change.dot,
        change.record,
        declared.name,
        change.register,
        change.author,
        hlc_ms(change.hlc),
        _values(declared, change),
        change.reason,
        standing,
    )
