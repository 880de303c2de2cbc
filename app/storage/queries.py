"""The reading side: frozen values for lists, pages, search and history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from app.domain.aliases import Alias
from app.domain.declarations import FIGURES, REGISTRY
from app.domain.dots import Context, Dot, hlc_ms
from app.domain.figures import COUNTED
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
from app.storage.connection import UP_TO, Connection, explaining
from app.storage.kept import Kept
from app.storage.keys import Keys
from app.storage.mailbox_delivery import mailbox_delivery
from app.storage.of_others import cases_of_others
from app.storage.orders import LOCKED, NOT_LOCKED
from app.storage.projection import FIXED, Projection, column_of, table_of
from app.storage.record_reader import Reader, build_record, may_read, shown_head, sort_key
from app.storage.search_index import SearchIndex

CASE_TYPE = "CaseFile"


def _explained(queries: type[StoreQueries]) -> type[StoreQueries]:
    for name, method in list(vars(queries).items()):
        if callable(method) and not name.startswith("_"):
            setattr(queries, name, explaining(method))
    return queries


@_explained
class StoreQueries:
    """Reads one store through one connection."""

    def __init__(self, connection: Connection, reader: Reader, kept: Kept) -> None:
        """Read over `connection` for `reader`; `kept` keeps what was found."""
        self._connection = connection
        self._reader = reader
        self.keys = Keys(connection)
        self.log = ChangeLog(connection, self.keys, kept)
        self.projection = Projection(connection, self.keys)
        self.belonging = Belonging(connection, self.keys, self.log)
        self._search = SearchIndex(connection)

    @property
    def contents(self) -> SqlContents:
        """The content of attachments."""
        return SqlContents(self._connection, self.keys)

    def record(self, record_type: str, record_id: Dot) -> Record | None:
        """Give one record, or None."""
        what = ("record", record_id)
        return self.log.kept.of_type(record_type, what, lambda: self._record(record_type, record_id))

    def records(self, record_type: str, case: Dot | None) -> tuple[Record, ...]:
        """Give the records of a type in a case file and in those that are one with it (None: outside any)."""
        what = ("records", case)
        find = partial(self._records, record_type, case, deleted=False)
        return self.log.kept.of_type(record_type, what, find)

    def deleted_records(self, case: Dot) -> tuple[Record, ...]:
        """Give the records of a case file that were deleted."""
        types = [item.name for item in REGISTRY if item.deletable]
        return tuple(record for name in types for record in self._records(name, case, deleted=True))

    def canonical_case(self, case: Dot) -> Dot:
        """Give the case file under which `case` is read."""
        return self.case_group(case)[0]

    def case_group(self, case: Dot) -> tuple[Dot, ...]:
        """Give the case files that are one with `case`, first the one under which all are read."""
        return self.log.kept.once(("case_group", case), lambda: self._case_group(case))

    def homes_of(self, record: Dot) -> tuple[Dot, ...]:
        """Give the case files that a record belongs to now."""
        return self.log.kept.once(("homes", record), lambda: self._homes_of(record))

    def past_homes(self, record: Dot) -> tuple[Dot, ...]:
        """Give every case file that a record, or a case file's alias, was ever said to belong to."""
        return tuple(sorted({case for _change, case in self._links(record) if case is not None}))

    def joins(self) -> tuple[Alias, ...]:
        """Give every alias that ever counted."""
        return self.belonging.joins()

    def links_of(self, record: Dot) -> tuple[Change, ...]:
        """Give every change that ever said where a record belongs, or with what a case file is one."""
        return tuple(change for change, _case in self._links(record))

    def homes_before(self, change: Change) -> tuple[Dot, ...]:
        """Give the case files that a change of belonging took its record out of.

        Those too out of which the sides of a question took it that is answered by the change: who reads
        them was asked as well.
        """
        earlier = {item.dot: (item, case) for item, case in self._links(change.record)}
        known = [link for dot, link in earlier.items() if dot in change.context]
        covered = Context.union(item.context for item, _case in known)
        sides = [(item, case) for item, case in known if item.dot not in covered]
        found = {case for _item, case in sides if case is not None}
        if len(sides) > 1:
            found |= {home for item, _case in sides for home in self.homes_before(item)}
        return tuple(sorted(found))

    def hidden_conflicts(self) -> int:
        """Give the number of open conflicts that this reader may not read, and so not decide."""
        rows = self._connection.execute("SELECT record, register FROM conflict").fetchall()
        found = (self._sides(int(key), name) for key, name in rows)
        return sum(bool(sides) and not self._decidable(sides) for sides in found)

    def twins(self) -> tuple[Twin, ...]:
        """Give the numbers that were used twice."""
        return tuple(Twin(*row) for row in self.log.twins())

    def is_restricted(self, case: Dot) -> bool:
        """Tell whether a case file is locked by an order."""
        key = self.keys.known_key(case)
        sql = f"{LOCKED} AND target = ?"
        return key is not None and self._connection.execute(sql, (key,)).fetchone() is not None

    def cases_of_others(self, member: int, limit: int) -> tuple[Dot, ...]:
        """Give the newest case files that others lead and supervise, or where a client said no."""
        return cases_of_others(self._connection, self.keys, member, limit)

    def ever_worked_in(self, case: Dot, member: int) -> bool:
        """Tell whether a member made a case file that is here, or was ever named in it."""
        return self.belonging.ever_worked_in(case, member)

    def case_page(self, after: CaseCursor | None, limit: int, phase: str | None = None) -> CasePage:
        """Give a page of case files, newest first."""
        conditions = ["opened_on IS NOT NULL", "id NOT IN (SELECT case_file FROM merged)", NOT_LOCKED]
        parameters: list[str | int] = []
        if after is not None:
            conditions.append("(opened_on, id) < (?, ?)")
            parameters += [after.sort, after.row]
        if phase is not None:
            conditions.append("phase = ?")
            parameters.append(phase)
        where = f"{' AND '.join(conditions)} ORDER BY opened_on DESC, id DESC {UP_TO}"
        rows = self._case_rows(where, (*parameters, limit))
        following = CaseCursor(rows[-1][1].text("opened_on"), rows[-1][0]) if len(rows) == limit else None
        return CasePage(tuple(record for _, record in rows), following)

    def case_count(self) -> int:
        """Give the number of case files in this store."""
        row = self._connection.execute(
            f"SELECT count(*) FROM {table_of(REGISTRY[CASE_TYPE])}"
            f" WHERE id NOT IN (SELECT case_file FROM merged) AND {NOT_LOCKED}"
        ).fetchone()
        return int(row[0])

    def case_by_number(self, number: str) -> tuple[Dot, ...]:
        """Give the case files with that number."""
        rows = self._case_rows("number = ? LIMIT 100", (number,))
        return tuple(dict.fromkeys(self.keys.dot(self.belonging.canonical(key)) for key, _ in rows))

    def search_cases(self, typed: str, limit: int) -> tuple[Record, ...]:
        """Give the case files in which every typed word begins a word, newest entry first."""
        keys = self._search.find_cases(typed, limit)
        if not keys:
            return ()
        marks = ", ".join("?" * len(keys))
        rows = dict(self._case_rows(f"id IN ({marks}) AND {NOT_LOCKED} LIMIT {len(keys)}", keys))
        return tuple(rows[key] for key in keys if key in rows)

    def conflicts(self, limit: int) -> tuple[Conflict, ...]:
        """Give open conflicts that a person has to decide, oldest first: not those of derived records."""
        derived = [declared.name for declared in REGISTRY if declared.derived]
        marks = ", ".join("?" * len(derived))
        rows = self._connection.execute(
            "SELECT record, register FROM conflict JOIN record ON record.id = conflict.record"
            f" WHERE record.type NOT IN ({marks}) ORDER BY since {UP_TO}",
            (*derived, limit),
        )
        found = (self.conflict(self.keys.dot(record), register) for record, register in rows.fetchall())
        return tuple(item for item in found if item is not None)

    def conflict(self, record: Dot, register: str) -> Conflict | None:
        """Give one conflict, or None when it is settled, not for this reader, or not for this program."""
        key = self.keys.known_key(record)
        sides = () if key is None else self._sides(key, register)
        made_by = next((head for head in sides if head.record == record), None)
        declared = None if made_by is None else REGISTRY.get(made_by.type)
        if key is None or made_by is None or declared is None or not self._decidable(sides):
            return None
        if register not in declared.register_by_name:
            return None
        own = tuple(head for head in sides if head.record == record and head.register == register)
        others = tuple(head for head in sides if head not in own)
        winner = shown_head(declared.register_by_name[register], own)
        # What somebody wrote in a deleted record is in sight, so it comes first.
        first = (*others, winner) if register == STANDING else (winner, *others)
        ordered = (*first, *(head for head in reversed(own) if head is not winner))
        home = None if made_by.case is None else self.belonging.home(key, self.keys.key(made_by.case))
        case = None if home is None else self.keys.dot(home)
        shown = tuple(self._side(declared, register, head, rival=head in others) for head in ordered)
        return Conflict(case, self._number(case), record, declared.name, register, shown)

    def decisions(self, limit: int) -> tuple[HistoryEntry, ...]:
        """Give the decisions made, newest first."""
        return self._history("reason IS NOT NULL", (), limit)

    def history(self, case: Dot, limit: int) -> tuple[HistoryEntry, ...]:
        """Give the changes of a case file, newest first."""

        def find() -> tuple[HistoryEntry, ...]:
            key = self.keys.known_key(case)
            return () if key is None else self._history(self.belonging.history_condition(key), (), limit)

        return self.log.kept.once(("history", case, limit), find)

    def delivery(self, case: Dot | None) -> Delivery:
        """Tell how far own changes have come, of a case file or of all."""
        key = None if case is None else self.keys.known_key(case)
        return mailbox_delivery(self._connection, None if key is None else self.belonging.condition(key))

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
        rows = self._connection.execute(f"SELECT case_file FROM figures_due {UP_TO}", (limit,)).fetchall()
        return tuple(self.keys.dot(key) for (key,) in rows)

    def figures_of(self, case: Dot) -> tuple[Record, ...]:
        """Give the figures of a case file that are known to be its: those of own devices."""
        sql = f"SELECT id FROM {table_of(FIGURES)} WHERE {COUNTED} = ?"
        rows = self._connection.execute(sql, (self.keys.known_key(case),)).fetchall()
        found = (self.record(FIGURES.name, self.keys.dot(key)) for (key,) in rows)
        return tuple(item for item in found if item is not None)

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

    def _record(self, record_type: str, record_id: Dot) -> Record | None:
        key = self.keys.known_key(record_id)
        heads = {} if key is None else self.log.heads(key)
        return self._built(REGISTRY[record_type], record_id, heads) if heads else None

    def _case_group(self, case: Dot) -> tuple[Dot, ...]:
        key = self.keys.known_key(case)
        if key is None:
            return (case,)
        root, *others = (self.keys.dot(item) for item in self.belonging.group(key))
        return (root, *sorted(others))

    def _homes_of(self, record: Dot) -> tuple[Dot, ...]:
        key = self.keys.known_key(record)
        heads = () if key is None else self.log.state(key, BELONGS).heads
        named = (linked_case(head) or head.case for head in heads)
        return tuple(sorted({case for case in named if case is not None}))

    def _records(self, record_type: str, case: Dot | None, *, deleted: bool) -> tuple[Record, ...]:
        declared = REGISTRY[record_type]
        key = None if case is None else self.keys.known_key(case)
        if case is not None and key is None:
            return ()
        group = (None,) if key is None else self.belonging.group(key)
        built = [
            self._built(declared, self.keys.dot(item), heads)
            for member in group
            for item, heads in self.log.heads_of_case(member, record_type, deleted=deleted).items()
        ]
        if declared.newest_by:
            return tuple(sorted(built, key=lambda record: sort_key(declared, record), reverse=True))
        return tuple(sorted(built, key=lambda record: record.id or Dot(0, 0, 0)))

    def _built(self, declared: RecordType, record_id: Dot, heads: Mapping[str, tuple[Change, ...]]) -> Record:
        record = self.log.kept.made.record(
            declared.name, record_id, heads, lambda: build_record(declared, record_id, heads, self._reader)
        )
        if declared.is_case or record.case is None:
            return record
        canonical = self.keys.dot(self.belonging.canonical(self.keys.key(record.case)))
        return record if canonical == record.case else replace(record, case=canonical)

    def _links(self, record: Dot) -> tuple[tuple[Change, Dot | None], ...]:

        def find() -> tuple[tuple[Change, Dot | None], ...]:
            key = self.keys.known_key(record)
            made_in = None if key is None else self.log.made_in(key)
            return () if key is None or made_in is None else tuple(self.belonging.links(key, made_in))

        return self.log.kept.once(("links", record), find)

    def _sides(self, key: int, register: str) -> tuple[Change, ...]:
        """Give what stands against each other: the heads, and what contradicts them from elsewhere."""
        heads = self.log.state(key, register).heads
        if register == STANDING:
            heads = (*heads, *fate_of(self.log.heads(key)).unseen)
        if register == ALIAS and len(heads) == 1:
            rivals = self.belonging.merged().rivals.get(self.keys.dot(key), ())
            dots = (self.keys.key(rival.dot) for rival in rivals if rival.dot != heads[0].dot)
            heads = (*heads, *self.log.by_keys(dots))
        return heads if len(heads) > 1 else ()

    def _decidable(self, sides: tuple[Change, ...]) -> bool:
        return bool(sides) and all(may_read(head, self._reader) for head in sides)

    def _side(self, declared: RecordType, register: str, head: Change, *, rival: bool) -> Head:
        if not rival:
            values, wrote = _values(declared, head), None
        else:
            theirs = REGISTRY[head.type]
            wrote = Wrote(head.type, head.register, head.record, _values(theirs, head))
            values = {STANDING: "present"} if register == STANDING else {}
        wrong = self._is_clock_wrong(head.dot)
        return Head(head.dot, head.author, hlc_ms(head.hlc), values, head.reason, wrong, wrote)

    def _is_clock_wrong(self, dot: Dot) -> bool:
        sql = "SELECT 1 FROM clock_wrong WHERE dot = ?"
        return self._connection.execute(sql, (self.keys.known_key(dot),)).fetchone() is not None

    def _history(self, where: str, parameters: tuple[int, ...], limit: int) -> tuple[HistoryEntry, ...]:
        entries = []
        for change, standing, wrong, attester in self.log.told(where, parameters, limit):
            declared = REGISTRY.get(change.type)
            if declared is None or change.register not in declared.register_by_name:
                continue
            if may_read(change, self._reader):
                entry = _history_entry(declared, change, standing=standing, clock_wrong=wrong)
                entries.append(entry if attester is None else replace(entry, attested_by=attester))
        return tuple(entries)

    def _number(self, case: Dot | None) -> str:
        record = None if case is None else self.record(CASE_TYPE, case)
        return record.text("number") if record else ""


def _values(declared: RecordType, change: Change) -> Mapping[str, Value]:
    return decode_register(declared.register_by_name[change.register], change.value)


def _history_entry(
    declared: RecordType, change: Change, *, standing: bool, clock_wrong: bool
) -> HistoryEntry:
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
        clock_wrong,
    )
