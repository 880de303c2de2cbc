"""Posting changes: what one or many changes do to log, heads, rows, conflicts and search."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.domain.declarations import CASE_FILE, REGISTRY
from app.domain.dots import Dot
from app.domain.merge import Change, RegisterState
from app.domain.records import Record
from app.domain.schema import ALIAS, BELONGS, STANDING, Field, RecordType, Value
from app.domain.standing import KEPT, Fate, fate_of
from app.domain.values import decode_register
from app.storage.belonging import Belonging
from app.storage.change_log import ChangeLog
from app.storage.connection import Connection
from app.storage.outbox import Outbox
from app.storage.projection import Projection, column_of, table_of
from app.storage.record_reader import Reader, may_read, shown_head
from app.storage.search_index import SearchIndex, search_text

Moved = frozenset[tuple[str, Dot, Dot | None]]
States = dict[str, RegisterState]
_IN_DOUBT = "SELECT record FROM conflict WHERE register = 'alias'"
_JUDGING = frozenset({"CaseFile", "StandIn"})
"""Types whose changes say who worked in a case file, and so whose alias counts."""


class Posting:
    """The one write path, for local saves and remote changes alike."""

    def __init__(
        self,
        connection: Connection,
        log: ChangeLog,
        projection: Projection,
        reader: Reader,
        outbox: Outbox,
    ) -> None:
        """Post over `connection`, inside the caller's transaction; rows hold what `reader` may read."""
        self._connection = connection
        self._outbox = outbox
        self._reader = reader
        self._keys = log.keys
        self._log = log
        self._projection = projection
        self._belonging = Belonging(connection, log.keys, log)
        self._search = SearchIndex(connection)

    def post(self, changes: Iterable[Change], attester: int | None = None) -> Moved:
        """Merge changes and bring rows, conflicts and search up to date; gives what moved.

        `attester`: the member whose word alone vouches for them.
        """
        touched: dict[Dot, tuple[Change, States]] = {}
        for change in changes:
            state = self._log.add(change, attester)
            if state is not None:
                touched.setdefault(change.record, (change, {}))[1][change.register] = state
        told = frozenset((change.type, record, change.case) for record, (change, _) in touched.items())
        before = self._homes(touched)
        for record, (change, states) in touched.items():
            self._refresh(record, change, states)
        apart = self._work_out_aliases(touched)
        return told | before | self._homes(touched) | apart

    def tidy(self, pages: int) -> None:
        """Tidy the search index up, for about so many pages; a person's save never does."""
        self._search.merge(pages)

    def rebuild(self, declared: RecordType) -> None:
        """Make the rows of a type anew from the heads."""
        rows = self._connection.execute("SELECT id FROM record WHERE type = ?", (declared.name,)).fetchall()
        for (key,) in rows:
            self.rebuild_record(key)
        if declared.is_case:
            self._merge_case_files()

    def families(self, cases: Iterable[int]) -> frozenset[int]:
        """Give the case files that are one with any of these, themselves among them."""
        return frozenset(one for case in cases for one in self._belonging.group(case))

    def rebuild_around(self, gone: Iterable[int], families: Iterable[int]) -> None:
        """Work out anew what hung on case files that went: what is read under them, what had moved there.

        `families`: those that were one with them until then; others may read what is left.
        """
        for case in gone:
            sql = "SELECT record FROM moved WHERE case_file = ?"
            for (record,) in self._connection.execute(sql, (case,)).fetchall():
                self.rebuild_record(int(record))
        self._merge_case_files()
        for case in sorted(families):
            self._outbox.note_regrouped(case)

    def rebuild_records(self, keys: Iterable[int]) -> None:
        """Make the rows of some records anew from their heads; what is read as one is worked out anew too."""
        for key in keys:
            self.rebuild_record(key)
        if self._belonging.has_aliases():
            self._merge_case_files()

    def rebuild_record(self, key: int) -> None:
        """Make the row of one record anew from its heads."""
        heads = self._log.heads(key)
        first = next((standing[0] for standing in heads.values()), None)
        declared = None if first is None else REGISTRY.get(first.type)
        if first is not None and declared is not None:
            states = {name: RegisterState(standing) for name, standing in heads.items()}
            self._put_row(declared, key, first, states)
            self._log.kept.note_moved()
            self._mark_conflicts(declared, key)
            if ALIAS in states and declared.is_case:
                self._belonging.note_alias(key, states[ALIAS].heads)

    def _refresh(self, record: Dot, change: Change, states: States) -> None:
        key = self._keys.key(record)
        case = None if change.case is None else self._keys.key(change.case)
        self._connection.execute("INSERT OR IGNORE INTO record VALUES (?, ?, ?)", (key, change.type, case))
        declared = REGISTRY.get(change.type)
        if declared is not None:
            self._put_row(declared, key, change, states)
        known = self._connection.execute("SELECT type FROM record WHERE id = ?", (key,)).fetchone()
        # A copied device may have made two records under one name.
        self._log.kept.note_moved(change.type if known == (change.type,) else None)

    def _put_row(self, declared: RecordType, key: int, change: Change, states: States) -> None:
        row: dict[str, Value] = {}
        hlc = 0
        for name, state in states.items():
            register = declared.register_by_name.get(name)
            heads = tuple(head for head in state.heads if may_read(head, self._reader))
            if register is not None:
                row.update(dict.fromkeys(register.field_names))
            if register is not None and heads:
                head = shown_head(register, heads)
                row.update(decode_register(register, head.value))
                hlc = max(hlc, head.hlc)
        if BELONGS in states and isinstance(case := row.get("case_file"), Dot):
            origin = None if change.case is None else self._keys.key(change.case)
            self._belonging.note_home(key, origin, self._keys.key(case))
        fate = self._fate(declared, key)
        self._projection.put(declared, key, hlc, row)
        self._log.kept.note_moved(declared.name)
        self._note_conflicts(declared, key, states, fate)
        moved = BELONGS in states or STANDING in states
        if moved or any(item.searched for name in states for item in _fields(declared, name)):
            self._index(declared, key, change, fate)

    def _homes(self, touched: Mapping[Dot, tuple[Change, States]]) -> Moved:
        """Give where the touched records belong, as far as anything was ever moved or put together."""
        if not self._belonging.is_used():
            return frozenset()
        return frozenset(
            (change.type, record, self._home(change)) for record, (change, _states) in touched.items()
        )

    def _home(self, change: Change) -> Dot | None:
        """Give the case file to which the record of a change belongs now."""
        if change.case is None:
            return None
        home = self._belonging.home(self._keys.key(change.record), self._keys.key(change.case))
        return None if home is None else self._keys.dot(home)

    def _fate(self, declared: RecordType, key: int) -> Fate:
        if not declared.deletable or not self._log.has_head(key, STANDING):
            return KEPT
        fate = fate_of(self._log.heads(key))
        self._connection.execute("DELETE FROM deleted WHERE record = ?", (key,))
        if fate.deleted:
            self._connection.execute("INSERT INTO deleted VALUES (?)", (key,))
        return fate

    def _note_conflicts(self, declared: RecordType, key: int, states: States, fate: Fate) -> None:
        known = self._connection.execute("SELECT register FROM conflict WHERE record = ?", (key,)).fetchall()
        before = {register for (register,) in known}
        after = before - states.keys() | {name for name, state in states.items() if state.in_conflict}
        after = after - {STANDING} | ({STANDING} if fate.contested else set())
        if after == before:
            return
        for name in after - before:
            since = max(head.hlc for state in states.values() for head in state.heads)
            self._connection.execute("INSERT INTO conflict VALUES (?, ?, ?)", (key, name, since))
        for name in before - after:
            self._connection.execute("DELETE FROM conflict WHERE record = ? AND register = ?", (key, name))
        self._mark_conflicts(declared, key)

    def _mark_conflicts(self, declared: RecordType, key: int) -> None:
        rows = self._connection.execute("SELECT register FROM conflict WHERE record = ?", (key,)).fetchall()
        self._projection.put_conflicts(declared, key, (name for (name,) in rows))

    def _work_out_aliases(self, touched: Mapping[Dot, tuple[Change, States]]) -> Moved:
        """Note which case files are read as one; a new assignment may make an alias count."""
        told = False
        for record, (change, states) in touched.items():
            if ALIAS in states and change.type == CASE_FILE.name:
                self._belonging.note_alias(self._keys.key(record), states[ALIAS].heads)
                told = True
        joins = any(change.type in _JUDGING for change, _states in touched.values())
        if told or (joins and self._belonging.has_aliases()):
            return self._merge_case_files()
        return frozenset()

    def _merge_case_files(self) -> Moved:
        merged, regrouped = self._belonging.merge()
        self._mark_rivals({self._keys.key(case) for case in merged.rivals})
        for key in sorted(regrouped):
            self._outbox.note_regrouped(key)
        return frozenset((CASE_FILE.name, dot, dot) for dot in map(self._keys.dot, regrouped))

    def _mark_rivals(self, rivals: set[int]) -> None:
        listed = {int(key) for (key,) in self._connection.execute(_IN_DOUBT).fetchall()}
        several = {key for key in listed if len(self._log.state(key, ALIAS).heads) > 1}
        for key in listed - rivals - several:
            self._connection.execute("DELETE FROM conflict WHERE record = ? AND register = ?", (key, ALIAS))
        for key in rivals - listed:
            since = max(head.hlc for head in self._log.state(key, ALIAS).heads)
            self._connection.execute("INSERT INTO conflict VALUES (?, ?, ?)", (key, ALIAS, since))
        for key in rivals ^ listed:
            self._mark_conflicts(REGISTRY["CaseFile"], key)

    def _index(self, declared: RecordType, key: int, change: Change, fate: Fate) -> None:
        searched = [item for item in declared.fields.values() if item.searched]
        if not searched:
            return
        columns = ", ".join(column_of(item) for item in searched)
        cells = self._connection.execute(
            f"SELECT {columns} FROM {table_of(declared)} WHERE id = ?",
            (key,),
        ).fetchone()
        values = {item.name: cell for item, cell in zip(searched, cells, strict=True)}
        owner = key if declared.is_case else self._made_or_moved(key, change)
        if owner is not None:
            text = "" if fate.deleted else search_text(declared, Record(declared.name, values=values))
            self._search.put(key, owner, text)

    def _made_or_moved(self, key: int, change: Change) -> int | None:
        row = self._connection.execute("SELECT case_file FROM record WHERE id = ?", (key,)).fetchone()
        if row is not None and row[0] is not None:
            return int(row[0])
        return None if change.case is None else self._keys.key(change.case)


def _fields(declared: RecordType, register: str) -> tuple[Field, ...]:
    found = declared.register_by_name.get(register)
    return found.fields if found else ()
