"""A copy of the store as it stands at one moment, encrypted as the store is, without short-lived keys."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

from app.storage.connection import (
    Connection,
    DatabaseError,
    integrity_check,
    open_copier,
    open_copy,
    open_writer,
    translating_errors,
)
from app.storage.errors import BackupStoppedError

WITHOUT: Final = (
    "DELETE FROM own_prekey",
    "UPDATE channel_key SET key = x'', begun_ms = -1 WHERE length(key) > 0",
    "DELETE FROM own_key WHERE name LIKE 'joining:%'",
)
"""Backups hold neither prekeys nor channel keys, also not those of an application (protection.md, Keys)."""
_INTERRUPT: Final = 9  # SQLite's primary result code (sqlite.org/rescode.html)
_STEPS_BETWEEN_QUESTIONS: Final = 200_000


def copy_store(database: Path, copy: Path, key: bytes, cancelled: Callable[[], bool]) -> int:
    """Write `copy` anew and check every page of it; gives the number of its last migration.

    Nobody who reads or writes the store waits for it. Raises BackupStoppedError, DiskFullError,
    StorageUnavailableError, DatabaseDamagedError.
    """
    copy.unlink(missing_ok=True)
    with closing(open_copier(database, key)) as source, translating_errors():
        source.set_progress_handler(lambda: int(cancelled()), _STEPS_BETWEEN_QUESTIONS)
        try:
            source.execute("VACUUM INTO ?", (str(copy),))
        except DatabaseError as error:
            if getattr(error, "sqlite_errorcode", 0) == _INTERRUPT:
                raise BackupStoppedError from error
            raise
    with closing(open_copy(copy, key)) as connection, translating_errors():
        _strip(connection)
        integrity_check(connection)
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def strip_store(database: Path, key: bytes) -> None:
    """Take the short-lived keys out of a store that nobody has open, and out of its log.

    Raises what `open_writer` raises, DiskFullError, StorageUnavailableError.
    """
    with closing(open_writer(database, key)) as connection, translating_errors():
        _strip(connection)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _strip(connection: Connection) -> None:
    for statement in WITHOUT:
        connection.execute(statement)
