"""A newer database, a flipped bit, a full disk: a clear error, and nothing lost."""

from pathlib import Path

import pytest

from app.domain.errors import KimError
from app.services import cases
from app.services.ports import Session
from app.storage.connection import open_writer
from app.storage.errors import DatabaseDamagedError, DiskFullError
from app.storage.migrate import NewerDatabaseError, migrations, schema_text
from tests.support.stores import KEY, make_session, make_store


def _write_cases(path: Path, count: int) -> None:
    store = make_store(path, seed=1)
    session = make_session(store)
    for number in range(count):
        cases.open_case_file(session, cases.new_case_file(session).edited(municipality=f"Town {number}"))
    store.close()


def _read_everything(path: Path) -> None:
    store = make_store(path, create=False)
    store.queries.search_cases("town", 50)
    store.queries.case_page(None, 200)


def _fill(session: Session) -> None:
    for _ in range(200):
        cases.open_case_file(session, cases.new_case_file(session).edited(municipality="L" * 20_000))


def test_newer_database_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    _write_cases(path, 1)
    raw = open_writer(path, KEY)
    raw.execute("PRAGMA user_version = 4711")
    raw.close()
    before = path.read_bytes()
    with pytest.raises(NewerDatabaseError) as caught:
        make_store(path, create=False)
    assert caught.value.params == {"found": 4711, "known": len(migrations())}
    assert path.read_bytes() == before


def test_flipped_bit_anywhere_is_noticed_and_named(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    _write_cases(path, 30)
    sound = path.read_bytes()
    places = range(100, len(sound), len(sound) // 12)
    noticed = []
    for place in places:
        damaged = bytearray(sound)
        damaged[place] ^= 1
        copy = tmp_path / f"{place}.db"
        copy.write_bytes(damaged)
        try:
            store = make_store(copy, create=False)
            store.check_integrity()
        except KimError as error:
            noticed.append(error.error_id)
    assert len(noticed) == len(places)
    assert set(noticed) <= {"database_damaged", "database_wrong_key"}
    again = make_store(path, seed=3, create=False)
    assert again.queries.case_count() == 30


def test_page_damaged_while_reading_is_a_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    _write_cases(path, 200)
    data = bytearray(path.read_bytes())
    for page in range(8, len(data) // 4096):
        data[page * 4096 + 50] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(DatabaseDamagedError):
        _read_everything(path)


def test_full_disk_while_saving_keeps_what_was_saved_and_says_so(tmp_path: Path) -> None:
    store = make_store(tmp_path / "a.db")
    session = make_session(store)
    kept = cases.open_case_file(session, cases.new_case_file(session).edited(municipality="Lindau")).record
    with store.unit_of_work() as work:
        pages = work.connection.execute("PRAGMA page_count").fetchone()[0]
        work.connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(DiskFullError):
        _fill(session)
    assert kept.id is not None
    assert store.queries.record("CaseFile", kept.id) == kept
    store.check_integrity()
    with store.unit_of_work() as work:
        work.connection.execute("PRAGMA max_page_count = 1000000")
    after = cases.open_case_file(session, cases.new_case_file(session).edited(municipality="Bregenz")).record
    assert after.text("municipality") == "Bregenz"


def test_schema_file_is_what_the_migrations_make() -> None:
    assert (Path("app/storage/schema.sql")).read_text("utf-8") == schema_text()
