"""What follows for others when case files become one, fall apart, or somebody leaves and returns."""

from __future__ import annotations

import pytest

from app.domain.dots import Dot
from app.domain.records import Record
from app.services import case_splitting
from sync.sending.own_channels import Channels
from sync.sending.telling import Telling
from sync.taking.asking import state_wanted
from sync.workplace import Workplace
from tests.support.district import District, add, case_file, edit_case, give_consent, open_case

REASON = "Die Klientin hat zugestimmt"


def identity(record: Record) -> Dot:
    assert record.id is not None
    return record.id


def merge(place: Workplace, source: Dot, into: Dot) -> None:
    joined = place.joined_files
    joined.merge(joined.plan(source, into), REASON)


def stand_in(district: District, at: str, case: Dot, who: str) -> None:
    add(district[at], "StandIn", case, stand_in=district.member(who), stand_in_since="2026-01-01")


@pytest.fixture
def two(district: District) -> tuple[District, Dot, Dot]:
    """anna's case file and ben's, each with the other as stand-in; sina supervises both."""
    district.join("ben")
    district.round("sina", "anna", "ben", "sina")
    hers, his = open_case(district["anna"], "eins"), open_case(district["ben"], "zwei")
    stand_in(district, "anna", hers, "ben")
    stand_in(district, "ben", his, "anna")
    for _ in range(2):
        district.round("anna", "ben", "sina")
    return district, hers, his


def test_who_was_shut_out_of_a_family_is_told_what_was_missed_when_it_falls_apart(
    two: tuple[District, Dot, Dot],
) -> None:
    district, hers, his = two
    anna, ben, sina = district["anna"], district["ben"], district["sina"]
    give_consent(anna, hers, "consent", supervision_item="no")
    district.round("anna", "ben", "sina")
    merge(anna, his, hers)
    merge(ben, hers, his)
    edit_case(anna, his, concern="ohne Aufsicht geschrieben")
    for _ in range(3):
        district.round("anna", "ben", "sina")
    assert sina.session.store.queries.case_group(his) == (his,)
    assert case_file(sina, his).text("concern") == "ohne Aufsicht geschrieben"


def test_a_word_about_somebody_who_is_not_known_holds_up_nothing_else(
    two: tuple[District, Dot, Dot],
) -> None:
    district, hers, his = two
    anna, carl = district["anna"], district.join("carl")
    add(anna, "Person", hers, label="Person 1")
    leaves = identity(add(anna, "Person", hers, label="Person 2"))
    stand_in(district, "ben", his, "carl")
    for _ in range(2):
        district.round("sina", "anna", "ben", "carl")
    done = case_splitting.split_case_file(anna.session, hers, [leaves], {}, REASON)
    begun = identity(done.case_file)
    merge(anna, his, begun)
    case_splitting.take_back(anna.session, hers, done.entry, REASON)
    for _ in range(2):
        district.round("anna", "ben", "carl")
    assert carl.session.store.queries.record("Person", leaves) is None
    assert set(carl.session.store.queries.case_group(his)) == {his, begun}
    engine, member = anna._engine, district.member("carl")
    with engine.office.transaction() as post:
        new = frozenset({member})
        Telling(engine, Channels(engine)).tell_newcomer(post, member, {hers: new, begun: new})
        parts = [post.asking.changes_in_state(item) for item in post.out.unsent_places()]
    assert [{item.record for item in part} for part in parts if leaves in {it.record for it in part}] == [
        {leaves}
    ]
    # A further computer asks everybody for everything, and is content once it was told all it may read.
    second = district.join_again("carl2", "carl")
    district.round("sina", "ben", "anna", "carl", "carl2")
    for _ in range(3):
        district.round("carl2", "sina", "ben", "anna", "carl")
    district.round("carl2")
    assert set(second.session.store.queries.case_group(his)) == {his, begun}
    with second._engine.office.transaction() as post:
        assert state_wanted(post) is None
