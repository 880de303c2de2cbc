"""Connections to the encrypted store, with every assertion that makes a silent failure loud.

`sqlcipher3` is the standard library's `sqlite3` over SQLCipher and ships no types: the type checker
sees the original.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import cache, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar

if TYPE_CHECKING:
    from sqlite3 import Connection, DatabaseError, connect, register_adapter
else:
    from sqlcipher3.dbapi2 import Connection, DatabaseError, connect, register_adapter

from app.domain.errors import KimError
from app.storage.errors import (
    CipherMissingError,
    DatabaseDamagedError,
    DatabaseMissingError,
    DatabaseSettingError,
    DiskFullError,
    PlaintextDatabaseError,
    SqliteTooOldError,
    StorageUnavailableError,
    WrongDatabaseKeyError,
)
from app.storage.wal_check import refuse_damaged_wal

__all__ = [
    "STATEMENTS",
    "UP_TO",
    "Connection",
    "DatabaseError",
    "assert_library",
    "assert_sqlite_version",
    "connect",
    "explaining",
    "integrity_check",
    "open_copier",
    "open_copy",
    "open_reader",
    "open_writer",
    "raise_explained",
    "refuse_damaged_log",
    "switch_on",
    "translating_errors",
]

P = ParamSpec("P")
T = TypeVar("T")

KEY_BYTES: Final = 32
PAGE_BYTES: Final = 4096
OLDEST_SQLITE: Final = (3, 51, 3)
WITHDRAWN_SQLITE: Final = (3, 52, 0)
_BUSY_SECONDS: Final = 5.0
STATEMENTS: Final = 1024
"""Statements that stay compiled: a round alone needs some hundred, each from the sync engine's own SQL."""
UP_TO: Final = "LIMIT ? + 0"
"""A bound limit. A bare `?` is looked at while planning, and the statement compiled anew at each run.

For the same reason `+?` stands where a value is compared for which a partial index may have been made.
"""

# SQLite's primary result codes (sqlite.org/rescode.html).
_PERM, _READONLY, _IOERR, _CORRUPT, _FULL, _CANTOPEN, _NOTADB = 3, 8, 10, 11, 13, 14, 26
_PRIMARY_CODE: Final = 0xFF

_SILENT: Final = "PRAGMA cipher_log_level = NONE"  # SQLCipher writes to standard error otherwise

Protections = dict[str, tuple[str | None, str | int]]

# What is asked for, and what SQLite must then report. `cipher_memory_security` stays off: it holds for
# the whole process and can't be undone, makes search 13 times and saving twice as slow, and protects
# nothing that Python's own strings don't hold as well (docs/decisions/0003-vault-file.md).
PROTECTIONS: Final[Protections] = {
    "temp_store": ("MEMORY", 2),
    "journal_mode": ("WAL", "wal"),
    "synchronous": ("FULL", 2),
    "foreign_keys": ("ON", 1),
    "trusted_schema": ("OFF", 0),
    "secure_delete": ("ON", 1),
    "cipher_status": (None, "1"),
    "cache_size": ("-16000", -16000),
}
COPY_PROTECTIONS: Final[Protections] = {
    **PROTECTIONS,
    "journal_mode": ("OFF", "off"),
    "synchronous": ("OFF", 0),
}
READER_PROTECTIONS: Final[Protections] = {**PROTECTIONS, "query_only": ("ON", 1)}

# Without these the driver looks in vain for two methods of each hash and each None, before it takes them as
# they are: that cost more than finding a row does.
register_adapter(bytes, bytes)
register_adapter(type(None), lambda nothing: nothing)


def open_writer(path: Path, raw_key: bytes, *, create: bool = False) -> Connection:
    """The writing connection, in autocommit: begin transactions by hand, use from one thread at a time.

    Makes a database only with `create`, so that a lost one is noticed. `raw_key`: 32 bytes from the
    vault. Raises DatabaseMissingError, WrongDatabaseKeyError, DatabaseDamagedError,
    PlaintextDatabaseError, and for an unfit program CipherMissingError, SqliteTooOldError,
    DatabaseSettingError.
    """
    if not create and not path.exists():
        raise DatabaseMissingError
    refuse_damaged_log(path)
    connection = _open(path, raw_key, "rwc" if create else "rw", PROTECTIONS)
    with translating_errors():
        # What a crash left in the log goes home now, so that the check never meets two crashes in one log.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return connection


def refuse_damaged_log(path: Path) -> None:
    """Raise DatabaseDamagedError if the log that a crash left would lose what was saved.

    To be asked before the first connection, reading ones too: SQLite drops such a log without a word.
    """
    refuse_damaged_wal(path, PAGE_BYTES)


def open_reader(path: Path, raw_key: bytes) -> Connection:
    """A connection that cannot write, for lists and search. Raises what `open_writer` raises."""
    if not path.exists():
        raise DatabaseMissingError
    return _open(path, raw_key, "rw", READER_PROTECTIONS)


def open_copier(path: Path, raw_key: bytes) -> Connection:
    """A connection that copies the store as it stands at one moment, while others write.

    Raises what `open_writer` raises.
    """
    if not path.exists():
        raise DatabaseMissingError
    return _open(path, raw_key, "rw", PROTECTIONS)


def open_copy(path: Path, raw_key: bytes) -> Connection:
    """A connection to a copy that nobody else has open: no log beside it; flushing it is the caller's.

    Raises what `open_writer` raises.
    """
    return _open(path, raw_key, "rw", COPY_PROTECTIONS)


def assert_library(connection: Connection) -> None:
    """Raise CipherMissingError or SqliteTooOldError unless this is SQLCipher on a sound SQLite."""
    if not connection.execute("PRAGMA cipher_version").fetchone():
        raise CipherMissingError
    assert_sqlite_version(str(connection.execute("SELECT sqlite_version()").fetchone()[0]))


@cache
def _assert_own_library() -> None:
    """Assert once what this process has loaded: it stays the same until the end."""
    with closing(connect(":memory:")) as library:
        assert_library(library)


def assert_sqlite_version(version: str) -> None:
    """Raise SqliteTooOldError below 3.51.3 (a reset of the WAL can corrupt) and for the withdrawn 3.52.0."""
    numbers = tuple(int(part) for part in re.findall(r"\d+", version)[:3])
    if numbers < OLDEST_SQLITE or numbers == WITHDRAWN_SQLITE:
        raise SqliteTooOldError(version=version)


def integrity_check(connection: Connection) -> None:
    """Raise DatabaseDamagedError (`places`) unless every page and index is sound; seconds for 100 MiB."""
    with translating_errors():
        pages = connection.execute("PRAGMA cipher_integrity_check").fetchall()
        if pages:
            raise DatabaseDamagedError(places=len(pages))
        rows = connection.execute("PRAGMA integrity_check").fetchall()
        if rows != [("ok",)]:
            raise DatabaseDamagedError(places=len(rows))


@contextmanager
def translating_errors() -> Iterator[None]:
    """Turn SQLite's failures of disk and data into KimErrors; programming mistakes pass as they are."""
    try:
        yield
    except DatabaseError as error:
        raise_explained(error)
        raise


def explaining(method: Callable[P, T]) -> Callable[P, T]:
    """Let a method raise what `translating_errors` makes of its failures, at the price of one call."""

    @wraps(method)
    def explained(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return method(*args, **kwargs)
        except DatabaseError as error:
            raise_explained(error)
            raise

    return explained


def raise_explained(error: DatabaseError) -> None:
    """Raise the KimError that a failure of disk or data amounts to; do nothing for a programming mistake."""
    explained = _explained(error)
    if explained is not None:
        raise explained from error


def _explained(error: DatabaseError) -> KimError | None:
    code = getattr(error, "sqlite_errorcode", 0) & _PRIMARY_CODE
    if code in {_CORRUPT, _NOTADB}:
        return DatabaseDamagedError()
    if code == _FULL:
        return DiskFullError()
    if code in {_PERM, _READONLY, _IOERR, _CANTOPEN}:
        return StorageUnavailableError(code=str(error.sqlite_errorname))
    return None


def _open(path: Path, raw_key: bytes, mode: str, protections: Protections) -> Connection:
    if len(raw_key) != KEY_BYTES:
        raise ValueError("the raw key has 32 bytes")
    _assert_own_library()  # before the file is touched: asked of a keyed file, it needs the right key
    _refuse_plaintext(path)
    with translating_errors():
        connection = _connect(path, f"mode={mode}", _BUSY_SECONDS)
        try:
            _give_key(connection, raw_key)
            _try_key(connection, path)
            switch_on(connection, protections)
            _refuse_plaintext(path)
        except BaseException:
            connection.close()
            raise
    return connection


def _connect(path: Path, query: str, timeout: float) -> Connection:
    uri = f"{path.absolute().as_uri()}?{query}"
    connection = connect(
        uri,
        uri=True,
        isolation_level=None,
        timeout=timeout,
        check_same_thread=False,
        cached_statements=STATEMENTS,
    )
    connection.execute(_SILENT)
    return connection


def _give_key(connection: Connection, raw_key: bytes) -> None:
    # A script isn't kept in the connection's cache of statements, as the key otherwise would be.
    connection.executescript(f"PRAGMA key = \"x'{raw_key.hex()}'\"; PRAGMA cipher_page_size = {PAGE_BYTES};")


def _try_key(connection: Connection, path: Path) -> None:
    try:
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except DatabaseError as error:
        if error.sqlite_errorcode != _NOTADB:
            raise
        # Page 1 doesn't fit. With the right key every other page still does.
        bad_pages = len(connection.execute("PRAGMA cipher_integrity_check").fetchall())
        if bad_pages * PAGE_BYTES >= path.stat().st_size:
            raise WrongDatabaseKeyError from error
        raise DatabaseDamagedError(places=bad_pages) from error


def switch_on(connection: Connection, protections: Protections) -> None:
    """Raise DatabaseSettingError unless SQLite reports each protection as it was asked for."""
    for name, (wanted, reported) in protections.items():
        if wanted is not None:
            connection.execute(f"PRAGMA {name} = {wanted}").fetchall()
        if connection.execute(f"PRAGMA {name}").fetchone() != (reported,):
            raise DatabaseSettingError(setting=name)


def _refuse_plaintext(path: Path) -> None:
    """Raise PlaintextDatabaseError if the file opens without a key (it happened to others)."""
    if not path.exists() or path.stat().st_size == 0:
        return
    # `immutable`: reads the file alone, takes no locks and leaves the WAL be.
    connection = _connect(path, "mode=ro&immutable=1", 0)
    try:
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except DatabaseError as error:
        if error.sqlite_errorcode == _NOTADB:
            return
        raise
    finally:
        connection.close()
    raise PlaintextDatabaseError
