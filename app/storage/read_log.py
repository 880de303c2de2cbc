"""What one store keeps for the log of reads."""

from __future__ import annotations

from app.domain.dots import Dot
from app.services.read_log import ReadNote
from app.storage.connection import UP_TO, Connection
from app.storage.kept import Kept


class SqlReadLog:
    """Reads and writes the log's waiting entries and shares; the caller holds the transaction."""

    def __init__(self, connection: Connection, kept: Kept) -> None:
        """Work over `connection`."""
        self._connection = connection
        self._kept = kept

    def note(self, note: ReadNote, session: int) -> None:
        """Note an act, once for a case file and session."""
        self._kept.note_work()
        row = (note.case.to_bytes(), note.act, session.to_bytes(8, "big"), note.number, note.at_ms)
        self._connection.execute("INSERT OR IGNORE INTO read_note VALUES (?, ?, ?, ?, ?, 0)", row)

    def waiting(self, limit: int) -> tuple[ReadNote, ...]:
        """Give entries that were not sealed yet, oldest first."""
        rows = self._connection.execute(
            "SELECT case_file, number, act, at_ms FROM read_note WHERE sealed = 0"
            f" ORDER BY at_ms, case_file, act {UP_TO}",
            (limit,),
        )
        return tuple(ReadNote(Dot.from_bytes(bytes(row[0])), row[1], row[2], row[3]) for row in rows)

    def sealed(self, notes: tuple[ReadNote, ...], session: int) -> None:
        """Note that entries were sealed: what they say is forgotten but for the session that is open."""
        self._kept.note_work()
        rows = ((note.case.to_bytes(), note.act, note.at_ms) for note in notes)
        self._connection.executemany(
            "UPDATE read_note SET sealed = 1 WHERE case_file = ? AND act = ? AND at_ms = ?", rows
        )
        self._connection.execute(
            "DELETE FROM read_note WHERE sealed = 1 AND session <> ?", (session.to_bytes(8, "big"),)
        )

    def share(self, key: Dot) -> bytes | None:
        """Give this device's share of a log key, or None."""
        row = self._connection.execute(
            "SELECT share FROM log_share WHERE log_key = ?", (key.to_bytes(),)
        ).fetchone()
        return None if row is None else bytes(row[0])

    def put_share(self, key: Dot, share: bytes) -> None:
        """Keep this device's share of a log key; empty when it has none."""
        self._kept.note_work()
        self._connection.execute("INSERT OR REPLACE INTO log_share VALUES (?, ?)", (key.to_bytes(), share))
