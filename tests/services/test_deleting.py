"""Deleting against editing, and what a deletion takes out of sight."""

from pathlib import Path

import pytest

from app.domain.declarations import CONSENT, CONTACT, PERSON
from app.domain.dots import Dot
from app.domain.errors import NotDeletableError, ValidationError
from app.domain.records import Record, new_record
from app.services import cases, deleting, merging
from app.services.ports import Session
from app.storage.store import SqlStore
from tests.support.ports import BEN, SteeredClock
from tests.support.stores import make_session, make_store


@pytest.fixture
def store(tmp_path: Path) -> SqlStore:
    return make_store(tmp_path / "anna.db")


def begun(session: Session) -> Dot:
    form = cases.new_case_file(session).edited(municipality="Lindau")
    case = cases.open_case_file(session, form).record.id
    assert case is not None
    for kind in ("sheet", "consent"):
        entry = new_record(CONSENT, case, consent_kind=kind, given_on="2026-11-02", consent_form="oral")
        cases.save_record(session, None, entry)
    return case


def person(session: Session, case: Dot, label: str = "Person 1") -> Record:
    return cases.save_record(session, None, new_record(PERSON, case, label=label)).record


def shared(one: SqlStore, other: SqlStore) -> None:
    """Let each learn all changes of the other, as a round would."""
    for source, target in ((one, other), (other, one)):
        with source.unit_of_work() as work:
            changes = tuple(work.log.changes("1", (), -1))
        with target.unit_of_work() as work:
            work.apply(tuple(reversed(changes)))


def test_a_deleted_entry_leaves_list_and_search_and_can_be_brought_back(store: SqlStore) -> None:
    session = make_session(store)
    case = begun(session)
    entry = person(session, case, "Zweitkind")
    deleted = deleting.delete_record(session, entry, "twice").record
    assert store.queries.records("Person", case) == ()
    assert store.queries.search_cases("Zweitkind", 10) == ()
    assert [item.id for item in store.queries.deleted_records(case)] == [entry.id]
    back = deleting.bring_back(session, deleted, "was another child").record
    assert [item.id for item in store.queries.records("Person", case)] == [back.id]
    assert len(store.queries.search_cases("Zweitkind", 10)) == 1
    assert store.queries.deleted_records(case) == ()


def test_a_deletion_stays_in_the_history(store: SqlStore) -> None:
    session = make_session(store)
    case = begun(session)
    deleting.delete_record(session, person(session, case), "twice")
    entries = [item for item in store.queries.history(case, 100) if item.register == "standing"]
    assert [dict(item.values) for item in entries] == [{"standing": "deleted", "standing_reason": "twice"}]


def test_what_stays_for_good_is_not_deleted(store: SqlStore) -> None:
    session = make_session(store)
    case = begun(session)
    entry = new_record(CONTACT, case, at=0, contact_kind="client")
    contact = cases.save_record(session, None, entry).record
    with pytest.raises(NotDeletableError):
        deleting.delete_record(session, contact, "twice")


def test_a_deletion_needs_a_reason(store: SqlStore) -> None:
    session = make_session(store)
    case = begun(session)
    with pytest.raises(ValidationError):
        deleting.delete_record(session, person(session, case), "  ")


@pytest.fixture
def two(tmp_path: Path) -> tuple[Session, Session, Dot, Record]:
    """Two devices that know the same person of one case file."""
    clock = SteeredClock()
    anna, ben = make_store(tmp_path / "a.db", clock=clock), make_store(tmp_path / "b.db", BEN, clock)
    session = make_session(anna, clock=clock)
    case = begun(session)
    entry = person(session, case)
    shared(anna, ben)
    return session, make_session(ben, BEN, clock), case, entry


def test_deleting_against_editing_is_a_conflict_with_both_sides(
    two: tuple[Session, Session, Dot, Record],
) -> None:
    anna, ben, case, entry = two
    deleting.delete_record(anna, entry, "not of the household")
    theirs = ben.store.queries.records("Person", case)[0]
    cases.save_record(ben, theirs, theirs.edited(nationality="Syrien"))
    shared(anna.store, ben.store)  # type: ignore[arg-type]  # stores of this test are SqlStores
    for session in (anna, ben):
        (shown,) = session.store.queries.records("Person", case)
        assert shown.text("nationality") == "Syrien"
        assert shown.conflicts == {"standing"}
        (conflict,) = session.store.queries.conflicts(10)
        assert [(head.author, head.values.get("standing")) for head in conflict.heads] == [
            (2, "present"),
            (1, "deleted"),
        ]
        wrote = conflict.heads[0].wrote
        assert wrote is not None
        assert (wrote.register, dict(wrote.values)) == ("nationality", {"nationality": "Syrien"})


@pytest.mark.parametrize(("decided", "left"), [("deleted", 0), ("present", 1)])
def test_the_decision_between_deleting_and_editing_settles_it_on_both(
    two: tuple[Session, Session, Dot, Record], decided: str, left: int
) -> None:
    anna, ben, case, entry = two
    deleting.delete_record(anna, entry, "not of the household")
    theirs = ben.store.queries.records("Person", case)[0]
    cases.save_record(ben, theirs, theirs.edited(nationality="Syrien"))
    shared(anna.store, ben.store)  # type: ignore[arg-type]  # as above
    (conflict,) = ben.store.queries.conflicts(10)
    merging.decide(ben, conflict, {"standing": decided}, "asked both")
    shared(anna.store, ben.store)  # type: ignore[arg-type]  # as above
    for session in (anna, ben):
        assert len(session.store.queries.records("Person", case)) == left
        assert session.store.queries.conflicts(10) == ()


def test_an_edit_after_a_decided_deletion_asks_again(two: tuple[Session, Session, Dot, Record]) -> None:
    anna, ben, case, entry = two
    theirs = ben.store.queries.records("Person", case)[0]
    deleting.delete_record(anna, entry, "not of the household")
    shared(anna.store, ben.store)  # type: ignore[arg-type]  # as above
    assert ben.store.queries.records("Person", case) == ()
    cases.save_record(ben, theirs, theirs.edited(nationality="Syrien"))
    assert [item.register for item in ben.store.queries.conflicts(10)] == ["standing"]
    assert len(ben.store.queries.records("Person", case)) == 1


def test_deleted_entries_do_not_count_in_figures(store: SqlStore) -> None:
    session = make_session(store)
    case = begun(session)
    entry = cases.save_record(
        session, None, new_record(PERSON, case, label="Person 1", gender="female")
    ).record
    exported = [item["type"] for item in cases.export_case(store.queries, case)]
    deleting.delete_record(session, entry, "twice")
    assert "Person" in exported
    assert "Person" not in [item["type"] for item in cases.export_case(store.queries, case)]
