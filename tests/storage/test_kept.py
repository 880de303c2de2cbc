"""What the writing side keeps: given again while nothing moved, and never after."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.declarations import CASE_FILE
from app.domain.records import new_record
from app.storage.mailbox import SqlPostOffice
from app.storage.store import SqlStore
from tests.support.stores import make_store


class StopError(Exception):
    """Ends a transaction."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    made = make_store(tmp_path / "store.db")
    yield made
    made.close()


def counted(store: SqlStore) -> int:
    """Count case files as one who keeps the answer does."""
    with store.unit_of_work() as work:
        return work.once(("count",), work.case_count)


def add(store: SqlStore) -> None:
    with store.unit_of_work() as work:
        work.save(
            None, new_record(CASE_FILE, number="1", opened_on="2026-11-21", municipality="M", responsible=1)
        )


def test_an_answer_is_given_again_until_a_record_moves(store: SqlStore) -> None:
    asked = []
    with store.unit_of_work() as work:
        for _ in range(2):
            work.once(("asked",), lambda: asked.append(1))
        assert len(asked) == 1
        work.save(
            None, new_record(CASE_FILE, number="1", opened_on="2026-11-21", municipality="M", responsible=1)
        )
        work.once(("asked",), lambda: asked.append(1))
    assert len(asked) == 2


def test_what_was_rolled_back_is_no_answer(store: SqlStore) -> None:
    def stop() -> None:
        with store.unit_of_work() as work:
            work.save(
                None,
                new_record(CASE_FILE, number="1", opened_on="2026-11-21", municipality="M", responsible=1),
            )
            work.put_setting("name", "gone")
            assert (work.once(("count",), work.case_count), work.setting("name")) == (2, "gone")
            raise StopError

    add(store)
    with pytest.raises(StopError):
        stop()
    with store.unit_of_work() as work:
        assert (counted(store), work.setting("name")) == (1, None)


def test_a_rolled_back_state_of_rounds_is_forgotten(store: SqlStore) -> None:
    office = SqlPostOffice(store)

    def stop() -> None:
        with office.transaction() as post:
            post.rounds.put_state("cursor", b"1")
            assert post.rounds.state("cursor") == b"1"
            raise StopError

    with pytest.raises(StopError):
        stop()
    with office.transaction() as post:
        assert post.rounds.state("cursor") is None


def test_the_mark_moves_with_every_row_but_not_with_how_far_rounds_are(store: SqlStore) -> None:
    office = SqlPostOffice(store)
    with office.transaction() as post:
        before = office.mark
        post.rounds.put_mark("cursor", b"1")
        assert office.mark == before
        post.rounds.put_state("wanted", b"1")
        assert office.mark == before + 1
        post.rounds.put_state("wanted", b"1")
        assert office.mark == before + 1


def test_a_reader_keeps_nothing(store: SqlStore) -> None:
    kept = store.queries.log.kept
    assert [kept.once(("one",), lambda at=at: at) for at in (1, 2)] == [1, 2]  # type: ignore[misc]  # a default binds
    assert [kept.still(("one",), lambda at=at: at) for at in (1, 2)] == [1, 2]  # type: ignore[misc]  # as above
