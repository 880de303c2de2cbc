"""Taking records out of a store for good: every row that a case file or an entry ever left here.

A table tells by its columns what its rows are about: `record`, `dot` and `case_file` always mean a
record's, a change's and a case file's local key. So a table that is made later is cleared as well.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from app.domain.declarations import REGISTRY
from app.domain.dots import Dot
from app.storage import drafts
from app.storage.connection import Connection
from app.storage.keys import Keys
from app.storage.projection import table_of
from app.storage.search_index import SearchIndex

_APART = frozenset({"change", "record", "search_text", "order_target"})
_GOING = ("going_record", "going_dot", "going_case")


def remove(connection: Connection, keys: Keys, records: Collection[int], cases: Collection[int]) -> int:
    """Delete all rows about these records, and what hangs on these case files; gives the number of changes.

    What was deleted can still be read in free pages and in the index until `scrub` is done.
    """
    _note_going(connection, records, cases)
    SearchIndex(connection).drop(records)
    (changes,) = connection.execute("SELECT count(*) FROM going_dot").fetchone()
    for table, columns in _tables(connection):
        _clear(connection, table, columns)
    for declared in REGISTRY:
        connection.execute(f"DELETE FROM {table_of(declared)} WHERE id IN (SELECT key FROM going_record)")
    connection.execute("DELETE FROM change WHERE record IN (SELECT key FROM going_record)")
    connection.execute("DELETE FROM record WHERE id IN (SELECT key FROM going_record)")
    connection.execute("DELETE FROM attachment_part WHERE attachment NOT IN (SELECT id FROM attachment)")
    drop_drafts(connection, keys, {*records, *cases})
    for table in _GOING:
        connection.execute(f"DELETE FROM {table}")
    return int(changes)


def drop_drafts(connection: Connection, keys: Keys, going: Collection[int]) -> None:
    """Delete the drafts of these records and case files."""
    for draft in drafts.read_drafts(connection, -1):
        named = {keys.known_key(dot) for dot in (draft.base.id, draft.base.case) if isinstance(dot, Dot)}
        if named & set(going):
            drafts.drop_draft(connection, draft.key)


def _note_going(connection: Connection, records: Iterable[int], cases: Iterable[int]) -> None:
    # Temporary tables lie in memory only (`temp_store`).
    for table in _GOING:
        connection.execute(f"CREATE TEMP TABLE IF NOT EXISTS {table} (key INTEGER PRIMARY KEY)")
        connection.execute(f"DELETE FROM {table}")
    for table, going in (("going_record", records), ("going_case", cases)):
        connection.executemany(f"INSERT OR IGNORE INTO {table} VALUES (?)", [(key,) for key in going])
    connection.execute(
        "INSERT OR IGNORE INTO going_dot SELECT dot FROM change"
        " WHERE record IN (SELECT key FROM going_record)"
    )


def _tables(connection: Connection) -> list[tuple[str, frozenset[str]]]:
    names = connection.execute(
        "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'search\\_%' ESCAPE '\\'"
    ).fetchall()
    rows = {table_of(declared) for declared in REGISTRY} | _APART
    found = []
    for (name,) in names:
        if name not in rows:
            info = connection.execute(f'PRAGMA table_info("{name}")').fetchall()
            found.append((str(name), frozenset(column[1] for column in info)))
    return found


def _clear(connection: Connection, table: str, columns: frozenset[str]) -> None:
    if "record" in columns:
        connection.execute(f"DELETE FROM {table} WHERE record IN (SELECT key FROM going_record)")
    elif "dot" in columns:
        connection.execute(f"DELETE FROM {table} WHERE dot IN (SELECT key FROM going_dot)")
    if "case_file" in columns:
        homeless = " AND record IS NULL" if "record" in columns else ""
        connection.execute(f"DELETE FROM {table} WHERE case_file IN (SELECT key FROM going_case){homeless}")
