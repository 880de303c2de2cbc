"""Connections to the encrypted store: what they refuse, and how damage and a full disk are told."""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.storage.connection import (
    PAGE_BYTES,
    PROTECTIONS,
    Connection,
    DatabaseError,
    assert_library,
    assert_sqlite_version,
    connect,
    integrity_check,
    open_reader,
    open_writer,
    switch_on,
    translating_errors,
)
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

KEY = bytes(range(32))
TEXT = "Aufenthaltserlaubnis und Kita-Platz"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kim.db"


@pytest.fixture
def writer(path: Path) -> Iterator[Connection]:
    with closing(open_writer(path, KEY, create=True)) as connection:
        connection.execute("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")
        yield connection


def filled(path: Path, rows: int = 400) -> Path:
    """A closed database of some hundred pages, nothing left in its WAL."""
    with closing(open_writer(path, KEY, create=True)) as connection:
        connection.execute("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO note (text) VALUES (?)", [(TEXT * 30,)] * rows)
        connection.execute("COMMIT")
    return path


def flip(path: Path, place: int) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 0x10
    path.write_bytes(data)


def read_all(path: Path) -> int:
    with closing(open_writer(path, KEY)) as connection, translating_errors():
        return len(connection.execute("SELECT text FROM note").fetchall())


def pragma(connection: Connection, name: str) -> object:
    return connection.execute(f"PRAGMA {name}").fetchone()[0]


def test_open_writer_switches_every_protection_on(writer: Connection) -> None:
    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "trusted_schema": 0,
        "temp_store": 2,
        "secure_delete": 1,
        "cipher_status": "1",
        "cipher_page_size": str(PAGE_BYTES),
        "cipher_use_hmac": "1",
        "busy_timeout": 5000,
        "query_only": 0,
    }
    assert {name: pragma(writer, name) for name in wanted} == wanted


def test_open_writer_enforces_foreign_keys(writer: Connection) -> None:
    writer.execute("CREATE TABLE line (note INTEGER NOT NULL REFERENCES note (id))")
    with pytest.raises(DatabaseError, match="FOREIGN KEY"):
        writer.execute("INSERT INTO line VALUES (7)")


def test_open_again_reads_what_was_written(path: Path) -> None:
    filled(path, rows=3)
    assert read_all(path) == 3


def test_open_reader_sees_commits_and_cannot_write(writer: Connection, path: Path) -> None:
    with closing(open_reader(path, KEY)) as reader:
        writer.execute("INSERT INTO note (text) VALUES (?)", (TEXT,))
        assert reader.execute("SELECT text FROM note").fetchall() == [(TEXT,)]
        with pytest.raises(DatabaseError, match="readonly"):
            reader.execute("DELETE FROM note")
    assert writer.execute("SELECT count(*) FROM note").fetchone() == (1,)


def test_open_missing_database_makes_none(path: Path) -> None:
    for open_it in (open_writer, open_reader):
        with pytest.raises(DatabaseMissingError):
            open_it(path, KEY)
    assert list(path.parent.iterdir()) == []


def test_open_with_the_wrong_key(path: Path) -> None:
    before = filled(path).read_bytes()
    with pytest.raises(WrongDatabaseKeyError):
        open_writer(path, bytes(32))
    assert path.read_bytes() == before


def test_open_with_a_key_of_the_wrong_length(path: Path) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        open_writer(path, b"short", create=True)


def test_open_plaintext_database_refused_untouched(path: Path) -> None:
    with closing(sqlite3.connect(path)) as plain:
        plain.execute("CREATE TABLE note (text TEXT)")
    before = path.read_bytes()
    for open_it in (open_writer, open_reader):
        with pytest.raises(PlaintextDatabaseError):
            open_it(path, KEY)
    assert path.read_bytes() == before


def test_open_something_else_than_a_database(path: Path) -> None:
    path.write_bytes(b"no database at all" * 1000)
    with pytest.raises(WrongDatabaseKeyError):
        open_writer(path, KEY)


def test_plain_sqlite_cannot_read_the_file(path: Path) -> None:
    filled(path)
    with (
        closing(sqlite3.connect(path)) as plain,
        pytest.raises(sqlite3.DatabaseError, match="not a database"),
    ):
        plain.execute("SELECT count(*) FROM sqlite_schema").fetchone()


def test_files_hold_neither_text_nor_key(writer: Connection, path: Path) -> None:
    writer.execute("INSERT INTO note (text) VALUES (?)", (TEXT,))
    files = sorted(path.parent.iterdir())
    assert [file.name for file in files] == ["kim.db", "kim.db-shm", "kim.db-wal"]
    for file in files:
        data = file.read_bytes()
        found = [
            data.count(secret) for secret in (TEXT.encode(), KEY, KEY.hex().encode(), b"SQLite format 3")
        ]
        assert found == [0, 0, 0, 0]


def test_control_plain_sqlite_holds_the_text(path: Path) -> None:
    with closing(sqlite3.connect(path)) as plain, plain:
        plain.execute("CREATE TABLE note (text TEXT)")
        plain.execute("INSERT INTO note VALUES (?)", (TEXT,))
    assert path.read_bytes().count(TEXT.encode()) == 1


@pytest.mark.parametrize("place", [16, 100, 4000, 4095])
def test_open_flipped_bit_in_the_first_page(path: Path, place: int) -> None:
    flip(filled(path), place)
    with pytest.raises(DatabaseDamagedError):
        open_writer(path, KEY)


def test_open_flipped_bit_in_the_salt_fits_no_page(path: Path) -> None:
    # The salt is part of what every page is checked against: told as "wrong key or damaged beginning".
    flip(filled(path), 3)
    with pytest.raises(WrongDatabaseKeyError):
        open_writer(path, KEY)


@pytest.mark.parametrize("offset", [0, 17, 2000, 4050, 4095])
def test_read_flipped_bit_in_a_later_page(path: Path, offset: int) -> None:
    filled(path)
    flip(path, 20 * PAGE_BYTES + offset)
    with pytest.raises(DatabaseDamagedError):
        read_all(path)


def test_read_shortened_file(path: Path) -> None:
    filled(path)
    path.write_bytes(path.read_bytes()[: 20 * PAGE_BYTES + 100])
    with pytest.raises(DatabaseDamagedError):
        read_all(path)


def test_integrity_check_sound(path: Path) -> None:
    filled(path)
    with closing(open_writer(path, KEY)) as connection:
        integrity_check(connection)


def test_integrity_check_counts_the_damaged_places(path: Path) -> None:
    filled(path)
    flip(path, 20 * PAGE_BYTES + 5)
    flip(path, 30 * PAGE_BYTES + 5)
    with closing(open_writer(path, KEY)) as connection, pytest.raises(DatabaseDamagedError) as caught:
        integrity_check(connection)
    assert caught.value.params == {"places": 2}


def test_full_disk_takes_the_transaction_back_whole(writer: Connection) -> None:
    writer.execute("INSERT INTO note (text) VALUES ('before')")
    writer.execute(f"PRAGMA max_page_count = {pragma(writer, 'page_count')}")
    writer.execute("BEGIN")
    writer.execute("INSERT INTO note (text) VALUES ('small')")
    with pytest.raises(DiskFullError), translating_errors():
        writer.execute("INSERT INTO note (text) VALUES (?)", (TEXT * 1000,))
    if writer.in_transaction:
        writer.execute("ROLLBACK")
    assert writer.execute("SELECT text FROM note").fetchall() == [("before",)]


def test_translating_a_folder_that_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailableError) as caught:
        open_writer(tmp_path / "gone" / "kim.db", KEY, create=True)
    assert caught.value.params == {"code": "SQLITE_CANTOPEN"}


def test_translating_leaves_programming_mistakes_alone(writer: Connection) -> None:
    with pytest.raises(DatabaseError, match="no such table"), translating_errors():
        writer.execute("SELECT * FROM elsewhere")


def test_library_without_sqlcipher_refused() -> None:
    with closing(sqlite3.connect(":memory:")) as plain, pytest.raises(CipherMissingError):
        assert_library(plain)


def test_library_in_use_is_fit(writer: Connection) -> None:
    assert_library(writer)


@pytest.mark.parametrize("version", ["3.51.2", "3.51.1", "3.40.0", "3.52.0"])
def test_sqlite_version_that_can_corrupt_refused(version: str) -> None:
    with pytest.raises(SqliteTooOldError) as caught:
        assert_sqlite_version(version)
    assert caught.value.params == {"version": version}


@pytest.mark.parametrize("version", ["3.51.3", "3.52.1", "3.53.0", "4.0.0"])
def test_sqlite_version_that_is_sound_accepted(version: str) -> None:
    assert_sqlite_version(version)


@pytest.mark.skipif(sys.platform == "win32", reason="a POSIX layer of SQLite stands in for the network drive")
def test_protections_without_shared_memory_refused(path: Path) -> None:
    # As on a network drive: SQLite says nothing and goes on without WAL.
    uri = f"{path.as_uri()}?vfs=unix-dotfile"
    with closing(connect(uri, uri=True)) as connection, pytest.raises(DatabaseSettingError) as caught:
        switch_on(connection, PROTECTIONS)
    assert caught.value.params == {"setting": "journal_mode"}
