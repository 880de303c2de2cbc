"""A device's decrypted store, read by plain SQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cbor2

from tests.audit.vault import database_key

if TYPE_CHECKING:
    from sqlite3 import Connection, connect
else:
    from sqlcipher3.dbapi2 import Connection, connect

Name = tuple[bytes, bytes, int]
"""Device, session, number: what a change and a record are called everywhere."""


@dataclass(frozen=True)
class Seat:
    """A device as the run hands it over: whose it is, where it lies, and what opens it."""

    name: str
    role: str
    folder: Path
    passphrase: str


@dataclass(frozen=True)
class Write:
    """One change of one register."""

    name: Name
    case: Name | None
    record: Name
    type: str
    register: str
    fields: dict[str, Any]
    covers: frozenset[Name]
    author: int
    is_decision: bool


@dataclass(frozen=True)
class Device:
    """Everything of one device's store that is counted or searched."""

    seat: Seat
    own_device: bytes
    writes: dict[Name, Write]
    standing: frozenset[tuple[Name, str, Name]]
    received: frozenset[bytes]
    cells: bytes


def read_device(seat: Seat) -> Device:
    """Open a device's store with its key and read it."""
    key = database_key(next(seat.folder.rglob("vault.kim")), seat.passphrase)
    path = next(seat.folder.rglob("*.db"))
    with closing(connect(f"file:{path}?mode=rw", uri=True)) as database:
        database.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        database.execute("PRAGMA query_only = ON")
        return _read(seat, database)


def _read(seat: Seat, database: Connection) -> Device:
    sources = {row[0]: (bytes(row[1]), bytes(row[2])) for row in database.execute("SELECT * FROM source")}
    writes = {write.name: write for write in _writes(database, sources)}
    heads = database.execute("SELECT record, register, dot FROM head")
    standing = frozenset((_name(sources, row[0]), row[1], _name(sources, row[2])) for row in heads)
    received = frozenset(bytes(row[0]) for row in database.execute("SELECT digest FROM received"))
    own = database.execute("SELECT device FROM session LIMIT 1").fetchone()
    return Device(seat, bytes(own[0]), writes, standing, received, _cells(database))


def _writes(database: Connection, sources: dict[int, tuple[bytes, bytes]]) -> Iterator[Write]:
    rows = database.execute(
        "SELECT dot, case_file, record, type, register, value, context, author, reason FROM change"
    )
    for dot, case, record, kind, register, value, context, author, reason in rows:
        yield Write(
            name=_name(sources, dot),
            case=None if case is None else _name(sources, case),
            record=_name(sources, record),
            type=kind,
            register=register,
            fields=cbor2.loads(value),
            covers=frozenset(_covered(sources, context)),
            author=author,
            is_decision=reason is not None,
        )


def _name(sources: dict[int, tuple[bytes, bytes]], key: int) -> Name:
    return (*sources[key >> 32], key & 0xFFFFFFFF)


def _covered(sources: dict[int, tuple[bytes, bytes]], runs: bytes | None) -> Iterator[Name]:
    data = runs or b""
    for at in range(0, len(data), 12):
        source, first, last = (int.from_bytes(data[at + step : at + step + 4], "big") for step in (0, 4, 8))
        yield from ((*sources[source], number) for number in range(first, last + 1))


def _cells(database: Connection) -> bytes:
    """Give every text and every blob of every table, search index included, one after the other."""
    tables = database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
    found = bytearray()
    for (table,) in tables:
        for row in database.execute(f'SELECT * FROM "{table}"'):  # noqa: S608 - names of the schema itself
            for cell in row:
                if isinstance(cell, str | bytes):
                    found += (cell.encode() if isinstance(cell, str) else cell) + b"\n"
    return bytes(found)
