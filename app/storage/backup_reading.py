"""Bringing a backup back: its database into a new file, every byte and every page looked at."""

from __future__ import annotations

import errno
import os
from contextlib import closing
from pathlib import Path
from typing import BinaryIO, Final

from app.storage.backup_file import BackupFront, pieces, read_backup_header, read_front
from app.storage.connection import Connection, integrity_check, open_writer, translating_errors
from app.storage.errors import (
    BackupDamagedError,
    BackupNotReadError,
    BackupNotWrittenError,
    DatabaseDamagedError,
    NewerBackupError,
    PlaintextDatabaseError,
    WrongDatabaseKeyError,
)
from app.storage.migrate import migrations

_BINARY: Final = getattr(os, "O_BINARY", 0)
_OWNER_ONLY: Final = 0o600
REQUEUE: Final = (
    "INSERT OR IGNORE INTO outbox SELECT DISTINCT sealed_change.dot FROM sealed_change"
    " JOIN sealed USING (session, channel, n) WHERE sealed.sealed IS NOT NULL",
    "DELETE FROM sealed_change WHERE (session, channel, n) IN"
    " (SELECT session, channel, n FROM sealed WHERE sealed IS NOT NULL)",
    "UPDATE sealed SET sealed = NULL",
    "DELETE FROM relay_run",
)
"""Changes that not everybody has acknowledged are sealed anew: the keys they were sealed with are gone."""
_NEW_CHANNELS: Final = "UPDATE channel_key SET begun_ms = -1 WHERE device = ?"
"""No own channel goes on: the lost disk may have begun its next epoch, under a key that others hold."""


def open_backup(path: Path) -> BackupFront:
    """Read what a backup says of itself; raises BackupDamagedError, NewerBackupError, BackupNotReadError."""
    try:
        front = read_backup_header(path)
    except OSError as error:
        raise BackupNotReadError(reason=errno.errorcode.get(error.errno or 0, "EIO")) from error
    if front.header.schema > len(migrations()):
        raise NewerBackupError
    return front


def extract_database(backup: Path, front: BackupFront, target: Path, key: bytes) -> None:
    """Write the database of a backup to `target` and make it ready to be opened with `key`.

    Raises BackupDamagedError, BackupNotWrittenError, DiskFullError; what was written is the caller's to
    remove.
    """
    try:
        with backup.open("rb") as file, _new_file(target) as out:
            if read_front(file) != front:
                raise BackupDamagedError
            for piece in pieces(file, front.header):
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())
    except OSError as error:
        raise BackupNotWrittenError(reason=errno.errorcode.get(error.errno or 0, "EIO")) from error
    try:
        with closing(open_writer(target, key)) as connection:
            integrity_check(connection)
            _seal_anew(connection, front)
    except (DatabaseDamagedError, PlaintextDatabaseError, WrongDatabaseKeyError) as error:
        raise BackupDamagedError from error


def _seal_anew(connection: Connection, front: BackupFront) -> None:
    with translating_errors():
        if int(connection.execute("PRAGMA user_version").fetchone()[0]) != front.header.schema:
            raise BackupDamagedError
        connection.execute("BEGIN IMMEDIATE")
        for statement in REQUEUE:
            connection.execute(statement)
        connection.execute(_NEW_CHANNELS, (front.header.device,))
        connection.execute("COMMIT")


def _new_file(path: Path) -> BinaryIO:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _BINARY, _OWNER_ONLY)
    return os.fdopen(handle, "wb")
