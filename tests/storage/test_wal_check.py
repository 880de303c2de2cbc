"""Damage in the write-ahead log of a crash is noticed; what a crash itself leaves is not taken for damage."""

import shutil
import sqlite3
import struct
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from app.storage.connection import PAGE_BYTES, open_writer
from app.storage.errors import DatabaseDamagedError
from app.storage.wal_check import refuse_damaged_wal

KEY = bytes(range(32))
FRAME = 24 + PAGE_BYTES
SAVES = 30


def wal_of(path: Path) -> Path:
    return path.with_name(path.name + "-wal")


@pytest.fixture
def crashed(tmp_path: Path) -> Path:
    """A database as a power cut leaves it: thirty saves in the log, none of them in the file."""
    living, crashed = tmp_path / "living.db", tmp_path / "crashed.db"
    with closing(open_writer(living, KEY, create=True)) as connection:
        connection.execute("CREATE TABLE note (text TEXT)")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for number in range(SAVES):
            connection.execute("INSERT INTO note VALUES (?)", (f"{number} " + "x" * 2000,))
        shutil.copy(living, crashed)
        shutil.copy(wal_of(living), wal_of(crashed))
    return crashed


def change(path: Path, edit: Callable[[bytearray], None]) -> None:
    log = bytearray(wal_of(path).read_bytes())
    edit(log)
    wal_of(path).write_bytes(log)


def flip(place: int) -> Callable[[bytearray], None]:
    def edit(log: bytearray) -> None:
        log[place] ^= 4

    return edit


def saves_in(path: Path) -> int:
    with closing(open_writer(path, KEY)) as connection:
        return int(connection.execute("SELECT count(*) FROM note").fetchone()[0])


def last_transaction(log: bytes | bytearray) -> int:
    """Where the last transaction's first frame lies."""
    starts = range(32, len(log) - FRAME + 1, FRAME)
    commits = [at for at in starts if struct.unpack_from(">I", log, at + 4)[0] > 0]
    return commits[-2] + FRAME


def test_sound_log_after_a_crash_gives_every_save(crashed: Path) -> None:
    assert saves_in(crashed) == SAVES


def test_open_takes_the_log_home(crashed: Path) -> None:
    with closing(open_writer(crashed, KEY)):
        assert wal_of(crashed).stat().st_size == 0


@pytest.mark.parametrize(
    "place", [0, 9, 17, 25, 32, 37, 48, 60, 4000, 32 + 5 * FRAME + 100, 32 + 12 * FRAME + 20]
)
def test_flipped_bit_refused_and_untouched(crashed: Path, place: int) -> None:
    change(crashed, flip(place))
    before = (crashed.read_bytes(), wal_of(crashed).read_bytes())
    with pytest.raises(DatabaseDamagedError):
        open_writer(crashed, KEY)
    assert (crashed.read_bytes(), wal_of(crashed).read_bytes()) == before


def test_control_sqlite_alone_drops_saves_without_a_word(tmp_path: Path) -> None:
    living, copy = tmp_path / "a.db", tmp_path / "b.db"
    with closing(sqlite3.connect(living, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE note (text TEXT)")
        for number in range(SAVES):
            connection.execute("INSERT INTO note VALUES (?)", (str(number),))
        shutil.copy(living, copy)
        shutil.copy(wal_of(living), wal_of(copy))
    change(copy, flip(32 + 10 * FRAME + 50))
    with pytest.raises(DatabaseDamagedError):
        refuse_damaged_wal(copy, PAGE_BYTES)
    with closing(sqlite3.connect(copy)) as connection:
        assert 0 < connection.execute("SELECT count(*) FROM note").fetchone()[0] < SAVES
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_torn_last_transaction_is_a_crash(crashed: Path) -> None:
    change(crashed, lambda log: flip(last_transaction(log) + 30)(log))
    assert saves_in(crashed) == SAVES - 1


def test_half_a_frame_at_the_end_is_a_crash(crashed: Path) -> None:
    change(crashed, lambda log: log.__delitem__(slice(len(log) - 1000, None)))
    assert saves_in(crashed) == SAVES - 1


def test_frames_of_an_earlier_generation_are_no_damage(tmp_path: Path) -> None:
    path, copy = tmp_path / "a.db", tmp_path / "b.db"
    with closing(open_writer(path, KEY, create=True)) as connection:
        connection.execute("CREATE TABLE note (text TEXT)")
        for number in range(SAVES):
            connection.execute("INSERT INTO note VALUES (?)", (str(number),))
        connection.execute("PRAGMA wal_checkpoint(RESTART)")
        connection.execute("INSERT INTO note VALUES ('after')")
        shutil.copy(path, copy)
        shutil.copy(wal_of(path), wal_of(copy))
    assert saves_in(copy) == SAVES + 1


@pytest.mark.parametrize("length", [0, 10, 32, 40, 56])
def test_log_without_a_whole_frame_is_no_damage(crashed: Path, length: int) -> None:
    change(crashed, lambda log: log.__delitem__(slice(length, None)))
    refuse_damaged_wal(crashed, PAGE_BYTES)
