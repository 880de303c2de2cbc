"""Handed over case files: what is held of them, what receipts cover, and since when."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.classes import RegisterClass
from app.domain.declarations import (
    CASE_FILE,
    CONSENT,
    HANDOVER,
    HANDOVER_RECEIPT,
    REGISTRY,
    STAND_IN,
    WITHDRAWAL,
)
from app.domain.dots import Context, Dot
from app.domain.receipt import read_receipt
from app.domain.stand_in import Today
from app.domain.values import decode_register
from app.storage.attestations import PROVEN
from app.storage.change_log import ChangeLog
from app.storage.connection import Connection
from app.storage.projection import table_of

# What left with a person is handed over with their own case file.
_BELONGS = (
    "(case_file = ?1 AND record NOT IN (SELECT record FROM moved WHERE origin = ?1 AND case_file <> ?1)"
    " OR case_file IN (SELECT origin FROM moved WHERE case_file = ?1)"
    " AND record IN (SELECT record FROM moved WHERE case_file = ?1))"
)
_TRAVELS = f"{_BELONGS} AND class < {int(RegisterClass.IDENTITY)} AND type <> '{HANDOVER_RECEIPT.name}'"

_STANDS = "coalesce(stand_in_since, '') <= ? AND coalesce(stand_in_until, '9999-99') >= ?"
_ADD_ONLY = ", ".join(f"'{declared.name}'" for declared in REGISTRY if declared.add_only)


class SqlHandovers:
    """Reads changes by case file; the caller holds the transaction."""

    def __init__(self, connection: Connection, log: ChangeLog) -> None:
        """Work over `connection`."""
        self._connection = connection
        self._log = log
        self._keys = log.keys

    def stand_ins_begun(self, then: Today, now: Today) -> tuple[Dot, ...]:
        """Give the case files in which it is somebody's time as a stand-in now, and was not then."""
        return self._dots(
            f"SELECT DISTINCT case_file FROM {table_of(STAND_IN)} WHERE {_STANDS} AND NOT ({_STANDS})"
            " ORDER BY case_file",
            (now.earliest, now.latest, then.earliest, then.latest),
        )

    def cases(self) -> tuple[Dot, ...]:
        """Give the case files of which a handover is known."""
        return self._dots(f"SELECT DISTINCT case_file FROM {table_of(HANDOVER)} ORDER BY case_file", ())

    def stand_in_cases(self) -> tuple[Dot, ...]:
        """Give the case files in which a stand-in was ever named."""
        return self._dots(f"SELECT DISTINCT case_file FROM {table_of(STAND_IN)} ORDER BY case_file", ())

    def stand_ins_over(self, before: str) -> tuple[tuple[Dot, str], ...]:
        """Give the stand-in entries whose last day was before a day (ISO), with that last day."""
        sql = f"SELECT id, stand_in_until FROM {table_of(STAND_IN)} WHERE stand_in_until < ? ORDER BY id"

        def find() -> tuple[tuple[Dot, str], ...]:
            rows = self._connection.execute(sql, (before,)).fetchall()
            return tuple((self._keys.dot(key), until) for key, until in rows)

        return self._log.kept.once((sql, before), find)

    def refusing_cases(self, responsible: int) -> tuple[Dot, ...]:
        """Give the case files of a case manager in which a client said no to a reader, or withdrew."""
        return self._dots(
            f"SELECT id FROM {table_of(CASE_FILE)} WHERE responsible = ? AND id IN ("
            f"SELECT case_file FROM {table_of(CONSENT)} WHERE 'no' IN (supervision_item, stand_in_item)"
            f" UNION SELECT case_file FROM {table_of(WITHDRAWAL)}) ORDER BY id",
            (responsible,),
        )

    def offered_to(self, member: int) -> tuple[Dot, ...]:
        """Give the case files that a member was ever asked to take over."""
        sql = f"SELECT DISTINCT case_file FROM {table_of(HANDOVER)} WHERE handover_to = ? ORDER BY 1"
        return self._dots(sql, (member,))

    def offered_by(self, member: int) -> tuple[Dot, ...]:
        """Give the case files that somebody was ever asked to take over from a member."""
        sql = f"SELECT DISTINCT case_file FROM {table_of(HANDOVER)} WHERE handover_from = ? ORDER BY 1"
        return self._dots(sql, (member,))

    def taken_by(self, member: int) -> tuple[Dot, ...]:
        """Give the case files that a member ever took over."""
        return self._accepted("handover_to", member)

    def given_by(self, member: int) -> tuple[Dot, ...]:
        """Give the case files that a member ever handed over."""
        return self._accepted("handover_from", member)

    def held(self, case: Dot, authors: Iterable[int] | None = None) -> Context:
        """Give every change held here that may travel (of these authors), receipts left out."""
        rows = self._connection.execute(
            f"SELECT dot, author FROM change WHERE {_TRAVELS}",
            (self._keys.key(case),),
        )
        wanted = None if authors is None else frozenset(authors)
        return Context.of(self._keys.dot(dot) for dot, author in rows if wanted is None or author in wanted)

    def is_unread(self, case: Dot) -> bool:
        """Tell whether something written here of a case file was not yet read by all for whom it is."""
        row = self._connection.execute(
            "SELECT 1 FROM change WHERE case_file = ? AND (dot IN (SELECT dot FROM outbox) OR EXISTS ("
            "SELECT 1 FROM sealed_change JOIN sealed USING (session, channel, n)"
            " WHERE sealed_change.dot = change.dot AND sealed.sealed IS NOT NULL)) LIMIT 1",
            (self._keys.key(case),),
        )
        return row.fetchone() is not None

    def sensitive(self, case: Dot) -> int:
        """Give how many changes held here only reach who is cleared."""
        row = self._connection.execute(
            "SELECT count(*) FROM change WHERE case_file = ? AND class = ?",
            (self._keys.key(case), int(RegisterClass.SENSITIVE)),
        ).fetchone()
        return int(row[0])

    def superseded(self, case: Dot) -> Context:
        """Give every change of a case file that some change held here covers.

        Entries of add-only types cover nothing: a consent's context names what its writer was shown.
        """
        rows = self._connection.execute(
            "SELECT covered.context FROM record JOIN covered ON covered.record = record.id"
            f" WHERE (record.case_file = ?1 OR record.id = ?1) AND record.type NOT IN ({_ADD_ONLY})",
            (self._keys.key(case),),
        )
        return Context.union(self._keys.unpack(packed) for (packed,) in rows)

    def receipts(self, case: Dot, member: int) -> Context:
        """Give what a member's receipts for a case file name; one that cannot be read names nothing.

        Nor does one of which only somebody else tells: by a receipt the only other copy may go.
        """
        register = HANDOVER_RECEIPT.registers[0]
        rows = self._connection.execute(
            "SELECT value FROM change WHERE case_file = ? AND type = ? AND register = +? AND author = ?"
            f" AND {PROVEN}",
            (self._keys.key(case), HANDOVER_RECEIPT.name, register.name, member),
        )
        documents = (decode_register(register, bytes(value)).get("receipt_context") for (value,) in rows)
        return Context.union(map(_named, documents))

    def has_identity_data(self, case: Dot) -> bool:
        """Tell whether contact data or attachments of a case file are here."""
        found = self._connection.execute(
            "SELECT 1 FROM change WHERE case_file = ? AND class = ? LIMIT 1",
            (self._keys.key(case), int(RegisterClass.IDENTITY)),
        )
        return found.fetchone() is not None

    def covered_since(self, case: Dot) -> tuple[int, int | None] | None:
        """Give since when receipts cover all: by the own clock and by the relay's, in ms since 1970."""
        row = self._connection.execute(
            "SELECT own_ms, relay_ms FROM handover_covered WHERE case_file = ?", (self._keys.key(case),)
        ).fetchone()
        return None if row is None else (row[0], row[1])

    def put_covered_since(self, case: Dot, since: tuple[int, int | None] | None) -> None:
        """Note since when receipts cover all, the first time only; None forgets it."""
        self._log.kept.note_work()
        if since is None:
            sql, row = "DELETE FROM handover_covered WHERE case_file = ?", (self._keys.key(case),)
            self._connection.execute(sql, row)
            return
        self._connection.execute(
            "INSERT OR IGNORE INTO handover_covered VALUES (?, ?, ?)", (self._keys.key(case), *since)
        )

    def _accepted(self, field: str, member: int) -> tuple[Dot, ...]:
        return self._dots(
            f"SELECT DISTINCT case_file FROM {table_of(HANDOVER)}"
            f" WHERE {field} = ? AND handover_step = 'accepted' ORDER BY case_file",
            (member,),
        )

    def _dots(self, sql: str, parameters: tuple[str | int, ...]) -> tuple[Dot, ...]:
        def find() -> tuple[Dot, ...]:
            rows = self._connection.execute(sql, parameters).fetchall()
            return tuple(self._keys.dot(key) for (key,) in rows if key is not None)

        return self._log.kept.once((sql, *parameters), find)


def _named(document: object) -> Context:
    try:
        return read_receipt(document) if isinstance(document, bytes) else Context()
    except ValueError:
        return Context()
