"""The content of attachments, inside the encrypted store, in parts."""

from __future__ import annotations

from app.domain.dots import Dot
from app.storage.connection import Connection
from app.storage.keys import Keys


class SqlContents:
    """Reads and writes parts; the caller holds the transaction."""

    def __init__(self, connection: Connection, keys: Keys) -> None:
        """Work over `connection`."""
        self._connection = connection
        self._keys = keys

    def begin(self, content: bytes, case: Dot) -> None:
        """Begin a content that belongs to no record yet."""
        self._connection.execute(
            "INSERT INTO attachment VALUES (?, NULL, ?)", (content, self._keys.key(case))
        )

    def put(self, content: bytes, n: int, part: bytes) -> None:
        """Keep a part."""
        self._connection.execute("INSERT INTO attachment_part VALUES (?, ?, ?)", (content, n, part))

    def link(self, content: bytes, record: Dot) -> None:
        """Let a complete content be that of a record."""
        self._connection.execute(
            "UPDATE attachment SET record = ? WHERE id = ?", (self._keys.key(record), content)
        )

    def part(self, record: Dot, n: int) -> bytes | None:
        """Give a part of a record's content, or None behind its end."""
        row = self._connection.execute(
            "SELECT bytes FROM attachment_part WHERE n = ? AND attachment ="
            " (SELECT id FROM attachment WHERE record = ?)",
            (n, self._keys.known_key(record)),
        ).fetchone()
        return None if row is None else bytes(row[0])

    def drop(self, content: bytes) -> None:
        """Drop a content; the store overwrites what it deletes."""
        self._connection.execute("DELETE FROM attachment_part WHERE attachment = ?", (content,))
        self._connection.execute("DELETE FROM attachment WHERE id = ?", (content,))

    def drop_of(self, record: Dot) -> None:
        """Drop the content of a record."""
        self._drop_where("record = ?", self._keys.known_key(record))

    def drop_of_case(self, case: int) -> None:
        """Drop every content of a case file, by its local key."""
        self._drop_where("case_file = ?", case)

    def sweep(self) -> None:
        """Drop what a crash left half."""
        self._drop_where("record IS ?", None)

    def _drop_where(self, where: str, parameter: int | None) -> None:
        rows = self._connection.execute(
            f"SELECT id FROM attachment WHERE {where}",
            (parameter,),
        ).fetchall()
        for (content,) in rows:
            self.drop(bytes(content))
