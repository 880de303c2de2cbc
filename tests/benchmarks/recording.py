"""A connection that notes what runs on it, so that the same can run again with values ready."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.storage.connection import Connection, open_reader, open_writer
from app.storage.store import SqlStore, Worker
from tests.benchmarks.databases import database_of, key
from tests.support.ports import SINA, SeededEntropy, SteeredClock

WRITES = ("INSERT", "UPDATE", "DELETE")


@dataclass(frozen=True)
class Statement:
    """SQL and its values; `many`: a list of values, for executemany."""

    sql: str
    values: Any
    many: bool = False

    def run(self, connection: Connection) -> None:
        """Execute it and fetch what it gives."""
        if self.many:
            connection.executemany(self.sql, self.values)
        else:
            connection.execute(self.sql, self.values).fetchall()

    @property
    def writes(self) -> bool:
        """Whether it changes rows."""
        return self.sql.startswith(WRITES)


class Recorder:
    """Passes statements on to a connection and keeps them."""

    def __init__(self, connection: Connection) -> None:
        """Record over `connection`."""
        self._connection = connection
        self.statements: list[Statement] = []

    def __getattr__(self, name: str) -> Any:
        """Give everything else as the connection has it: a store may ask for more of it tomorrow."""
        return getattr(self._connection, name)

    def execute(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """Execute one statement."""
        self.statements.append(Statement(sql, tuple(values)))
        return self._connection.execute(sql, values)

    def executemany(self, sql: str, values: Iterable[Sequence[Any]]) -> Any:
        """Execute one statement for many values."""
        rows = [tuple(row) for row in values]
        self.statements.append(Statement(sql, rows, many=True))
        return self._connection.executemany(sql, rows)

    def take(self) -> list[Statement]:
        """Give what was recorded since the last time."""
        taken = self.statements[:]
        self.statements.clear()
        return taken


def recording_store(home: Path, seed: str) -> tuple[SqlStore, Recorder]:
    """Open an existing store as a supervisor and note what is executed to write or to read.

    The same seed gives changes the same names.
    """
    recorder = Recorder(open_writer(database_of(home), key()))

    def open_reading() -> Recorder:
        reading = Recorder(open_reader(database_of(home), key()))
        reading.statements = recorder.statements
        return reading

    worker = Worker(1000 + SINA.id, SINA.id, cleared=True)
    entropy = SeededEntropy(f"{seed}/{SINA.id}")
    store = SqlStore(recorder, open_reading, worker, SteeredClock(), entropy)  # type: ignore[arg-type]  # both speak like connections
    return store, recorder


def in_bulk(statements: Iterable[Statement]) -> list[Statement]:
    """Give the writes among statements as one executemany for each SQL text, in the order they first came."""
    groups: dict[str, list[Any]] = {}
    for item in statements:
        if item.writes:
            groups.setdefault(item.sql, []).extend(item.values if item.many else [item.values])
    return [Statement(sql, rows, many=True) for sql, rows in groups.items()]
