"""A stand-in's days: who receives what when, under which clock, and who may still write."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.audience import Role
from app.domain.declarations import STAND_IN
from app.domain.dots import Dot
from app.domain.records import new_record
from app.domain.stand_in import StandInMemberError, StandInTimeError
from app.services import cases, stand_ins
from sync.removal.days import note_relay_time, relay_time, today_of
from sync.sending.dispatch import Dispatch
from tests.support.district import District, case_file, edit_case, give_consent, open_case
from tests.support.handovers import relay_says

CONCERN = "Fischteichweg"
TODAY = datetime.now(UTC).astimezone().date()


def day(offset: int) -> str:
    return (TODAY + timedelta(days=offset)).isoformat()


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


def test_a_coordinator_cannot_be_named(three: District) -> None:
    three.join("cora", Role.COORDINATOR)
    case = open_case(three["anna"], CONCERN)
    three.round("anna", "sina")
    sina, cora = three["sina"].session, three.member("cora")
    with pytest.raises(StandInMemberError):
        stand_ins.name_stand_in(sina, case, cora, day(0), "", "holiday")
    entry = new_record(STAND_IN, stand_in=cora, stand_in_since=day(0))
    done = stand_ins.name_for_all(sina, three.member("anna"), entry, lambda *_: None, lambda: False)
    assert [type(item.error) for item in done.refused] == [StandInMemberError]


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


@pytest.mark.parametrize("days", [-400, 400])
def test_what_was_sealed_under_a_wrong_clock_reaches_the_stand_in_when_it_is_right_again(
    three: District, days: int
) -> None:
    case = stood_in(three, -3, 10)
    three.people["anna"].clock.move(days=days)
    edit_case(three["anna"], case, concern="unter falscher Uhr")
    three.round("anna", "ben")
    assert case_file(three["ben"], case).text("concern") == CONCERN
    three.people["anna"].clock.move(days=-days)
    three.round("anna", "ben")
    assert case_file(three["ben"], case).text("concern") == "unter falscher Uhr"


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


def changes_of(district: District, name: str, case: Dot) -> int:
    """How many changes of a case file a device holds: 0 when it has let go of it."""
    work = district[name].session.store.queries
    return len(work.history(case, 1000))


def pass_days(district: District, days: int) -> None:
    for name, person in district.people.items():
        person.clock.move(days=days)
        relay_says(district, name, days)


def test_after_their_days_a_stand_ins_computer_lets_go_of_the_case_file(three: District) -> None:
    case = stood_in(three, -3, 1)
    edit_case(three["ben"], case, recognition_word="Apfelbaum")
    three.round("ben", "anna", "sina")
    pass_days(three, 2)
    three.round("sina", "ben", "anna", "sina", "ben")
    assert has(three, "ben", case)
    pass_days(three, 15)
    three.round("ben")
    assert changes_of(three, "ben", case) == 0
    assert case_file(three["anna"], case).text("recognition_word") == "Apfelbaum"


def test_what_a_stand_in_has_not_sent_yet_is_never_erased(three: District) -> None:
    case = stood_in(three, -3, 1)
    pass_days(three, 2)
    three.round("sina", "ben")
    three.people["ben"].clock.move(days=-2)
    edit_case(three["ben"], case, recognition_word="Apfelbaum")
    three.people["ben"].clock.move(days=2)
    pass_days(three, 15)
    three["ben"].orders.finish()
    assert changes_of(three, "ben", case) > 0
    three.round("ben", "anna", "sina", "ben", "ben")
    assert case_file(three["sina"], case).text("recognition_word") == "Apfelbaum"


def test_named_again_a_stand_in_has_everything_again(three: District) -> None:
    case = stood_in(three, -3, 1)
    pass_days(three, 2)
    three.round("sina", "ben")
    pass_days(three, 15)
    three.round("ben", "anna", "sina", "ben")
    assert changes_of(three, "ben", case) == 0
    stand_ins.name_stand_in(three["sina"].session, case, three.member("ben"), day(17), day(20), "illness")
    three.round("sina", "anna", "anna", "ben")
    assert has(three, "ben", case)
    assert len(three["ben"].session.store.queries.records("Consent", case)) == 2


def test_a_clients_no_ends_the_supervisors_access_and_a_later_yes_brings_everything_back(
    three: District,
) -> None:
    case = open_case(three["anna"], CONCERN)
    three.round("anna", "sina", "anna")
    give_consent(three["anna"], case, "consent", supervision_item="no")
    three.round("anna", "sina", "anna")
    pass_days(three, 15)
    three.round("sina", "sina")
    assert changes_of(three, "sina", case) == 0
    give_consent(three["anna"], case, "consent", supervision_item="yes")
    three.round("anna", "anna", "sina")
    assert has(three, "sina", case)
