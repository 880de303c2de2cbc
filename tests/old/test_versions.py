"""Two versions in one district: what the older does not know it stores, passes on, and never loses."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from app.domain.declarations import BENEFIT_PERIOD, PERSON
from app.domain.dots import Dot
from app.domain.merge import Change
from app.domain.records import new_record
from app.services import case_splitting, cases, deleting
from app.services.figures import refresh_due_figures
from app.services.ports import Session
from app.storage.store import SqlStore
from sync import layout as new_layout
from tests.old import layout as old_layout
from tests.old.declarations import declaring, first_slice, version_before
from tests.support.desktop import carry, open_case
from tests.support.ports import BEN, SINA
from tests.support.stores import make_session, make_store
from tests.support.wire import ANNAS, SESSION, Writer, roster_chain
from tests.support.wire_changes import new_case, small_edits


@pytest.fixture
def newer(tmp_path: Path) -> SqlStore:
    return make_store(tmp_path / "newer.db")


def older_store(tmp_path: Path) -> SqlStore:
    with first_slice():
        return make_store(tmp_path / "older.db", BEN)


def take(source: SqlStore, target: SqlStore) -> None:
    """Bring changes to a device on which the first slice runs."""
    with first_slice():
        carry(source, target)


def case_of(session: Session) -> Dot:
    case = open_case(session, concern="Wohnung", recognition_word="Amsel", phase_reason="eilt").id
    assert case is not None
    return case


def reason(session: Session, case: Dot, text: str) -> None:
    base = session.store.queries.record("CaseFile", case)
    assert base is not None
    cases.save_record(session, base, base.edited(phase_reason=text))


def everything(store: SqlStore) -> set[bytes]:
    return {change.digest for change in store.queries.log.changes("1", (), 10_000)}


def test_unknown_types_registers_and_fields_pass_through_untouched(newer: SqlStore, tmp_path: Path) -> None:
    session = make_session(newer)
    case = case_of(session)
    for label in ("Person 1", "Person 2"):
        entry = cases.save_record(session, None, new_record(PERSON, case, label=label)).record
    assert entry.id is not None
    case_splitting.split_case_file(session, case, [entry.id], {}, "Schutz")
    first = newer.queries.records("Person", case)[0]
    deleting.delete_record(session, first, "doppelt")
    older = older_store(tmp_path)
    take(newer, older)
    third = make_store(tmp_path / "third.db", seed="third")
    carry(older, third)
    assert everything(newer) == everything(older) == everything(third)
    assert third.queries.records("Person", case) == ()
    assert [item.type for item in third.queries.records("CaseSplit", case)] == ["CaseSplit"]
    (seen,) = third.queries.deleted_records(case)
    assert seen.text("standing_reason") == "doppelt"
    head = third.queries.record("CaseFile", case)
    assert head is not None
    assert head.text("recognition_word") == "Amsel"


def test_the_older_program_keeps_the_fields_of_its_base_that_it_does_not_know(
    newer: SqlStore, tmp_path: Path
) -> None:
    case = case_of(make_session(newer))
    older = older_store(tmp_path)
    take(newer, older)
    with first_slice():
        bens = make_session(older, BEN)
        base = older.queries.record("CaseFile", case)
        assert base is not None
        assert "phase_reason" not in base.values
        cases.save_record(bens, base, base.edited(phase="clearing"))
    carry(older, newer)
    head = newer.queries.record("CaseFile", case)
    assert head is not None
    assert (head.text("phase"), head.text("phase_reason")) == ("clearing", "eilt")
    assert head.conflicts == frozenset()


def test_the_older_program_shows_what_it_knows_of_a_register_it_knows(
    newer: SqlStore, tmp_path: Path
) -> None:
    case = case_of(make_session(newer))
    older = older_store(tmp_path)
    take(newer, older)
    with first_slice():
        head = older.queries.record("CaseFile", case)
        assert head is not None
        assert head.text("concern") == "Wohnung"
        assert [row.id for row in older.queries.search_cases("Wohnung", 5)] == [case]


def test_the_older_program_carries_on_what_stands_in_its_base_and_not_what_had_gone_before(
    newer: SqlStore, tmp_path: Path
) -> None:
    case = case_of(make_session(newer))
    sinas = make_store(tmp_path / "sina.db", SINA)
    carry(newer, sinas)
    reason(make_session(sinas, SINA), case, "eilt sehr")
    carry(sinas, newer)
    reason(make_session(newer), case, "")  # hers comes behind in the order of dots, and is gone all the same
    older = older_store(tmp_path)
    take(newer, older)
    with first_slice():
        base = older.queries.record("CaseFile", case)
        assert base is not None
        cases.save_record(make_session(older, BEN), base, base.edited(phase="clearing"))
    carry(older, newer)
    head = newer.queries.record("CaseFile", case)
    assert head is not None
    assert (head.text("phase"), head.text("phase_reason")) == ("clearing", "")


def test_the_older_program_asks_nothing_about_a_register_that_it_does_not_know(
    newer: SqlStore, tmp_path: Path
) -> None:
    case, third = case_of(make_session(newer)), make_store(tmp_path / "third.db", seed="third")
    carry(newer, third)
    for store, word in ((newer, "Meise"), (third, "Fink")):
        base = store.queries.record("CaseFile", case)
        assert base is not None
        cases.save_record(make_session(store), base, base.edited(recognition_word=word))
    carry(third, newer)
    assert [item.register for item in newer.queries.conflicts(5)] == ["recognition"]
    older = older_store(tmp_path)
    take(newer, older)
    with first_slice():
        assert older.queries.conflicts(5) == ()
        rows = older.queries.case_page(None, 5).rows
        assert [row.conflicts for row in rows] == [frozenset()]
        head = older.queries.record("CaseFile", case)
        assert head is not None
        assert head.conflicts == frozenset()
        older.close()
    updated = make_store(tmp_path / "older.db", BEN, seed="updated", create=False)
    assert [item.register for item in updated.queries.conflicts(5)] == ["recognition"]
    assert [row.conflicts for row in updated.queries.case_page(None, 5).rows] == [frozenset({"recognition"})]


def test_the_older_program_keeps_figures_of_a_type_that_it_does_not_know(
    newer: SqlStore, tmp_path: Path
) -> None:
    session = make_session(newer)
    case = case_of(session)
    cases.save_record(session, None, new_record(BENEFIT_PERIOD, case, legal_circle="sgb2"))
    refresh_due_figures(session)
    newer.close()
    with declaring(version_before()):
        older = make_store(tmp_path / "newer.db", seed="older", create=False)
        base = older.queries.record("CaseFile", case)
        assert base is not None
        cases.save_record(make_session(older), base, base.edited(municipality="Hard"))
        refresh_due_figures(make_session(older))
        (figures,) = older.queries.figures_of(case)
    facts = figures.items("facts")
    assert {"1:BenefitPeriod.legal_circle=sgb2", "1:CaseFile.municipality=Hard"} <= set(facts)


def test_a_program_brought_up_to_date_shows_what_it_had_stored_without_knowing_it(
    newer: SqlStore, tmp_path: Path
) -> None:
    session = make_session(newer)
    case = case_of(session)
    entry = cases.save_record(session, None, new_record(PERSON, case, label="Person 1")).record
    deleting.delete_record(session, entry, "doppelt")
    older = older_store(tmp_path)
    take(newer, older)
    with first_slice():
        assert len(older.queries.records("Person", case)) == 1
        older.close()
    updated = make_store(tmp_path / "older.db", BEN, seed="updated", create=False)
    assert updated.queries.records("Person", case) == ()
    assert len(updated.queries.deleted_records(case)) == 1


def some_changes() -> list[Change]:
    writer = Writer(roster_chain()[-1], ANNAS)
    rng = random.Random(11)
    return [change for _ in range(5) for change in new_case(writer, rng)] + small_edits(writer, 20)


@pytest.mark.parametrize(
    ("writes", "reads"),
    [(new_layout, old_layout), (old_layout, new_layout)],
    ids=["new to old", "old to new"],
)
def test_each_reads_the_envelope_bodies_of_the_other(writes: object, reads: object) -> None:
    roster, changes = roster_chain()[-1], some_changes()
    body = writes.pack_changes(changes, ANNAS, SESSION, roster)  # type: ignore[attr-defined]  # two modules of one form
    read = reads.unpack_changes(body, ANNAS, SESSION, roster, roster.version)  # type: ignore[attr-defined]  # as above
    assert [change.digest for change in read] == [change.digest for change in changes]
