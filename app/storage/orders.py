"""Orders in force: what they name, what they take out of the store, what they refuse from then on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from app.domain.classes import RegisterClass
from app.domain.declarations import REGISTRY
from app.domain.dots import Dot
from app.domain.merge import Change
from app.domain.orders import (
    REDACTED,
    CaseErasedError,
    CaseRestrictedError,
    Order,
    OrderKind,
    is_written_anyway,
)
from app.services.orders import StandingOrder
from app.storage.change_log import ChangeLog
from app.storage.connection import Connection
from app.storage.posting import Posting
from app.storage.removal import drop_drafts, remove
from app.storage.voiding import Voiding

CASE, RECORD, KEPT, DOT, RESTRICTED, ENDED = "case", "record", "kept", "dot", "restricted", "ended"
_STANDING = "id, kind, basis, content, in_force_ms, gone, unsent, refused, done_ms, told, seen"
_LIFTED = "EXISTS (SELECT 1 FROM order_lifted WHERE order_lifted.id = order_target.id)"
LOCKED = f"SELECT target FROM order_target WHERE what = '{RESTRICTED}' AND NOT {_LIFTED}"
"""The local keys of the case files that are locked."""
NOT_LOCKED = f"id NOT IN ({LOCKED})"
_BELONGING = """
SELECT record FROM change WHERE case_file = ?1
    AND record NOT IN (SELECT record FROM moved WHERE origin = ?1 AND case_file <> ?1)
UNION SELECT record FROM moved WHERE case_file = ?1
"""
_MADE_HERE = f"""
SELECT change.dot FROM change JOIN head USING (dot, twin)
WHERE change.record IN ({_BELONGING}) AND change.class <> ?3
    AND change.dot >> 32 IN (SELECT id FROM source WHERE device = ?2)
"""


class SqlOrders(Voiding):
    """Reads and writes the orders of one store; the caller holds the transaction."""

    def __init__(self, connection: Connection, log: ChangeLog, posting: Posting) -> None:
        """Work over `connection`."""
        super().__init__(connection, log)
        self._posting = posting
        self._standing: tuple[StandingOrder, ...] | None = None
        self._named: bool | None = None

    def standing(self) -> tuple[StandingOrder, ...]:
        """Give every order in force, the newest first."""
        if self._standing is None:
            sql = f"SELECT {_STANDING} FROM standing_order ORDER BY in_force_ms DESC, id"
            rows = self._connection.execute(sql).fetchall()
            self._standing = tuple(
                StandingOrder(bytes(row[0]), row[1], row[2], bytes(row[3]), *row[4:]) for row in rows
            )
        return self._standing

    def is_in_force(self, order_id: bytes) -> bool:
        """Tell whether an order counts here already."""
        return any(item.id == order_id for item in self.standing())

    def forget(self) -> None:
        """Drop what was remembered: orders were written, or a transaction was rolled back."""
        self._log.kept.note_work()
        self._standing = None
        self._named = None

    def put_in_force(self, order_id: bytes, order: Order, content: bytes, at_ms: int) -> None:
        """Let an order count from now on, and note what it names."""
        row = (order_id, order.kind.value, order.basis, content, at_ms)
        self._connection.execute(
            "INSERT INTO standing_order VALUES (?, ?, ?, ?, ?, 0, 0, 0, NULL, NULL, 0)", row
        )
        for what, dots in _named(order):
            rows = [(what, self._keys.key(dot), order_id) for dot in dots]
            self._connection.executemany("INSERT OR IGNORE INTO order_target VALUES (?, ?, ?)", rows)
        self._connection.executemany(
            "INSERT OR IGNORE INTO order_lifted VALUES (?)", [(item,) for item in order.lifts]
        )
        self.forget()

    def falling(self, order: Order) -> tuple[Change, ...]:
        """Give the changes held here that an order takes out or empties: of case files, nothing else."""
        if order.kind is OrderKind.REDACT:
            known = [key for dot in order.dots if (key := self._keys.known_key(dot)) is not None]
            return tuple(change for change in self._log.by_keys(known) if change.case is not None)
        sql = "SELECT dot FROM change WHERE record = ?"
        rows = (self._connection.execute(sql, (record,)).fetchall() for record in self._records_of(order))
        return tuple(self._log.by_keys(dot for found in rows for (dot,) in found))

    def count_unsent(self, order_id: bytes, falling: Iterable[Change]) -> None:
        """Count the entries among these changes that hold something nobody else can have read."""
        records = {change.record for change in falling if self._is_unsent(self._keys.key(change.dot))}
        sql = "UPDATE standing_order SET unsent = unsent + ? WHERE id = ?"
        self._connection.execute(sql, (len(records), order_id))
        self.forget()

    def take_out(self, order_id: bytes, order: Order) -> None:
        """Delete what an order of erasure names, and count it."""
        records = self._records_of(order)
        cases = {key for case in order.cases if (key := self._keys.known_key(case)) is not None}
        families = self._posting.families(cases) - cases
        remove(self._connection, self._keys, records, cases)
        self._log.note_taken_out()
        self._posting.rebuild_around(cases, families)
        self._connection.execute(
            "UPDATE standing_order SET gone = gone + ? WHERE id = ?", (len(records), order_id)
        )
        self.forget()

    def give_up(self, case: Dot) -> int:
        """Delete a case file here only, because it was handed over; it may come back. Gives its entries."""
        key = self._keys.key(case)
        rows = self._connection.execute(_BELONGING, (key,)).fetchall()
        records = {int(record) for (record,) in rows}
        families = self._posting.families({key}) - {key}
        remove(self._connection, self._keys, records, {key})
        self._log.note_taken_out()
        self._posting.rebuild_around((), families)
        return len(records)

    def made_here(self, case: Dot, device: int) -> tuple[Dot, ...]:
        """Give what stands in a case file and was made on the device with this id.

        Contact data never travels, and is left out.
        """
        row = (self._keys.key(case), device.to_bytes(8, "big"), int(RegisterClass.IDENTITY))
        rows = self._connection.execute(_MADE_HERE, row).fetchall()
        return tuple(self._keys.dot(dot) for (dot,) in rows)

    def empty(self, order_id: bytes, dots: Iterable[Dot]) -> None:
        """Empty redacted changes: they keep their place in what covers what, and lose what they said."""
        keys = [self._keys.key(dot) for dot in dots]
        touched = set()
        for key in keys:
            rows = self._connection.execute("SELECT record FROM change WHERE dot = ?", (key,)).fetchall()
            touched |= {int(record) for (record,) in rows}
            self._connection.execute(
                "UPDATE change SET value = ?, reason = CASE WHEN reason IS NULL THEN NULL ELSE '' END"
                " WHERE dot = ?",
                (REDACTED, key),
            )
        self._log.note_taken_out()
        self._posting.rebuild_records(touched)
        drop_drafts(self._connection, self._keys, touched)
        self._connection.execute(
            "UPDATE standing_order SET gone = gone + ? WHERE id = ?", (len(keys), order_id)
        )
        self.forget()

    def admit(self, changes: Sequence[Change]) -> tuple[Change, ...]:
        """Give the changes that may be stored: without those of erased case files, redacted ones emptied."""
        if not self._named_at_all():
            return tuple(changes)
        return tuple(self._emptied(change) for change in changes if not self._falls_under(change))

    def refuse(self, changes: Sequence[Change]) -> tuple[Change, ...]:
        """Give the changes that may be stored, and count those that may not."""
        if self._named_at_all():
            counted = "UPDATE standing_order SET refused = refused + 1 WHERE id = ?"
            refused = [(order,) for change in changes for order in self._falls_under(change)]
            self._connection.executemany(counted, refused)
            self.forget()
        return self.admit(changes)

    def check_open(self, changes: Sequence[Change]) -> None:
        """Raise CaseErasedError or CaseRestrictedError for own changes that must not be written any more."""
        for change in changes:
            if self._falls_under(change):
                raise CaseErasedError
            declared = REGISTRY.get(change.type)
            anyway = declared is not None and is_written_anyway(declared, change.register)
            if change.case is not None and not anyway and self.is_restricted(change.case):
                raise CaseRestrictedError

    def holds(self, case: Dot) -> bool:
        """Tell whether anything of a case file is here."""
        sql = "SELECT 1 FROM change WHERE case_file = ? LIMIT 1"
        return self._connection.execute(sql, (self._keys.key(case),)).fetchone() is not None

    def moved(self, case: Dot) -> tuple[frozenset[Dot], frozenset[Dot]]:
        """Give the entries that belong to a case file but were made in another, and the other way round."""
        key = self._keys.key(case)
        rows = self._connection.execute(
            "SELECT record, case_file = ?1 FROM moved WHERE (case_file = ?1) <> (origin = ?1)", (key,)
        ).fetchall()
        into = frozenset(self._keys.dot(record) for record, here in rows if here)
        return into, frozenset(self._keys.dot(record) for record, here in rows if not here)

    def is_erased(self, case: Dot) -> bool:
        """Tell whether a case file was erased by an order."""
        return bool(self._orders(CASE, case))

    def is_restricted(self, case: Dot) -> bool:
        """Tell whether a case file is locked."""
        key = self._keys.known_key(case)
        return key is not None and self._is_restricted(key)

    def restricted_cases(self) -> tuple[Dot, ...]:
        """Give the case files that are locked."""
        rows = self._connection.execute(LOCKED).fetchall()
        return tuple(sorted({self._keys.dot(key) for (key,) in rows}))

    def put_document(self, document: bytes) -> None:
        """Keep a signed order that came by an order list."""
        self._connection.execute("INSERT OR IGNORE INTO order_paper VALUES (?)", (document,))
        self._log.kept.note_moved()

    def documents(self) -> tuple[bytes, ...]:
        """Give the signed orders that came by an order list."""
        rows = self._connection.execute("SELECT document FROM order_paper").fetchall()
        return tuple(bytes(document) for (document,) in rows)

    def note_done(self, order_id: bytes, at_ms: int) -> None:
        """Note that an order was carried out, down to the last page."""
        sql = "UPDATE standing_order SET done_ms = ? WHERE id = ? AND done_ms IS NULL"
        self._connection.execute(sql, (at_ms, order_id))
        self.forget()

    def note_told(self, order_id: bytes) -> None:
        """Note that this device has confirmed an order with its counts of now."""
        self._connection.execute("UPDATE standing_order SET told = refused WHERE id = ?", (order_id,))
        self.forget()

    def note_seen(self) -> None:
        """Note that the person has seen what was erased here."""
        self._connection.execute("UPDATE standing_order SET seen = 1")
        self.forget()

    def _records_of(self, order: Order) -> set[int]:
        found: set[int] = set()
        for case in order.cases:
            sql = "SELECT DISTINCT record FROM change WHERE case_file = ?"
            found |= {int(row[0]) for row in self._connection.execute(sql, (self._keys.key(case),))}
        found -= {self._keys.key(record) for record in order.kept}
        named = {self._keys.key(record) for record in order.records}
        sql = "SELECT 1 FROM change WHERE record = ? LIMIT 1"
        return found | {key for key in named if self._connection.execute(sql, (key,)).fetchone()}

    def _is_unsent(self, dot: int) -> bool:
        """Whether a change waits, and no envelope that holds it has left."""
        waits = "SELECT 1 FROM outbox WHERE dot = ?"
        if self._connection.execute(waits, (dot,)).fetchone() is None:
            return self._is_sealed(dot) and not self._has_left(dot)
        return not self._has_left(dot)

    def _is_sealed(self, dot: int) -> bool:
        sql = "SELECT 1 FROM sealed_change WHERE dot = ?"
        return self._connection.execute(sql, (dot,)).fetchone() is not None

    def _has_left(self, dot: int) -> bool:
        sql = (
            "SELECT 1 FROM sealed_change JOIN relay_run USING (session, channel)"
            " WHERE dot = ? AND sealed_change.n BETWEEN relay_run.first AND relay_run.last"
        )
        return self._connection.execute(sql, (dot,)).fetchone() is not None

    def _named_at_all(self) -> bool:
        if self._named is None:
            sql = "SELECT 1 FROM order_target WHERE what IN (?, ?, ?) LIMIT 1"
            self._named = self._connection.execute(sql, (CASE, RECORD, DOT)).fetchone() is not None
        return self._named

    def _falls_under(self, change: Change) -> frozenset[bytes]:
        by_case = frozenset() if change.case is None else self._orders(CASE, change.case)
        if by_case:
            by_case -= self._orders(KEPT, change.record)
        return by_case | self._orders(RECORD, change.record)

    def _emptied(self, change: Change) -> Change:
        if change.case is None or not self._orders(DOT, change.dot):
            return change
        return replace(change, value=REDACTED, reason=None if change.reason is None else "")

    def _orders(self, what: str, dot: Dot) -> frozenset[bytes]:
        key = self._keys.known_key(dot)
        if key is None:
            return frozenset()
        sql = "SELECT id FROM order_target WHERE what = ? AND target = ?"
        return frozenset(bytes(row[0]) for row in self._connection.execute(sql, (what, key)))

    def _is_restricted(self, key: int) -> bool:
        sql = f"{LOCKED} AND target = ?"
        return self._connection.execute(sql, (key,)).fetchone() is not None


def _named(order: Order) -> tuple[tuple[str, frozenset[Dot]], ...]:
    if order.kind is OrderKind.ERASE:
        return ((CASE, order.cases), (RECORD, order.records), (KEPT, order.kept))
    if order.kind is OrderKind.REDACT:
        return ((DOT, order.dots),)
    if order.kind is OrderKind.RESTRICT:
        return ((RESTRICTED, order.cases),)
    return ((ENDED, order.cases),) if order.kind is OrderKind.END_ACCESS else ()
