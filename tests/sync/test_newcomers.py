"""Who may read a case file from now on is told its state at once, others' changes with their proofs."""

from __future__ import annotations

from app.domain.audience import Role
from app.domain.dots import Dot
from app.services import cases, stand_ins
from sync.workplace import Workplace
from tests.support.district import District, case_file, edit_case, give_consent, open_case, stored


def name_stand_in(place: Workplace, case: Dot, member: int) -> None:
    give_consent(place, case, "consent", stand_in_item="yes", supervision_item="yes")
    stand_ins.name_stand_in(place.session, case, member, "2020-11-02", "", "holiday")


def test_new_supervisor_is_told_what_an_absent_stand_in_wrote(district: District) -> None:
    district.join("ben")
    district.join("sven", Role.SUPERVISOR)
    district.round()
    district.round()
    anna, ben, sven = district["anna"], district["ben"], district["sven"]
    case = open_case(anna, "von Anna")
    name_stand_in(anna, case, district.member("ben"))
    district.round("anna", "ben")
    edit_case(ben, case, concern="von Ben", recognition_word="Storch")
    edit_case(ben, case, concern="noch einmal von Ben")
    district.round("ben", "anna")
    district.people["ben"].lock()

    base = case_file(anna, case)
    cases.save_record(anna.session, base, base.edited(supervision=district.member("sven")))
    district.round("anna")
    report = district.round("sven")

    assert report.states == 1
    record = case_file(sven, case)
    assert (record.text("concern"), record.text("recognition_word")) == ("noch einmal von Ben", "Storch")
    assert sven.session.store.queries.conflicts(5) == ()
    assert sven.status().parcels == ()
    assert stored(sven, "SELECT count(*) FROM attested WHERE member <> ?", 0) == stored(
        sven, "SELECT count(*) FROM attested JOIN change USING (dot, twin) WHERE author = attested.member"
    )

    edit_case(district["ben"], case, concern="danach von Ben")
    district.round("ben", "sven", "anna", "ben", "sven")
    assert case_file(sven, case).text("concern") == "danach von Ben"
    assert sven.status().parcels == ()
    edit_case(sven, case, concern="vom Supervisor")
    district.round("sven", "anna", "sina", "ben")
    assert case_file(anna, case).text("concern") == "vom Supervisor"
    assert anna.session.store.queries.conflicts(5) == ()


def test_own_changes_within_a_state_are_not_sent_once_more(district: District) -> None:
    district.join("sven", Role.SUPERVISOR)
    district.round()
    district.round()
    anna = district["anna"]
    case = open_case(anna, "eins")
    for number in range(20):
        edit_case(anna, case, concern=f"Fassung {number}")
    district.round("anna")
    give_consent(anna, case, "consent", supervision_item="yes")
    base = case_file(anna, case)
    cases.save_record(anna.session, base, base.edited(supervision=district.member("sven")))
    district.round("anna")
    report = district.round("sven")
    assert report.states == 1
    told = district["sven"].session.store.queries.history(case, 100)
    assert [entry.values["concern"] for entry in told if entry.register == "concern"] == ["Fassung 19"]


def test_who_is_shut_out_wrote_for_a_stand_in_whom_they_do_not_know(district: District) -> None:
    district.join("ben")
    district.round()
    district.round()
    sina, anna = district["sina"], district["anna"]
    case = open_case(anna, "von Anna")
    name_stand_in(anna, case, district.member("ben"))
    district.round("anna", "sina", "ben")
    give_consent(anna, case, "consent", stand_in_item="no", supervision_item="yes")
    district.round("anna", "sina", "ben", "anna")

    edit_case(sina, case, concern="von Sina")
    district.round("sina")
    give_consent(anna, case, "consent", stand_in_item="yes", supervision_item="no")
    district.round("anna", "anna", "ben")
    assert case_file(district["ben"], case).text("concern") == "von Sina"

    edit_case(sina, case, concern="noch einmal von Sina")
    district.round("sina", "anna", "anna", "ben")
    assert case_file(district["ben"], case).text("concern") == "noch einmal von Sina"
    assert district["ben"].status().parcels == ()
    assert district.round("anna").envelopes_up == 0
