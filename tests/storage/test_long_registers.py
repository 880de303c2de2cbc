"""A register that is edited again and again: its context grows, and no later save pays for that."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cbor2
import pytest

from app.domain.declarations import CASE_FILE
from app.domain.dots import Dot
from app.domain.merge import Change
from app.domain.records import Record, new_record
from app.storage.store import SqlStore
from tests.support.ports import ANNA, BEN
from tests.support.stores import make_store

EDITS = 120


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    made = make_store(tmp_path / "anna.db")
    yield made
    made.close()


def opened(store: SqlStore) -> Record:
    form = new_record(CASE_FILE, number="1", opened_on="2026-11-21", municipality="M", responsible=ANNA.id)
    with store.unit_of_work() as work:
        return work.save(None, form).record


def edit(store: SqlStore, base: Record, concern: str) -> Record:
    with store.unit_of_work() as work:
        return work.save(base, base.edited(concern=concern)).record


def statements_of_an_edit(store: SqlStore, base: Record, concern: str) -> tuple[Record, int]:
    told: list[str] = []
    store._writer.set_trace_callback(told.append)
    saved = edit(store, base, concern)
    store._writer.set_trace_callback(None)
    return saved, len(told)


def concerns(store: SqlStore) -> list[Change]:
    """Give every change of the concern, the newest first."""
    with store.unit_of_work() as work:
        return list(work.log.changes("register = 'concern'", (), 1000))


def test_a_save_asks_no_more_of_the_store_after_many_edits(store: SqlStore) -> None:
    saved = edit(store, edit(store, opened(store), "0"), "1")
    saved, early = statements_of_an_edit(store, saved, "2")
    for number in range(EDITS):
        saved = edit(store, saved, f"text {number}")
    saved, late = statements_of_an_edit(store, saved, "last")
    assert late == early
    assert len(saved.shown["concern"]) == EDITS + 4
    assert len(saved.shown["concern"].spans) == 1


def test_only_what_stood_for_the_writer_gives_what_a_newer_program_wrote(
    tmp_path: Path, store: SqlStore
) -> None:
    """Somebody saves over what was shown an hour ago: what came since stands beside it, unread."""
    saved = opened(store)
    for number in range(3):
        saved = edit(store, saved, f"text {number}")
    newer = {f"text {number}": f"word {number}" for number in range(3)}
    other = make_store(tmp_path / "ben.db", BEN)
    with store.unit_of_work() as work:
        told = [
            with_field(item, newer) for item in work.log.changes("1 = 1", (), 100) if item.type == "CaseFile"
        ]
    with other.unit_of_work() as work:
        work.apply([item for item in told if value_of(item).get("concern") != "text 2"])
        shown = work.record("CaseFile", saved.id or Dot(0, 0, 0))
    with other.unit_of_work() as work:
        work.apply(told)
    assert shown is not None
    assert shown.text("concern") == "text 1"
    edit(other, shown, "of another session")
    written = next(item for item in concerns(other) if item.author == BEN.id)
    other.close()
    assert value_of(written)["later"] == "word 1"


def value_of(change: Change) -> dict[str, object]:
    found = cbor2.loads(change.value)
    assert isinstance(found, dict)
    return found


def with_field(change: Change, newer: dict[str, str]) -> Change:
    """Give a change as a newer program would have written it, that knows one field more."""
    value = value_of(change)
    known = newer.get(str(value.get("concern")))
    return change if known is None else replace(change, value=cbor2.dumps({**value, "later": known}))
