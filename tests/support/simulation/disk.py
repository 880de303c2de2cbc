"""The disks of a history: in memory, without encryption and flushing, or real files as users have them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, TYPE_CHECKING, Any, Protocol
from unittest.mock import patch

from app.storage import backup_copy as copies
from app.storage import connection as connections
from app.storage.connection import STATEMENTS, connect

if TYPE_CHECKING:
    from sqlite3 import Connection
else:
    from sqlcipher3.dbapi2 import Connection


_ON_ITS_WAY = ".copy"
"""A copy on its way into a backup is a file: nobody works with it."""
_IMAGE = b"SQLite format 3"
_NUMBERS = count()


class Disk(Protocol):
    """Where the databases of a history lie, by path."""

    def copy(self, source: Path, target: Path) -> None:
        """Let `target` be what `source` is now; no connection to either may be open."""
        ...

    def image(self, path: Path) -> bytes:
        """Give every byte of a database, decrypted, free pages and all."""
        ...

    def clear(self) -> None:
        """Forget everything."""
        ...


class MemoryConnection(Connection):
    """A database that stays when it is closed, as a file would; one connection reads and writes."""

    def close(self) -> None:
        """Leave what was not committed."""
        if self.in_transaction:
            self.execute("ROLLBACK")

    def forget(self) -> None:
        """Let the database go."""
        super().close()


class MemoryDisk:
    """Databases in memory; `taking_over` lets the engine open them by its own ways.

    A small file stands for each, so that a database moves along where the engine renames files.
    """

    def __init__(self) -> None:
        """Begin empty."""
        self._made: dict[bytes, MemoryConnection] = {}

    def open(self, path: Path, *_: object, **__: object) -> Connection:
        """Give the database of a path, for writing and reading alike."""
        if path.suffix == _ON_ITS_WAY:
            return _file(path)
        content = path.read_bytes() if path.exists() else b""
        if content.startswith(_IMAGE):
            self._keep(path, _loaded(path))
        elif not content:
            self._keep(path, _new())
        return self.made(path)

    def copier(self, path: Path, *_: object) -> Connection:
        """Give a copy of what is there now: other statements stay compiled, whatever it does."""
        copied: Connection = connect(":memory:", isolation_level=None, check_same_thread=False)
        self.made(path).backup(copied)
        return copied

    def copy(self, source: Path, target: Path) -> None:
        """Let `target` be what `source` is now."""
        self.take(target, self.made(source))

    def take(self, path: Path, content: Connection) -> None:
        """Let `path` be a copy of another database."""
        fresh = _new()
        content.backup(fresh)
        if path.exists():
            self._made.pop(path.read_bytes()).forget()
        self._keep(path, fresh)

    def made(self, path: Path) -> MemoryConnection:
        """Give the database of a path."""
        return self._made[path.read_bytes()]

    def image(self, path: Path) -> bytes:
        """Give every byte of a database."""
        return image_of(self.made(path))

    def clear(self) -> None:
        """Forget everything."""
        while self._made:
            self._made.popitem()[1].forget()

    @contextmanager
    def taking_over(self) -> Iterator[None]:
        """Let the engine's stores lie here: below every check of paths, above every page."""
        with patch.object(connections, "_open", self.open), patch.object(copies, "open_copier", self.copier):
            yield

    def _keep(self, path: Path, made: MemoryConnection) -> None:
        name = b"database %d in memory" % next(_NUMBERS)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name)
        self._made[name] = made


class RealDisk:
    """Encrypted files in a folder, opened with every assertion."""

    def __init__(self, key: bytes) -> None:
        """All databases of a history have one key."""
        self._key = key

    def copy(self, source: Path, target: Path) -> None:
        """Copy a folder's files; what the log still holds goes along."""
        shutil.rmtree(target.parent, ignore_errors=True)
        shutil.copytree(source.parent, target.parent)

    def image(self, path: Path) -> bytes:
        """Give every byte of a database, decrypted."""
        reading = connections.open_reader(path, self._key)
        try:
            return "\n".join(map(str, _everything(reading))).encode()
        finally:
            reading.close()

    def clear(self) -> None:
        """Nothing: the folder is its maker's."""


def image_of(content: Connection) -> bytes:
    """Give the bytes of a database as a file would have them."""
    file, written = _image_file()
    content.backup(written)
    file.seek(0)
    return file.read()


@cache
def _image_file() -> tuple[IO[bytes], Connection]:
    """Give a file of this process, gone when it ends, and the connection that writes it."""
    shared = "/dev/shm" if Path("/dev/shm").is_dir() else None
    file = NamedTemporaryFile(dir=shared, suffix=".image", buffering=0)  # noqa: SIM115 - as long as the process
    return file, _file(Path(file.name))


def _everything(reading: Connection) -> Iterator[object]:
    tables = reading.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
    for (table,) in tables:
        yield from reading.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - names from the schema itself


def _file(path: Path) -> Connection:
    """Give a copy on its way, as the engine opens one: no log beside it, not flushed."""
    made = connect(str(path), isolation_level=None, check_same_thread=False)
    _set(made, "journal_mode = OFF", "synchronous = OFF")
    return made


def _set(connection: Connection, *pragmas: str) -> None:
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}")


def _loaded(path: Path) -> MemoryConnection:
    """Give the database of a file that was brought back from a backup."""
    fresh, written = _new(), _file(path)
    written.backup(fresh)
    written.close()
    return fresh


def _new() -> MemoryConnection:
    made: Any = connect(
        ":memory:",
        isolation_level=None,
        check_same_thread=False,
        factory=MemoryConnection,
        cached_statements=STATEMENTS,
    )
    _set(made, "foreign_keys = ON", "secure_delete = ON", "temp_store = MEMORY", "page_size = 4096")
    return made
