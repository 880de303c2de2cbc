"""A stand-in's days: who receives what when, under which clock, and who may still write."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.domain.dots import Dot
from app.domain.stand_in import StandInTimeError
from app.services import cases, stand_ins
from sync.days import note_relay_time, relay_time, today_of
from sync.dispatch import Dispatch
from sync.relay.server import RelayServer
from tests.support.district import District, case_file, edit_case, open_case

CONCERN = "Fischteichweg"
TODAY = datetime.now(UTC).astimezone().date()


def day(offset: int) -> str:
    return (TODAY + timedelta(days=offset)).isoformat()


@pytest.fixture
def three(tmp_path: Path, shared_relay: RelayServer) -> Iterator[District]:
    with District.found(tmp_path / "district", str(tmp_path), relay=shared_relay) as founded:
        founded.join("anna")
        founded.join("ben")
        founded.round("sina", "anna", "ben", "sina", "anna")
        yield founded


def stood_in(district: District, since: int, until: int | None) -> Dot:
    """A case file of anna's in which sina named ben, some days from today to some days from today."""
    case = open_case(district["anna"], CONCERN)
    district.round("anna", "sina")
    end = "" if until is None else day(until)
    stand_ins.name_stand_in(
        district["sina"].session, case, district.member("ben"), day(since), end, "holiday"
    )
    district.round("sina", "anna", "ben")
    return case


def has(district: District, name: str, case: Dot) -> bool:
    record = district[name].session.store.queries.record("CaseFile", case)
    return record is not None and record.text("concern") != ""


def relay_says(district: District, name: str, days: int) -> None:
    engine = district[name]._engine
    with engine.office.transaction() as post:
        heard = relay_time(post)
        assert heard is not None
        note_relay_time(post, heard + days * 86_400_000)


def test_a_stand_in_receives_the_case_file_on_the_days_named(three: District) -> None:
    assert has(three, "ben", stood_in(three, 0, 14))


def test_before_the_first_day_nothing_goes(three: District) -> None:
    assert not has(three, "ben", stood_in(three, 3, 14))


def test_on_the_first_day_all_goes_by_itself(three: District) -> None:
    case = stood_in(three, 3, 14)
    three.people["anna"].clock.move(days=3)
    relay_says(three, "anna", 3)
    three.round("anna", "ben")
    assert has(three, "ben", case)


def test_a_clock_that_runs_ahead_begins_nothing_early(three: District) -> None:
    case = stood_in(three, 3, 14)
    three.people["anna"].clock.move(days=5)
    edit_case(three["anna"], case, concern="noch nicht für Ben")
    three.round("anna", "ben")
    assert not has(three, "ben", case)


def test_after_the_last_day_nothing_new_goes(three: District) -> None:
    case = stood_in(three, -10, -1)
    assert not has(three, "ben", case)


def test_the_last_day_belongs_to_the_stand_in(three: District) -> None:
    assert has(three, "ben", stood_in(three, -10, 0))


def test_a_clock_that_is_slow_prolongs_nothing(three: District) -> None:
    case = stood_in(three, -10, 2)
    assert has(three, "ben", case)
    relay_says(three, "anna", 3)
    edit_case(three["anna"], case, concern="nach der Vertretung")
    three.round("anna", "ben")
    assert case_file(three["ben"], case).text("concern") == CONCERN


def test_an_early_end_stops_what_is_not_sent_yet(three: District) -> None:
    case = stood_in(three, -3, 10)
    edit_case(three["anna"], case, concern="noch im Ausgang")
    Dispatch(three["anna"]._engine).seal()
    (entry,) = three["anna"].session.store.queries.records("StandIn", case)
    cases.save_record(three["anna"].session, entry, entry.edited(stand_in_until=day(-1)))
    three.round("anna", "ben")
    assert case_file(three["ben"], case).text("concern") == CONCERN


def test_a_stand_in_writes_under_their_own_name_and_no_longer_after_their_days(three: District) -> None:
    case = stood_in(three, -3, 1)
    edit_case(three["ben"], case, concern="von Ben")
    (entry,) = three["ben"].session.store.queries.history(case, 1)
    assert entry.author == three.member("ben")
    three.people["ben"].clock.move(days=2)
    with pytest.raises(StandInTimeError) as refused:
        edit_case(three["ben"], case, concern="zu spät")
    assert refused.value.params == {"until": day(1)}


def test_what_a_stand_in_wrote_in_time_arrives_after_their_days_and_counts(three: District) -> None:
    case = stood_in(three, -3, 1)
    edit_case(three["ben"], case, concern="rechtzeitig geschrieben")
    for name in ("anna", "ben"):
        three.people[name].clock.move(days=5)
        relay_says(three, name, 5)
    three.round("ben", "anna", "sina")
    assert case_file(three["anna"], case).text("concern") == "rechtzeitig geschrieben"
    assert case_file(three["sina"], case).text("concern") == "rechtzeitig geschrieben"


def test_a_relay_that_is_set_back_turns_no_day_back(three: District) -> None:
    engine = three["anna"]._engine
    with engine.office.transaction() as post:
        heard = relay_time(post)
        assert heard is not None
        assert not note_relay_time(post, heard - 86_400_000)
        assert relay_time(post) == heard
        assert note_relay_time(post, heard + 86_400_000)
        assert today_of(engine, post).latest > today_of(engine, post).earliest


def test_where_no_relay_was_ever_heard_the_own_clock_counts(three: District) -> None:
    engine = three["anna"]._engine
    with engine.office.transaction() as post:
        post.rounds.put_state("relay_time", None)
        three.people["anna"].clock.move(days=7)
        assert today_of(engine, post).earliest == today_of(engine, post).latest == day(7)
