"""The change log: changes, heads and what is covered, kept by the one merge law."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from app.domain.classes import RegisterClass
from app.domain.dots import Context, Dot
from app.domain.merge import Change, RegisterState, context_of_decision, merge_attested, merge_change
from app.storage.attestations import Attestations
from app.storage.connection import UP_TO, Connection
from app.storage.kept import Kept, Part
from app.storage.keys import Keys
from app.storage.made import Row

_COLUMNS = (
    "change.dot, change.twin, change.record, change.case_file, change.type, change.register, change.class,"
    " change.value, change.context, change.hlc, change.author, change.schema, change.reason"
)
_TOLD = (
    "EXISTS (SELECT 1 FROM head WHERE head.record = change.record AND head.register = change.register"
    " AND head.dot = change.dot), EXISTS (SELECT 1 FROM clock_wrong WHERE clock_wrong.dot = change.dot),"
    " (SELECT member FROM attested WHERE attested.dot = change.dot AND attested.twin = change.twin)"
)
_INSERT = "INSERT INTO change VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_HEADS = (
    f"SELECT {_COLUMNS} FROM head JOIN change ON change.dot = head.dot AND change.twin = head.twin"
    " WHERE head.record = ?"
)


class ChangeLog:
    """Reads and writes changes of one store; the caller holds the transaction."""

    def __init__(self, connection: Connection, keys: Keys, kept: Kept) -> None:
        """Work over `connection`; `kept` keeps what was found."""
        self._connection = connection
        self.keys = keys
        self.attestations = Attestations(connection, keys)
        self.kept = kept

    def forget(self) -> None:
        """Drop what was remembered of a transaction that was rolled back."""
        self.attestations.forget()
        self.kept.forget()

    def note_taken_out(self) -> None:
        """Note that records were removed, or changes emptied: what they said leaves the memory too."""
        self.kept.let_go()
        self.kept.note(Part.MERGED)
        self.kept.note_moved()

    def add(self, change: Change, attester: int | None = None) -> RegisterState | None:
        """Merge a change; gives the register's new state, or None when exactly this change was known.

        `attester`: the member whose word alone vouches for it. Without one, a change that was only
        attested so far is proven from now on.
        """
        dot = self.keys.key(change.dot)
        twin = self._free_twin(dot, change)
        if twin is None:
            return None if attester is not None else self._prove(change, dot)
        record = self.keys.key(change.record)
        before = self.state(record, change.register)
        self._insert(change, dot, twin, record)
        if attester is not None:
            self.attestations.put((dot, twin), attester)
            self.kept.note_moved()
            return self._put_whole_state(record, change.register, merge_attested(before, change))
        after = merge_change(before, change)
        if self.attestations.some:
            return self._put_whole_state(record, change.register, after)
        self._put_state(record, change.register, before, after, change, (dot, twin))
        return after

    def attester(self, change: Change) -> int | None:
        """Give the member whose word alone vouches for a known change, or None when it is proven."""
        dot = self.keys.known_key(change.dot)
        if dot is None or not self.attestations.some:
            return None
        twin = self._twin(dot, change)
        return None if twin is None else self.attestations.by((dot, twin))

    def state(self, record: int, register: str) -> RegisterState:
        """Give what is known of a register."""
        heads = self._heads_of(record, register)
        if len(heads) > 1:  # a hash each is what the order costs
            heads = tuple(sorted(heads, key=lambda head: head.order))
        covered = self._covered(record, register)
        if not self.attestations.some:
            return RegisterState(heads, covered)
        attested = frozenset(head.digest for head in heads if self.attester(head) is not None)
        return RegisterState(heads, covered, self.attestations.claimed(record, register), attested)

    def standing_in(self, context: Context, record: Dot, register: str) -> list[Change]:
        """Give what stood in a register for who was shown `context`: of what it names, what nothing covers.

        What is covered by what was found is not read: after a thousand edits that is one change.
        """
        key = self.keys.known_key(record) if context else None
        if key is None:
            return []
        found = [head for head in self._heads_of(key, register) if head.dot in context]
        left = context - context_of_decision(found)
        # What stands no longer is covered; a consent names the entries that were shown, which are others.
        left &= self._covered(key, register) if left else left
        while left:
            dot = left.newest
            left -= Context.of((dot,))
            for change in self._named(dot):
                if (change.record, change.register) == (record, register):
                    found.append(change)
                    left -= change.context
        return [item for item in found if not any(item.dot in other.context for other in found)]

    def heads(self, record: int) -> dict[str, tuple[Change, ...]]:
        """Give the heads of every register of a record."""
        found: dict[str, list[Change]] = {}
        for row in self._connection.execute(_HEADS, (record,)):
            found.setdefault(str(row[5]), []).append(self.change(row))
        return {name: tuple(heads) for name, heads in found.items()}

    def heads_of_case(
        self, case: int | None, record_type: str, *, deleted: bool = False
    ) -> dict[int, dict[str, tuple[Change, ...]]]:
        """Give the heads of every record of a type in a case file, by local record key."""
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM record JOIN head ON head.record = record.id"
            " JOIN change ON change.dot = head.dot AND change.twin = head.twin"
            " WHERE record.case_file IS ? AND record.type = ?"
            f" AND record.id {'' if deleted else 'NOT'} IN (SELECT record FROM deleted)",
            (case, record_type),
        )
        found: dict[int, dict[str, list[Change]]] = {}
        for row in rows:
            found.setdefault(int(row[2]), {}).setdefault(str(row[5]), []).append(self.change(row))
        return {
            key: {name: tuple(heads) for name, heads in registers.items()} for key, registers in found.items()
        }

    def changes(self, where: str, parameters: Iterable[Any], limit: int) -> Iterator[Change]:
        """Go through changes by a condition of this package's own making, newest first."""
        sql = f"SELECT {_COLUMNS} FROM change WHERE {where} ORDER BY hlc DESC, dot DESC {UP_TO}"
        for row in self._connection.execute(sql, (*parameters, limit)):
            yield self.change(row)

    def told(
        self, where: str, parameters: Iterable[Any], limit: int
    ) -> Iterator[tuple[Change, bool, bool, int | None]]:
        """Go through changes as `changes` does: whether each stands, its clock was wrong, who attests it."""
        sql = f"SELECT {_COLUMNS}, {_TOLD} FROM change WHERE {where} ORDER BY hlc DESC, dot DESC {UP_TO}"
        for row in self._connection.execute(sql, (*parameters, limit)):
            *held, stands, wrong, attester = row
            yield self.change(tuple(held)), bool(stands), bool(wrong), attester

    def by_keys(self, dots: Iterable[int]) -> Iterator[Change]:
        """Go through the changes with these local keys, in their order."""
        for dot in dots:
            yield from self.at(dot, 0)

    def has_head(self, record: int, register: str) -> bool:
        """Tell whether anything stands in a register."""
        sql = "SELECT 1 FROM head WHERE record = ? AND register = ?"
        return self._connection.execute(sql, (record, register)).fetchone() is not None

    def made_in(self, record: int) -> int | None:
        """Give the case file that a record was made in: its changes name it for good."""
        sql = "SELECT case_file FROM change WHERE dot = ? AND record = dot"
        row = self._connection.execute(sql, (record,)).fetchone()
        return None if row is None or row[0] is None else int(row[0])

    def twins(self) -> Iterator[tuple[Dot, int, int]]:
        """Go through the dots with several contents: dot, author of one, how many."""
        sql = "SELECT dot, min(author), max(twin) + 1 FROM change WHERE twin > 0 GROUP BY dot ORDER BY dot"
        for dot, author, contents in self._connection.execute(sql):
            yield self.keys.dot(dot), author, contents

    def at(self, dot: int, twin: int) -> Iterator[Change]:
        """Go through the one change with this local name."""
        known = self.kept.change(dot, twin)
        if known is not None:
            yield known
            return
        sql = f"SELECT {_COLUMNS} FROM change WHERE dot = ? AND twin = ?"
        for row in self._connection.execute(sql, (dot, twin)).fetchall():
            yield self.change(row)

    def _named(self, dot: Dot) -> Iterator[Change]:
        key = self.keys.known_key(dot)
        return iter(()) if key is None else self.with_dot(key)

    def with_dot(self, dot: int) -> Iterator[Change]:
        """Go through the contents that are known under one dot."""
        for row in self._connection.execute(f"SELECT {_COLUMNS} FROM change WHERE dot = ?", (dot,)):
            yield self.change(row)

    def change(self, row: Row) -> Change:
        """Give the change that a row holds: for the same row the same one, with what was worked out of it."""
        return self.kept.made.change(row, self._read)

    def _read(self, row: Row) -> Change:
        dot = self.keys.dot
        return Change(
            dot=dot(row[0]),
            case=None if row[3] is None else dot(row[3]),
            record=dot(row[2]),
            type=row[4],
            register=row[5],
            cls=RegisterClass(row[6]),
            value=bytes(row[7]),
            context=self.keys.unpack(row[8]) if row[8] else Context(),
            hlc=row[9],
            author=row[10],
            schema=row[11],
            reason=row[12],
        )

    def _prove(self, change: Change, dot: int) -> RegisterState | None:
        twin = self._twin(dot, change) if self.attestations.some else None
        if twin is None or self.attestations.by((dot, twin)) is None:
            return None
        record = self.keys.key(change.record)
        after = merge_change(self.state(record, change.register), change)
        self.attestations.drop((dot, twin))
        self.kept.note_moved()
        return self._put_whole_state(record, change.register, after)

    def _twin(self, dot: int, change: Change) -> int | None:
        """Give under which number exactly this change is known."""
        first = self.kept.change(dot, 0)
        if first is not None and first.digest == change.digest:
            return 0
        rows = self._connection.execute(f"SELECT {_COLUMNS} FROM change WHERE dot = ?", (dot,))
        return next((int(row[1]) for row in rows if self.change(row).digest == change.digest), None)

    def _put_whole_state(self, record: int, register: str, after: RegisterState) -> RegisterState:
        """Write heads and contexts anew: where attested changes are, one that comes may bring others back."""
        place = (record, register)
        self._connection.execute("DELETE FROM head WHERE record = ? AND register = ?", place)
        for head in after.heads:
            dot = self.keys.key(head.dot)
            row = (*place, dot, self._twin(dot, head))
            self._connection.execute("INSERT INTO head VALUES (?, ?, ?, ?)", row)
        for table, context in (("covered", after.covered), ("claimed", after.claimed)):
            if context:
                packed = self.keys.pack(context)
                self._connection.execute(f"INSERT OR REPLACE INTO {table} VALUES (?, ?, ?)", (*place, packed))
        self.kept.note_moved()
        return after

    def _free_twin(self, dot: int, change: Change) -> int | None:
        """Give the number under which a change is new, or None when exactly this one is known."""
        first = self.kept.change(dot, 0)
        if first is not None and first.digest == change.digest:
            return None
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM change WHERE dot = ?",
            (dot,),
        ).fetchall()
        if any(self.change(row).digest == change.digest for row in rows):
            return None
        return len(rows)

    def _insert(self, change: Change, dot: int, twin: int, record: int) -> None:
        case = None if change.case is None else self.keys.key(change.case)
        context = self.keys.pack(change.context)
        facts = (change.type, change.register, int(change.cls), change.value, context)
        clock = (change.hlc, change.author, change.schema, change.reason)
        row = (dot, twin, record, case, *facts, *clock)
        self._connection.execute(_INSERT, row)
        self.kept.made.put_change(row, change)
        self.kept.note_moved(change.type)

    def _heads_of(self, record: int, register: str) -> tuple[Change, ...]:
        rows = self._connection.execute(f"{_HEADS} AND head.register = ?", (record, register))
        return tuple(self.change(row) for row in rows)

    def _covered(self, record: int, register: str) -> Context:
        row = self._connection.execute(
            "SELECT context FROM covered WHERE record = ? AND register = ?", (record, register)
        ).fetchone()
        return Context() if row is None else self.keys.unpack(row[0])

    def _put_state(
        self,
        record: int,
        register: str,
        before: RegisterState,
        after: RegisterState,
        change: Change,
        name: tuple[int, int],
    ) -> None:
        for head in before.heads:
            if head.dot in change.context:
                sql = "DELETE FROM head WHERE record = ? AND register = ? AND dot = ?"
                self._connection.execute(sql, (record, register, self.keys.key(head.dot)))
        if any(head.digest == change.digest for head in after.heads):
            self._connection.execute("INSERT INTO head VALUES (?, ?, ?, ?)", (record, register, *name))
        if after.covered != before.covered:
            self._connection.execute(
                "INSERT INTO covered VALUES (?, ?, ?)"
                " ON CONFLICT (record, register) DO UPDATE SET context = excluded.context",
                (record, register, self.keys.pack(after.covered)),
            )
        self.kept.note_moved(change.type)
