"""Tidying the search index: no save pays for it, opening and remote changes do."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.declarations import CASE_FILE, PERSON
from app.domain.dots import Dot
from app.domain.records import new_record
from app.storage.search_index import SearchIndex
from app.storage.store import SqlStore
from tests.support.ports import BEN
from tests.support.stores import make_store

SAVES = 60
MOST_PAGES = 24
SAVES_OF_A_LONG_DAY = 4_100
MOST_PARTS = 1_100
_FRAME = 24 + 4096


@pytest.fixture
def store(tmp_path: Path) -> SqlStore:
    return make_store(tmp_path / "anna.sqlite")


def open_case(store: SqlStore) -> Dot:
    form = new_record(
        CASE_FILE, opened_on="2026-11-02", number="MUS-26-000017", municipality="Lindau", responsible=1
    )
    with store.unit_of_work() as work:
        saved = work.save(None, form).record.id
    assert saved is not None
    return saved


def save_people(store: SqlStore, count: int) -> None:
    case = open_case(store)
    for number in range(count):
        with store.unit_of_work() as work:
            work.save(None, new_record(PERSON, case, label=f"Person {number}", nationality="Eritrea"))


def parts(store: SqlStore) -> int:
    with store.unit_of_work() as work:
        row = work.connection.execute("SELECT count(DISTINCT segid) FROM search_idx").fetchone()
    return int(row[0])


def test_saves_leave_one_part_each(store: SqlStore) -> None:
    save_people(store, SAVES)
    assert parts(store) == SAVES + 1
    store.close()


def test_no_save_of_a_short_record_writes_many_pages(store: SqlStore, tmp_path: Path) -> None:
    log = tmp_path / "anna.sqlite-wal"
    case = open_case(store)
    pages = []
    for number in range(SAVES):
        before = log.stat().st_size
        with store.unit_of_work() as work:
            work.save(None, new_record(PERSON, case, label=f"Person {number}", nationality="Eritrea"))
        pages.append((log.stat().st_size - before) // _FRAME)
    assert max(pages) <= MOST_PAGES
    store.close()


def test_a_day_without_a_round_never_fills_the_index(store: SqlStore) -> None:
    """FTS5 refuses a save as "disk full" when the index has 2,000 parts (fts5Int.h, FTS5_MAX_SEGMENT)."""
    for number in range(SAVES_OF_A_LONG_DAY):
        with store.unit_of_work() as work:
            SearchIndex(work.connection).put(number + 1, 1, f"Person {number} Eritrea")
    assert parts(store) < MOST_PARTS
    store.close()


def test_opening_joins_the_parts_and_finds_the_same(store: SqlStore, tmp_path: Path) -> None:
    save_people(store, SAVES)
    before = store.queries.search_cases("eri", 50)
    store.close()
    again = make_store(tmp_path / "anna.sqlite", seed=1, create=False)
    assert parts(again) < SAVES // 4
    assert again.queries.search_cases("eri", 50) == before
    again.close()


def test_remote_changes_join_the_parts(store: SqlStore, tmp_path: Path) -> None:
    save_people(store, SAVES)
    changes = sorted(store.queries.log.changes("1 = 1", (), 10_000), key=lambda change: change.dot)
    store.close()
    other = make_store(tmp_path / "ben.sqlite", BEN)
    for change in changes:
        with other.unit_of_work() as work:
            work.apply([change])
    assert parts(other) < SAVES // 4
    assert [row.text("number") for row in other.queries.search_cases("eri", 50)] == ["MUS-26-000017"]
    other.close()
