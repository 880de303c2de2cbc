"""A family that fell apart: who read a case file only by it lets go, and has it again with the family."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.declarations import ATTACHMENT, CONTACT
from app.domain.dots import Dot
from app.domain.handover import HANDOVER
from app.domain.records import new_record
from app.services import attachments, case_merging, cases, handovers, stand_ins
from app.services.assignments import AccessEndedError
from app.services.ended_reading import Ended, Why, why_not_read
from app.services.handovers import Terms
from app.services.ports import Draft
from tests.support.belonging import REASON, labels, merge, with_merged_files
from tests.support.district import District, add, case_file, edit_case, give_consent
from tests.support.handovers import pass_days, relay_says
from tests.support.templates import Templates
from tests.sync.removal.test_ended_access import held

EVERYBODY = ("sina", "anna", "ben")


@pytest.fixture
def family(tmp_path: Path, templates: Templates) -> Iterator[tuple[District, Dot, Dot]]:
    """anna's case file (Person A) and ben's (Person B), which sina said to be one; all know."""
    with templates.copy(tmp_path / "district", with_merged_files) as (founded, told):
        yield founded, *told


def part(district: District, source: Dot) -> None:
    sina = district["sina"]
    case_merging.part_case_files(sina.session, case_file(sina, source), REASON)
    for _ in range(2):
        district.round(*EVERYBODY)


def days_go_by(district: District, days: int = 15) -> None:
    pass_days(district, days)
    for name in EVERYBODY:
        relay_says(district, name, days)


def why(district: District, name: str, case: Dot) -> Ended | None:
    session = district[name].session
    return why_not_read(session, session.store.queries, case)


def holding(district: District, case: Dot) -> list[str]:
    return [name for name in EVERYBODY if held(district, name, case)]


def test_after_14_days_by_both_clocks_only_those_hold_it_who_read_it(
    family: tuple[District, Dot, Dot],
) -> None:
    district, hers, his = family
    edit_case(district["ben"], hers, concern="Von Ben")
    district.round("ben", "sina", "anna", "ben")
    part(district, hers)
    assert [holding(district, case) for case in (hers, his)] == [list(EVERYBODY)] * 2
    pass_days(district, 15)
    assert district["ben"].orders.follow_ended_access() == ()
    relay_says(district, "ben", 15)
    assert district["ben"].orders.follow_ended_access() == (hers,)
    assert district["ben"].orders.carry_out(), "the last traces go, and backups are made anew"
    assert [loss.gone for loss in district["ben"].orders.losses()] == [1], "and the person is told"
    district["ben"].orders.note_losses_seen()
    assert district["ben"].orders.losses() == ()
    relay_says(district, "anna", 15)
    relay_says(district, "sina", 15)
    district.round(*EVERYBODY)
    assert [holding(district, case) for case in (hers, his)] == [["sina", "anna"], ["sina", "ben"]]
    assert case_file(district["anna"], hers).text("concern") == "Von Ben"


def test_the_person_is_told_before_when_it_goes(family: tuple[District, Dot, Dot]) -> None:
    district, hers, his = family
    part(district, hers)
    told = why(district, "ben", hers)
    assert told is not None
    assert (told.why, bool(told.since), bool(told.goes)) == (Why.FAMILY, True, True)
    assert [why(district, "ben", his), why(district, "sina", hers), why(district, "anna", hers)] == [None] * 3
    with pytest.raises(AccessEndedError):
        edit_case(district["ben"], hers, concern="Zu spät")


def test_what_was_written_and_not_yet_read_by_all_keeps_it(family: tuple[District, Dot, Dot]) -> None:
    district, hers, _his = family
    edit_case(district["ben"], hers, concern="Von Ben")
    district.round("ben")
    part_seen_by_ben(district, hers)
    days_go_by(district)
    assert district["ben"].orders.follow_ended_access() == ()
    assert held(district, "ben", hers)
    district.round("anna", "sina", "ben")
    assert not held(district, "ben", hers)
    assert case_file(district["anna"], hers).text("concern") == "Von Ben"


def part_seen_by_ben(district: District, source: Dot) -> None:
    sina = district["sina"]
    case_merging.part_case_files(sina.session, case_file(sina, source), REASON)
    district.round("sina", "ben")


def test_what_comes_after_all_begins_the_time_anew(family: tuple[District, Dot, Dot]) -> None:
    district, hers, _his = family
    part_seen_by_ben(district, hers)
    days_go_by(district, 10)
    edit_case(district["anna"], hers, concern="Anna weiß es noch nicht")
    district.round("anna", "ben")
    days_go_by(district, 10)
    assert district["ben"].orders.follow_ended_access() == ()
    days_go_by(district, 5)
    assert district["ben"].orders.follow_ended_access() == (hers,)


@pytest.mark.parametrize("gone", [False, True])
def test_a_family_that_is_one_again_is_told_whole(family: tuple[District, Dot, Dot], gone: bool) -> None:
    district, hers, his = family
    part(district, hers)
    edit_case(district["anna"], hers, concern="Während sie getrennt waren")
    district.round(*EVERYBODY)
    if gone:
        days_go_by(district)
        district.round(*EVERYBODY)
        assert not held(district, "ben", hers)
    merge(district["sina"], his, hers)
    for _ in range(3):
        district.round(*EVERYBODY)
    ben = district["ben"]
    assert set(ben.session.store.queries.case_group(his)) == {hers, his}
    assert case_file(ben, hers).text("concern") == "Während sie getrennt waren"
    assert labels(ben, hers) == ["Person A", "Person B"]
    assert why(district, "ben", hers) is None


def test_whoever_is_named_later_is_told_whole(family: tuple[District, Dot, Dot]) -> None:
    district, hers, _his = family
    part(district, hers)
    days_go_by(district)
    district.round(*EVERYBODY)
    assert not held(district, "ben", hers)
    stand_ins.name_stand_in(
        district["sina"].session, hers, district.member("ben"), "2026-01-01", "", "illness"
    )
    for _ in range(3):
        district.round(*EVERYBODY)
    assert labels(district["ben"], hers) == ["Person A"]


def test_whoever_takes_it_over_later_is_told_whole(family: tuple[District, Dot, Dot]) -> None:
    district, hers, _his = family
    part(district, hers)
    days_go_by(district)
    district.round(*EVERYBODY)
    assert not held(district, "ben", hers)
    terms = Terms(district.member("ben"), "area", client_agreed=True, identity_data="none")
    handovers.ask(district["anna"].session, hers, terms)
    district.round("anna", "ben", "anna", "ben")
    (asked,) = district["ben"].session.store.queries.records(HANDOVER.name, hers)
    handovers.accept(district["ben"].session, asked)
    for _ in range(3):
        district.round(*EVERYBODY)
    assert labels(district["ben"], hers) == ["Person A"]


def test_who_was_ever_named_there_keeps_it(family: tuple[District, Dot, Dot]) -> None:
    district, hers, _his = family
    stand_ins.name_stand_in(
        district["sina"].session, hers, district.member("ben"), "2026-01-01", "", "illness"
    )
    district.round(*EVERYBODY)
    part(district, hers)
    days_go_by(district)
    district.round(*EVERYBODY)
    assert held(district, "ben", hers)
    add(district["ben"], "Person", hers, label="Person C")


@pytest.mark.parametrize("kind", ["draft", "attachment"])
def test_what_lies_nowhere_else_keeps_it(
    family: tuple[District, Dot, Dot], tmp_path: Path, kind: str
) -> None:
    district, hers, _his = family
    session = district["ben"].session
    if kind == "draft":
        fresh = new_record(CONTACT, hers)
        cases.keep_draft(session, Draft("Contact/new", fresh, {"contact_note": "Kommt wieder"}))
    else:
        letter = tmp_path / "letter.txt"
        letter.write_bytes(b"Brief")
        attachments.add(session, hers, letter, "letter", "", lambda _done, _total: None, lambda: False)
    part(district, hers)
    days_go_by(district)
    district.round(*EVERYBODY)
    assert held(district, "ben", hers)
    if kind == "draft":
        cases.drop_draft(session, "Contact/new")
    else:
        (letter_here,) = session.store.queries.records(ATTACHMENT.name, hers)
        attachments.remove(session, letter_here, "Abgeheftet")
        days_go_by(district)
    district.round("ben")
    assert not held(district, "ben", hers)


def test_what_nobody_else_is_cleared_for_keeps_it(family: tuple[District, Dot, Dot]) -> None:
    district, hers, _his = family
    secret = {"at": 1, "contact_kind": "client", "topics": ("health",), "contact_note": "nur bei Ben"}
    give_consent(district["anna"], hers, "consent", supervision_item="no")
    for _ in range(2):
        district.round("anna", "ben")
    ben = district["ben"]
    add(ben, "Contact", hers, **secret)  # type: ignore[arg-type]  # values of the declaration
    case_merging.part_case_files(ben.session, case_file(ben, hers), REASON)
    for _ in range(2):
        district.round("ben", "anna")
    days_go_by(district)
    district.round(*EVERYBODY)
    assert held(district, "ben", hers)
