"""Posting changes: what one or many changes do to log, heads, rows, conflicts and search."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.declarations import REGISTRY
from app.domain.dots import Dot
from app.domain.merge import Change, RegisterState
from app.domain.records import Record
from app.domain.schema import BELONGS, Field, RecordType, Value
from app.domain.values import decode_register
from app.storage.change_log import ChangeLog
from app.storage.connection import Connection
from app.storage.keys import Keys
from app.storage.projection import Projection, column_of, table_of
from app.storage.record_reader import shown_head
from app.storage.search_index import SearchIndex, search_text

Moved = frozenset[tuple[str, Dot, Dot | None]]
States = dict[str, RegisterState]


class Posting:
    """The one write path, for local saves and remote changes alike."""

    def __init__(self, connection: Connection, keys: Keys, log: ChangeLog, projection: Projection) -> None:
        """Post over `connection`, inside the caller's transaction."""
        self._connection = connection
        self._keys = keys
        self._log = log
        self._projection = projection
        self._search = SearchIndex(connection)

    def post(self, changes: Iterable[Change]) -> Moved:
        """Merge changes and bring rows, conflicts and search up to date; gives what moved."""
        touched: dict[Dot, tuple[Change, States]] = {}
        for change in changes:
            state = self._log.add(change)
            if state is not None:
                touched.setdefault(change.record, (change, {}))[1][change.register] = state
        for record, (change, states) in touched.items():
            self._refresh(record, change, states)
        return frozenset((change.type, record, change.case) for record, (change, _) in touched.items())

    def tidy(self, pages: int) -> None:
        """Tidy the search index up, for about so many pages; a person's save never does."""
        self._search.merge(pages)

    def rebuild(self, declared: RecordType) -> None:
        """Make the rows of a type anew from the heads."""
        rows = self._connection.execute("SELECT id FROM record WHERE type = ?", (declared.name,)).fetchall()
        for (key,) in rows:
            heads = self._log.heads(key)
            if heads:
                states = {name: RegisterState(standing) for name, standing in heads.items()}
                first = next(iter(heads.values()))[0]
                self._put_row(declared, key, first, states)

    def _refresh(self, record: Dot, change: Change, states: States) -> None:
        key = self._keys.key(record)
        case = None if change.case is None else self._keys.key(change.case)
        self._connection.execute("INSERT OR IGNORE INTO record VALUES (?, ?, ?)", (key, change.type, case))
        declared = REGISTRY.get(change.type)
        if declared is not None:
            self._put_row(declared, key, change, states)

    def _put_row(self, declared: RecordType, key: int, change: Change, states: States) -> None:
        row: dict[str, Value] = {}
        hlc = 0
        for name, state in states.items():
            register = declared.register_by_name.get(name)
            if register is not None and state.heads:
                head = shown_head(register, state.heads)
                row.update(dict.fromkeys(register.field_names))
                row.update(decode_register(register, head.value))
                hlc = max(hlc, head.hlc)
        case = self._case(key, change, row, belongs=BELONGS in states)
        self._projection.put(declared, key, hlc, row)
        self._note_conflicts(declared, key, states)
        if any(item.searched for name in states for item in _fields(declared, name)):
            self._index(declared, key, case)

    def _case(self, key: int, change: Change, row: dict[str, Value], *, belongs: bool) -> int | None:
        case = row.get("case_file") if belongs else None
        if isinstance(case, Dot):
            moved = self._keys.key(case)
            self._connection.execute("UPDATE record SET case_file = ? WHERE id = ?", (moved, key))
            return moved
        return None if change.case is None else self._keys.key(change.case)

    def _note_conflicts(self, declared: RecordType, key: int, states: States) -> None:
        known = self._connection.execute("SELECT register FROM conflict WHERE record = ?", (key,)).fetchall()
        before = {register for (register,) in known}
        after = before - states.keys() | {name for name, state in states.items() if state.in_conflict}
        if after == before:
            return
        for name in after - before:
            since = max(head.hlc for head in states[name].heads)
            self._connection.execute("INSERT INTO conflict VALUES (?, ?, ?)", (key, name, since))
        for name in before - after:
            self._connection.execute("DELETE FROM conflict WHERE record = ? AND register = ?", (key, name))
        self._projection.put_conflicts(declared, key, after)

    def _index(self, declared: RecordType, key: int, case: int | None) -> None:
        searched = [item for item in declared.fields.values() if item.searched]
        columns = ", ".join(column_of(item) for item in searched)
        cells = self._connection.execute(
            f"SELECT {columns} FROM {table_of(declared)} WHERE id = ?",
            (key,),
        ).fetchone()
        values = {item.name: cell for item, cell in zip(searched, cells, strict=True)}
        owner = key if declared.is_case else case
        if owner is not None:
            self._search.put(key, owner, search_text(declared, Record(declared.name, values=values)))


def _fields(declared: RecordType, register: str) -> tuple[Field, ...]:
    found = declared.register_by_name.get(register)
    return found.fields if found else ()
