"""The whole way by the services: a case file, a stand-in, two answers to one question, a decision."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest

from app.domain.declarations import CONSENT
from app.domain.dots import Dot
from app.domain.records import Record, new_record
from app.services import cases, merging, stand_ins
from app.services.ports import Session
from tests.audit.summary import audit
from tests.support.forks import ForkedRelay
from tests.support.invented.district import InventedDistrict, build_district
from tests.support.invented.people import ANNA, BEN, CORA, DORA, SINA, SVEN
from tests.support.invented.run import write_run
from tests.support.keys import CHEAP

OWN_WORDS = "Schwimmabzeichen Zahnspange Klassenfahrt Monatskarte Kopiergeld"
SEED = "first day"


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InventedDistrict]:
    folder = tmp_path_factory.mktemp("run")
    (folder / "home").mkdir()
    began = time.time()
    with build_district(
        folder / "home", SEED, case_files=6, notes=2, cost=CHEAP, relay_server=ForkedRelay
    ) as built:
        _play(built)
        write_run(built, folder, began, ["home"])
        yield built


def test_all_of_a_case_manager_is_with_the_ki(district: InventedDistrict) -> None:
    for person, supervisor in ((ANNA, SINA), (BEN, SINA), (DORA, SVEN)):
        own = district[person].session.store.queries.case_count()
        delivery = district[person].status().delivery
        assert (delivery.waiting, delivery.at_relay) == (0, 0)
        assert own >= 2
        for status in (district[person].status(), district[supervisor].status()):
            assert (status.parcels, status.gaps) == ((), ())


def test_coordinator_holds_figures_and_no_case_file(district: InventedDistrict) -> None:
    queries = district[CORA].session.store.queries
    assert queries.case_count() == 0
    assert len(queries.records("Figures", None)) == 7


def test_decision_stands_alone_on_three_devices(district: InventedDistrict) -> None:
    for person in (ANNA, BEN, SINA):
        queries = district[person].session.store.queries
        (case,) = queries.search_cases("Schwimmabzeichen", 5)
        assert case.text("concern").endswith("(Anna und Ben)")
        assert (case.conflicts, queries.conflicts(5)) == (frozenset(), ())


def test_audit_counts_the_day_and_finds_no_leak(district: InventedDistrict) -> None:
    district.close_places()
    summary, complaints = audit(district.folder.parent)
    assert complaints == []
    counted = {
        name: summary[name] for name in ("case_files", "devices", "conflicts_found", "conflicts_decided")
    }
    assert counted == {"case_files": 7, "devices": 6, "conflicts_found": 1, "conflicts_decided": 1}
    found = {name: summary[name] for name in ("decision_back_on", "plaintext_hits", "coordinator_hits")}
    assert found == {"decision_back_on": 2, "plaintext_hits": 0, "coordinator_hits": 0}
    assert summary["control_hits"] >= 6
    assert 0 < summary["bytes_up"] < summary["bytes_down"]


def test_audit_finds_a_word_that_leaked(district: InventedDistrict) -> None:
    district.close_places()
    leak = district.folder / "note.txt"
    leak.write_bytes("Klassenfahrt".encode("utf-16-le"))
    summary, complaints = audit(district.folder.parent)
    leak.unlink()
    assert summary["plaintext_hits"] == 1
    assert complaints == [f"words of case files stand in {leak}: 1"]


def test_summary_has_the_names_of_the_issue(district: InventedDistrict) -> None:
    district.close_places()
    names = (
        "case_files devices envelopes_up bytes_up bytes_down conflicts_found conflicts_decided"
        " decision_back_on plaintext_hits control_hits coordinator_hits seconds"
    )
    summary, _ = audit(district.folder.parent)
    assert json.loads(json.dumps(list(summary))) == names.split()


def _play(district: InventedDistrict) -> None:
    anna, ben, sina = (district[person].session for person in (ANNA, BEN, SINA))
    case = _open_case(anna)
    district.run_rounds([ANNA, SINA])
    ben_id = next(member.id for member in sina.members.members() if member.name == BEN.name)
    stand_ins.name_stand_in(sina, case, ben_id, "2026-11-02", "", "holiday")
    district.run_rounds([SINA, ANNA, BEN])
    for session, ending in ((anna, "(Anna)"), (ben, "(Ben)")):
        shown = _case(session, case)
        cases.save_record(session, shown, shown.edited(concern=f"{OWN_WORDS} {ending}"))
    district.run_rounds([ANNA, BEN, SINA])
    (conflict,) = sina.store.queries.conflicts(5)
    merging.decide(sina, conflict, {"concern": f"{OWN_WORDS} (Anna und Ben)"}, "beide gefragt")
    district.run_rounds([SINA, ANNA, BEN, CORA, SVEN, SINA, DORA, ANNA, BEN])


def _open_case(session: Session) -> Dot:
    form = cases.new_case_file(session).edited(municipality="Talheim", speaks=("uk",))
    case = cases.open_case_file(session, form).record
    given = {"given_on": "2026-11-02", "text_version": "1.0", "text_language": "uk"}
    sheet = new_record(CONSENT, case.id, consent_kind="sheet", consent_form="handed", **given)
    items = {"supervision_item": "yes", "stand_in_item": "yes"}
    consent = new_record(CONSENT, case.id, consent_kind="consent", consent_form="signed", **given, **items)
    for entry in (sheet, consent):
        cases.save_record(session, None, entry)
    cases.save_record(session, case, case.edited(concern=OWN_WORDS))
    assert case.id is not None
    return case.id


def _case(session: Session, case: Dot) -> Record:
    found = session.store.queries.record("CaseFile", case)
    assert found is not None
    return found
