"""The change log: changes, heads and what is covered, kept by the one merge law."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from app.domain.classes import RegisterClass
from app.domain.dots import Context, Dot
from app.domain.merge import Change, RegisterState, merge_change
from app.storage.connection import Connection
from app.storage.keys import Keys

_COLUMNS = (
    "change.dot, change.twin, change.record, change.case_file, change.type, change.register, change.class,"
    " change.value, change.context, change.hlc, change.author, change.schema, change.reason"
)
_INSERT = "INSERT INTO change VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_HEADS = (
    f"SELECT {_COLUMNS} FROM head JOIN change ON change.dot = head.dot AND change.twin = head.twin"
    " WHERE head.record = ?"
)


class ChangeLog:
    """Reads and writes changes of one store; the caller holds the transaction."""

    def __init__(self, connection: Connection, keys: Keys) -> None:
        """Work over `connection`."""
        self._connection = connection
        self._keys = keys

    def add(self, change: Change) -> RegisterState | None:
        """Merge a change; gives the register's new state, or None when exactly this change was known."""
        dot = self._keys.key(change.dot)
        twin = self._free_twin(dot, change)
        if twin is None:
            return None
        record = self._keys.key(change.record)
        before = self.state(record, change.register)
        after = merge_change(before, change)
        self._insert(change, dot, twin, record)
        self._put_state(record, change.register, before, after, change, (dot, twin))
        return after

    def state(self, record: int, register: str) -> RegisterState:
        """Give what is known of a register."""
        rows = self._connection.execute(f"{_HEADS} AND head.register = ?", (record, register))
        heads = tuple(sorted((self.change(row) for row in rows), key=lambda head: head.order))
        return RegisterState(heads, self._covered(record, register))

    def heads(self, record: int) -> dict[str, tuple[Change, ...]]:
        """Give the heads of every register of a record."""
        found: dict[str, list[Change]] = {}
        for row in self._connection.execute(_HEADS, (record,)):
            found.setdefault(str(row[5]), []).append(self.change(row))
        return {name: tuple(heads) for name, heads in found.items()}

    def heads_of_case(self, case: int | None, record_type: str) -> dict[int, dict[str, tuple[Change, ...]]]:
        """Give the heads of every record of a type in a case file, by local record key."""
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM record JOIN head ON head.record = record.id"
            " JOIN change ON change.dot = head.dot AND change.twin = head.twin"
            " WHERE record.case_file IS ? AND record.type = ?",
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
        sql = f"SELECT {_COLUMNS} FROM change WHERE {where} ORDER BY hlc DESC, dot DESC LIMIT ?"
        for row in self._connection.execute(sql, (*parameters, limit)):
            yield self.change(row)

    def by_keys(self, dots: Iterable[int]) -> Iterator[Change]:
        """Go through the changes with these local keys, in their order."""
        for dot in dots:
            row = self._connection.execute(
                f"SELECT {_COLUMNS} FROM change WHERE dot = ? AND twin = 0",
                (dot,),
            ).fetchone()
            if row is not None:
                yield self.change(row)

    def is_head(self, dot: Dot, record: Dot, register: str) -> bool:
        """Tell whether a change still stands."""
        found = self._connection.execute(
            "SELECT 1 FROM head WHERE record = ? AND register = ? AND dot = ?",
            (self._keys.key(record), register, self._keys.key(dot)),
        )
        return found.fetchone() is not None

    def change(self, row: tuple[Any, ...]) -> Change:
        """Give the change that a row holds."""
        dot = self._keys.dot
        return Change(
            dot=dot(row[0]),
            case=None if row[3] is None else dot(row[3]),
            record=dot(row[2]),
            type=row[4],
            register=row[5],
            cls=RegisterClass(row[6]),
            value=bytes(row[7]),
            context=self._keys.unpack(row[8]) if row[8] else Context(),
            hlc=row[9],
            author=row[10],
            schema=row[11],
            reason=row[12],
        )

    def _free_twin(self, dot: int, change: Change) -> int | None:
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM change WHERE dot = ?",
            (dot,),
        ).fetchall()
        if any(self.change(row).digest == change.digest for row in rows):
            return None
        return len(rows)

    def _insert(self, change: Change, dot: int, twin: int, record: int) -> None:
        case = None if change.case is None else self._keys.key(change.case)
        context = self._keys.pack(change.context)
        facts = (change.type, change.register, int(change.cls), change.value, context)
        clock = (change.hlc, change.author, change.schema, change.reason)
        self._connection.execute(_INSERT, (dot, twin, record, case, *facts, *clock))

    def _covered(self, record: int, register: str) -> Context:
        row = self._connection.execute(
            "SELECT context FROM covered WHERE record = ? AND register = ?", (record, register)
        ).fetchone()
        return Context() if row is None else self._keys.unpack(row[0])

    def _put_state(
        self,
        record: int,
        register: str,
        before: RegisterState,
        after: RegisterState,
        change: Change,
        name: tuple[int, int],
    ) -> None:
        gone = {head.digest for head in before.heads} - {head.digest for head in after.heads}
        if gone:
            self._remove_heads(record, register, change.context)
        if any(head.digest == change.digest for head in after.heads):
            self._connection.execute("INSERT INTO head VALUES (?, ?, ?, ?)", (record, register, *name))
        if after.covered.dots != before.covered.dots:
            self._connection.execute(
                "INSERT INTO covered VALUES (?, ?, ?)"
                " ON CONFLICT (record, register) DO UPDATE SET context = excluded.context",
                (record, register, self._keys.pack(after.covered)),
            )

    def _remove_heads(self, record: int, register: str, context: Context) -> None:
        for dot in context.dots:
            key = self._keys.known_key(dot)
            if key is not None:
                self._connection.execute(
                    "DELETE FROM head WHERE record = ? AND register = ? AND dot = ?", (record, register, key)
                )
