"""A further record type costs one declaration: stored, searched, merged, exported by it alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.declarations import CONSENT, REGISTRY
from app.domain.dots import Dot
from app.domain.records import new_record
from app.domain.schema import RecordType
from app.services import cases, merging
from app.services.ports import Session
from app.storage.store import SqlStore
from tests.support.ports import BEN
from tests.support.referral import declare_referral
from tests.support.stores import make_session, make_store


@pytest.fixture
def referral() -> Iterator[RecordType]:
    yield declare_referral()
    REGISTRY.withdraw("Referral")


def test_referral_declared_is_stored_searched_merged_and_exported(
    tmp_path: Path, referral: RecordType
) -> None:
    store, other = make_store(tmp_path / "a.db"), make_store(tmp_path / "b.db", BEN)
    session, bens = make_session(store), make_session(other, BEN)
    case = _open_case(session)
    saved = cases.save_record(
        session,
        None,
        new_record(referral, case, direction="out", organisation="Jugendamt", purpose="Kita-Platz"),
    ).record

    assert [found.id for found in store.queries.search_cases("jugend", 5)] == [case]

    _carry(store, other)
    first = cases.save_record(session, saved, saved.edited(referral_status="accepted")).record
    shown = other.queries.records("Referral", case)[0]
    cases.save_record(bens, shown, shown.edited(referral_status="declined"))
    _carry(other, store)
    (conflict,) = store.queries.conflicts(5)
    assert {head.values["referral_status"] for head in conflict.heads} == {"accepted", "declined"}
    merging.take_head(session, conflict, conflict.heads[0], "by phone")
    assert store.queries.conflicts(5) == ()

    exported = [item for item in cases.export_case(store.queries, case) if item["type"] == "Referral"]
    assert [item["id"] for item in exported] == [str(first.id)]
    assert exported[0]["values"] == {
        "case_file": str(case),
        "direction": "out",
        "organisation": "Jugendamt",
        "purpose": "Kita-Platz",
        "referral_status": conflict.heads[0].values["referral_status"],
    }


def test_field_added_later_is_a_column_and_old_records_stay(tmp_path: Path, referral: RecordType) -> None:
    path = tmp_path / "a.db"
    store = make_store(path, seed=1)
    case = _open_case(make_session(store))
    saved = cases.save_record(
        make_session(store),
        None,
        new_record(referral, case, direction="in", organisation="Schule", purpose="x"),
    ).record
    store.close()
    REGISTRY.withdraw("Referral")
    declare_referral(with_reference=True)
    again = make_store(path, seed=2, create=False)
    (found,) = again.queries.records("Referral", case)
    assert found == saved
    edited = cases.save_record(make_session(again), found, found.edited(reference="R-7")).record
    assert (edited.text("reference"), edited.text("organisation")) == ("R-7", "Schule")


def test_type_unknown_here_is_stored_and_passed_on_untouched(tmp_path: Path, referral: RecordType) -> None:
    store, old = make_store(tmp_path / "a.db"), make_store(tmp_path / "b.db", BEN)
    case = _open_case(make_session(store))
    new = new_record(referral, case, direction="out", organisation="Jugendamt", purpose="Kita")
    saved = cases.save_record(make_session(store), None, new).record
    REGISTRY.withdraw("Referral")
    _carry(store, old)
    declare_referral()
    third = make_store(tmp_path / "c.db", BEN, seed=3)
    _carry(old, third)
    assert third.queries.records("Referral", case) == (saved,)


def _open_case(session: Session) -> Dot:
    form = cases.new_case_file(session).edited(municipality="Lindau")
    case = cases.open_case_file(session, form).record.id
    assert case is not None
    for kind in ("sheet", "consent"):
        entry = new_record(CONSENT, case, consent_kind=kind, given_on="2026-11-02", consent_form="oral")
        cases.save_record(session, None, entry)
    return case


def _carry(source: SqlStore, target: SqlStore) -> None:
    changes = list(source.queries.log.changes("1 = 1", (), 10_000))
    with target.unit_of_work() as work:
        work.apply(changes)
