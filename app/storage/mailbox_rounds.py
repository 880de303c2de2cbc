"""What is remembered from one round to the next: where the relay stands, and the last reports."""

from __future__ import annotations

import json
from dataclasses import fields

from app.domain.dots import Dot
from app.services.mailbox import RoundReport
from app.storage.connection import Connection
from app.storage.kept import Kept

_KEPT = 10
_COUNTS = tuple(item.name for item in fields(RoundReport) if item.name != "changed")


class SqlMailboxRounds:
    """Reads and writes the memory of rounds; the caller holds the transaction."""

    def __init__(self, connection: Connection, states: dict[str, bytes | None], kept: Kept) -> None:
        """Work over `connection`; `states` holds all of it once any was read, until a rollback."""
        self._connection = connection
        self._states = states
        self._kept = kept

    def state(self, name: str) -> bytes | None:
        """Give what was remembered under `name`, or None."""
        if not self._states:  # they are few and short, and a round asks for most of them
            rows = self._connection.execute("SELECT name, value FROM relay_state")
            self._states.update((name, bytes(value)) for name, value in rows)
        return self._states.get(name)

    def put_state(self, name: str, value: bytes | None) -> None:
        """Remember a value; None forgets it. What is remembered already costs no write."""
        if self.state(name) == value:
            return
        self._states[name] = value
        if value is None:
            self._connection.execute("DELETE FROM relay_state WHERE name = ?", (name,))
            return
        self._connection.execute(
            "INSERT INTO relay_state VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, value),
        )

    def put_mark(self, name: str, value: bytes | None) -> None:
        """Remember how far the rounds are; what nothing but a round or a day follows from."""
        before = self._connection.total_changes
        self.put_state(name, value)
        self._kept.note_aside(self._connection.total_changes - before)

    def put_report(self, report: RoundReport) -> None:
        """Keep a report; the last ten stay."""
        before = self._connection.total_changes
        body = {name: getattr(report, name) for name in _COUNTS}
        body["changed"] = [
            [kind, str(record), str(case) if case else None] for kind, record, case in report.changed
        ]
        self._connection.execute("INSERT INTO round_report (body) VALUES (?)", (json.dumps(body),))
        self._connection.execute(
            "DELETE FROM round_report WHERE id <= (SELECT max(id) FROM round_report) - ?", (_KEPT,)
        )
        self._kept.note_aside(self._connection.total_changes - before)

    def reports(self) -> tuple[RoundReport, ...]:
        """Give the last ten reports, newest first."""
        rows = self._connection.execute("SELECT body FROM round_report ORDER BY id DESC").fetchall()
        return tuple(_report(json.loads(row[0])) for row in rows)


def _report(body: dict[str, int | list[list[str | None]]]) -> RoundReport:
    changed = body.pop("changed")
    named = changed if isinstance(changed, list) else []
    moved = frozenset(
        (str(kind), _dot(str(record)), _dot(case) if case else None) for kind, record, case in named
    )
    counts = {name: value for name, value in body.items() if isinstance(value, int)}
    return RoundReport(**counts, changed=moved)


def _dot(text: str) -> Dot:
    device, session, seq = text.split(".")
    return Dot(int(device, 16), int(session, 16), int(seq))
