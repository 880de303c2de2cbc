"""Saving, conflicts, decisions: on a real encrypted store."""

from dataclasses import replace
from pathlib import Path

import cbor2
import pytest

from app.domain.declarations import CONSENT, CONTACT, PERSON
from app.domain.dots import Dot
from app.domain.errors import AddOnlyError, GateError, RegisterTooLargeError, ValidationError
from app.domain.records import Presence, Record, new_record
from app.services import cases, merging
from app.services import figures as figures_service
from app.services.ports import Draft, Session
from app.storage.store import SqlStore
from tests.support.ports import ANNA, BEN, SteeredClock
from tests.support.stores import make_session, make_store


@pytest.fixture
def store(tmp_path: Path) -> SqlStore:
    return make_store(tmp_path / "anna.db")


def opened(session: Session, **values: str) -> Record:
    form = cases.new_case_file(session).edited(municipality="Lindau", speaks=("uk",), **values)
    return cases.open_case_file(session, form).record


def agreed(session: Session, case: Dot, **items: str) -> Record:
    for kind in ("sheet", "consent"):
        entry = new_record(
            CONSENT,
            case,
            consent_kind=kind,
            given_on="2026-11-02",
            consent_form="oral",
            **items,
        )
        saved = cases.save_record(session, None, entry)
    return saved.record


def test_case_file_saved_comes_back_whole(store: SqlStore) -> None:
    session = make_session(store)
    saved = opened(session)
    read = store.queries.record("CaseFile", saved.id or Dot(0, 0, 0))
    assert read == saved
    assert read is not None
    assert (read.text("number"), read.text("municipality"), read.items("speaks")) == (
        saved.text("number"),
        "Lindau",
        ("uk",),
    )
    assert read.number("supervision") == ANNA.supervisor


def test_gate_closed_refuses_concern_and_keeps_nothing(store: SqlStore) -> None:
    session = make_session(store)
    base = opened(session)
    with pytest.raises(GateError) as caught:
        cases.save_record(session, base, base.edited(concern="needs a flat"))
    assert caught.value.params == {"missing": "sheet"}
    assert base.id is not None
    assert store.queries.record("CaseFile", base.id) == base


def test_gate_open_after_sheet_and_consent(store: SqlStore) -> None:
    session = make_session(store)
    base = opened(session)
    assert base.id is not None
    agreed(session, base.id)
    saved = cases.save_record(session, base, base.edited(concern="needs a flat"))
    assert saved.record.text("concern") == "needs a flat"
    assert saved.changed == ("concern",)


def test_two_forms_open_at_once_become_a_conflict_said_at_once(store: SqlStore) -> None:
    session = make_session(store)
    base = opened(session)
    assert base.id is not None
    agreed(session, base.id)
    first = cases.save_record(session, base, base.edited(concern="one"))
    second = cases.save_record(session, base, base.edited(concern="two"))
    assert first.conflicts == ()
    assert second.conflicts == ("concern",)
    (conflict,) = store.queries.conflicts(10)
    assert {str(head.values["concern"]) for head in conflict.heads} == {"one", "two"}
    assert conflict.case_number == base.text("number")


def test_decision_settles_and_undo_is_the_next_change(store: SqlStore) -> None:
    session = make_session(store)
    base = opened(session)
    assert base.id is not None
    agreed(session, base.id)
    cases.save_record(session, base, base.edited(concern="one"))
    cases.save_record(session, base, base.edited(concern="two"))
    (conflict,) = store.queries.conflicts(10)
    record = merging.decide(session, conflict, {"concern": "three"}, "agreed by phone")
    assert (record.text("concern"), record.conflicts) == ("three", frozenset())
    assert store.queries.conflicts(10) == ()
    (decision,) = store.queries.decisions(10)
    assert (decision.reason, decision.standing) == ("agreed by phone", True)
    revised = merging.revise(session, decision, {"concern": "one"}, "undo")
    assert revised.text("concern") == "one"
    assert store.queries.conflicts(10) == ()


def test_edit_in_a_conflict_leaves_the_other_head_standing(store: SqlStore) -> None:
    session = make_session(store)
    base = opened(session)
    assert base.id is not None
    agreed(session, base.id)
    cases.save_record(session, base, base.edited(concern="one"))
    shown = cases.save_record(session, base, base.edited(concern="two")).record
    edited = cases.save_record(session, shown, shown.edited(concern="two, longer"))
    assert edited.conflicts == ("concern",)
    (conflict,) = store.queries.conflicts(10)
    assert {str(head.values["concern"]) for head in conflict.heads} == {"one", "two, longer"}


def test_protective_value_is_shown_while_undecided(store: SqlStore) -> None:
    session = make_session(store)
    base = opened(session)
    assert base.id is not None
    agreed(session, base.id)
    cases.save_record(session, base, base.edited(contact_rule="never"))
    last = cases.save_record(session, base, base.edited(contact_rule="free")).record
    assert (last.text("contact_rule"), last.conflicts) == ("never", frozenset({"safety"}))


def test_register_over_32_kib_refused_and_nothing_kept(store: SqlStore) -> None:
    session = make_session(store)
    base = opened(session)
    assert base.id is not None
    agreed(session, base.id)
    with pytest.raises(RegisterTooLargeError):
        cases.save_record(session, base, base.edited(concern="x" * 33_000, target_groups=("eu",)))
    read = store.queries.record("CaseFile", base.id)
    assert read is not None
    assert (read.text("concern"), read.items("target_groups")) == ("", ())


def test_add_only_entry_cannot_be_edited(store: SqlStore) -> None:
    session = make_session(store)
    base = opened(session)
    assert base.id is not None
    agreed(session, base.id)
    entry = new_record(CONTACT, base.id, at=1, topics=("health",), contact_note="slept badly")
    saved = cases.save_record(session, None, entry).record
    assert saved.classes["talk"].name == "SENSITIVE"
    with pytest.raises(AddOnlyError):
        cases.save_record(session, saved, saved.edited(contact_note="other"))


def test_changes_carried_to_another_store_give_the_same_records(tmp_path: Path, store: SqlStore) -> None:
    session = make_session(store)
    base = opened(session)
    assert base.id is not None
    agreed(session, base.id)
    cases.save_record(session, None, new_record(PERSON, base.id, label="Person 1", gender="female"))
    other = make_store(tmp_path / "ben.db", BEN)
    changes = list(store.queries.log.changes("1 = 1", (), 1000))
    with other.unit_of_work() as work:
        moved = work.apply(changes)
    with other.unit_of_work() as work:
        assert work.apply(changes) == frozenset()
    assert {kind for kind, _, _ in moved} >= {"CaseFile", "Consent", "Person"}
    assert cases.case_records(other.queries, base.id) == cases.case_records(store.queries, base.id)
    assert [found.id for found in other.queries.search_cases("lind", 10)] == [base.id]


def test_sensitive_register_not_received_is_withheld_not_empty(tmp_path: Path, store: SqlStore) -> None:
    session = make_session(store)
    base = opened(session)
    assert base.id is not None
    agreed(session, base.id)
    entry = new_record(CONTACT, base.id, at=1, topics=("health",), contact_note="slept badly")
    saved = cases.save_record(session, None, entry).record
    other = make_store(tmp_path / "ben.db", BEN)
    with other.unit_of_work() as work:
        work.apply(
            [
                change
                for change in store.queries.log.changes("1 = 1", (), 1000)
                if change.cls.name != "SENSITIVE"
            ]
        )
    assert saved.id is not None
    seen = other.queries.record("Contact", saved.id)
    assert seen is not None
    assert seen.presence(CONTACT, "contact_note") is Presence.WITHHELD
    assert seen.presence(CONTACT, "minutes") is Presence.EMPTY


def test_draft_keeps_its_base_over_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "anna.db"
    store = make_store(path, seed=1)
    session = make_session(store)
    base = opened(session)
    cases.keep_draft(session, Draft("form", base, {"concern": "half a sent"}))
    store.close()
    again = make_store(path, seed=2, create=False)
    kept = again.queries.draft("form")
    assert kept is not None
    assert (kept.base, kept.values) == (base, {"concern": "half a sent"})


def test_two_unlocks_never_use_one_dot_twice(tmp_path: Path) -> None:
    path = tmp_path / "anna.db"
    store = make_store(path, seed=1)
    first = opened(make_session(store))
    store.close()
    second = opened(make_session(make_store(path, seed=2, create=False)))
    assert first.id != second.id
    assert first.text("number") != second.text("number")


def test_history_tells_who_what_when(store: SqlStore) -> None:
    clock = SteeredClock()
    session = make_session(store, clock=clock)
    base = opened(session)
    assert base.id is not None
    edited = cases.save_record(session, base, base.edited(municipality="Bregenz")).record
    history = store.queries.history(base.id, 50)
    last = next(entry for entry in history if entry.register == "opening" and entry.standing)
    first = next(entry for entry in history if entry.register == "opening" and not entry.standing)
    assert (last.author, last.values["municipality"], first.values["municipality"]) == (
        ANNA.id,
        "Bregenz",
        "Lindau",
    )
    assert edited.text("municipality") == "Bregenz"


def test_figures_follow_without_number_or_text(store: SqlStore) -> None:
    session = make_session(store)
    base = opened(session)
    assert figures_service.refresh_due_figures(session) == 1
    assert figures_service.refresh_due_figures(session) == 0
    (figures,) = store.queries.records("Figures", None)
    assert "1:CaseFile.municipality=Lindau" in figures.items("facts")
    assert base.text("number") not in " ".join(figures.items("facts"))


def test_code_of_a_newer_list_stays_when_something_else_is_edited(tmp_path: Path, store: SqlStore) -> None:
    session = make_session(store)
    base = opened(session)
    assert base.id is not None
    changes = list(store.queries.log.changes("1 = 1", (), 100))
    newer = [
        replace(item, value=cbor2.dumps({**cbor2.loads(item.value), "access_route": "drone", "lane": 7}))
        for item in changes
        if item.register == "opening"
    ]
    other = make_store(tmp_path / "ben.db", BEN)
    with other.unit_of_work() as work:
        work.apply([*newer, *(item for item in changes if item.register != "opening")])
    bens = make_session(other, BEN)
    shown = other.queries.record("CaseFile", base.id)
    assert shown is not None
    edited = cases.save_record(bens, shown, shown.edited(municipality="Bregenz")).record
    assert (edited.text("access_route"), edited.text("municipality")) == ("drone", "Bregenz")
    (written,) = other.queries.log.changes("register = 'opening' AND author = ?", (BEN.id,), 5)
    assert cbor2.loads(written.value)["lane"] == 7
    with pytest.raises(ValidationError):
        cases.save_record(bens, edited, edited.edited(access_route="balloon"))
