"""Search as you type: FTS5 over one text a record, in an index with external content."""

from __future__ import annotations

import re
from collections.abc import Iterable

from app.domain.records import Record
from app.domain.schema import RecordType
from app.storage.connection import UP_TO, Connection

_WORD = re.compile(r"\w+", re.UNICODE)
_CHUNK = 400


def search_text(record_type: RecordType, record: Record) -> str:
    """Give the words by which a record is found: its fields declared `searched`."""
    parts = [record.text(item.name) for item in record_type.fields.values() if item.searched]
    return "\n".join(part for part in parts if part)


def match_expression(typed: str) -> str:
    """Give the FTS5 expression in which every typed word begins a word; empty when nothing was typed."""
    return " ".join(f'"{word}"*' for word in _WORD.findall(typed.replace("_", " ")))


class SearchIndex:
    """Keeps the index in step with the records; the caller holds the transaction."""

    def __init__(self, connection: Connection) -> None:
        """Work over `connection`."""
        self._connection = connection

    def put(self, record: int, case: int, text: str) -> None:
        """Make a record findable by `text`; empty text takes it out."""
        row = self._connection.execute(
            "SELECT id, text, case_file FROM search_text WHERE record = ?", (record,)
        ).fetchone()
        if row is not None and (row[1], row[2]) == (text, case):
            return
        if row is not None:
            self._take_out(int(row[0]), str(row[1]))
        if text:
            entry = (row[0] if row else None, record, case, text)
            cursor = self._connection.execute("INSERT INTO search_text VALUES (?, ?, ?, ?)", entry)
            self._connection.execute(
                "INSERT INTO search (rowid, text) VALUES (?, ?)", (cursor.lastrowid, text)
            )

    def drop(self, records: Iterable[int]) -> None:
        """Take records out; their words stay in old parts of the index until `rebuild`."""
        for record in records:
            row = self._connection.execute(
                "SELECT id, text FROM search_text WHERE record = ?", (record,)
            ).fetchone()
            if row is not None:
                self._take_out(int(row[0]), str(row[1]))

    def rebuild(self) -> None:
        """Make the whole index anew from the texts: no word of what was deleted stays in it."""
        self._connection.execute("INSERT INTO search (search) VALUES ('rebuild')")

    def merge(self, pages: int) -> None:
        """Join small parts of the index, writing about `pages` pages; saves leave one part each."""
        self._connection.execute("INSERT INTO search (search, rank) VALUES ('merge', ?)", (pages,))

    def find_cases(self, typed: str, limit: int) -> tuple[int, ...]:
        """Give local keys of the case files that match, the newest entry first."""
        expression = match_expression(typed)
        if not expression:
            return ()
        found: dict[int, None] = {}
        below = 1 << 62
        while len(found) < limit:
            rows = self._page(expression, below)
            for entry, case in rows:
                found[case] = None
                below = entry
                if len(found) == limit:
                    break
            if len(rows) < _CHUNK:
                break
        return tuple(found)

    def _page(self, expression: str, below: int) -> list[tuple[int, int]]:
        return self._connection.execute(
            "SELECT search.rowid, coalesce(merged.canonical, search_text.case_file) FROM search"
            " JOIN search_text ON search_text.id = search.rowid"
            " LEFT JOIN merged ON merged.case_file = search_text.case_file"
            f" WHERE search MATCH ? AND search.rowid < ? ORDER BY search.rowid DESC {UP_TO}",
            (expression, below, _CHUNK),
        ).fetchall()

    def _take_out(self, entry: int, text: str) -> None:
        self._connection.execute(
            "INSERT INTO search (search, rowid, text) VALUES ('delete', ?, ?)", (entry, text)
        )
        self._connection.execute("DELETE FROM search_text WHERE id = ?", (entry,))
