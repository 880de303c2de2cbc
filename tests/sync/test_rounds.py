"""Rounds of real devices with a real relay: what arrives, what does not, and what is said of it."""

from time import monotonic

import pytest

from app.domain.audience import Role
from app.domain.declarations import WITHDRAWAL
from app.domain.dots import Dot
from app.domain.records import new_record
from app.services import cases, merging, stand_ins
from app.services.ports import Delivery
from sync.carriers import RoundCancelledError
from sync.carriers.http import RelayUnreachableError
from sync.workplace import Workplace
from tests.support.district import (
    District,
    add,
    case_file,
    edit_case,
    give_consent,
    open_case,
    run_round,
    stored,
)
from tests.support.forks import ForkedRelay
from tests.support.parcels import give_directly, hand_over, sealed_items, take_next_place

SECRET = "Fischteichweg"


def counts(delivery: Delivery) -> tuple[int, int, int]:
    return delivery.waiting, delivery.at_relay, delivery.with_ki


def texts_of(place: Workplace) -> bytes:
    """Everything that a device's store holds, decrypted."""
    rows = []
    for (name,) in stored(place, "SELECT name FROM sqlite_schema WHERE type = 'table'"):
        rows += stored(place, f'SELECT * FROM "{name}"')  # noqa: S608 - its own names
    cells = (cell for row in rows for cell in row)
    return b"\n".join(cell if isinstance(cell, bytes) else str(cell).encode() for cell in cells)


def name_stand_in(place: Workplace, case: Dot, member: int) -> None:
    give_consent(place, case, "consent", stand_in_item="yes")
    stand_ins.name_stand_in(place.session, case, member, "2026-11-02", "", "holiday")


def test_a_case_file_reaches_its_supervisor(district: District) -> None:
    case = open_case(district["anna"], SECRET)
    district.round("anna", "sina")
    assert case_file(district["sina"], case).text("concern") == SECRET


def test_delivery_goes_from_waiting_over_the_relay_to_the_ki(district: District) -> None:
    anna = district["anna"]
    case = open_case(anna)
    waiting = anna.session.store.queries.delivery(case)
    assert counts(waiting) == (10, 0, 0)
    district.round("anna")
    assert counts(anna.session.store.queries.delivery(case)) == (0, 10, 0)
    district.round("sina", "sina", "anna")
    signed = anna.session.store.queries.delivery(case)
    assert counts(signed) == (0, 0, 10)
    assert signed.ki_signed_at_ms is not None


def test_a_round_with_little_to_do_is_one_exchange(district: District) -> None:
    anna = district["anna"]
    open_case(anna)
    first = district.round("anna")
    assert (first.requests, first.envelopes_up) == (1, 1)
    district.round("anna")
    again = district.round("anna")
    assert (again.requests, again.envelopes_up, again.bytes_up < 100) == (1, 0, True)


def test_a_round_after_unlocking_again_is_one_exchange(district: District) -> None:
    district.people["anna"].lock()
    assert district.round("anna").requests == 1


def test_a_coordinator_never_receives_text_of_a_case_file(district: District) -> None:
    district.join("cora", Role.COORDINATOR)
    district.round()
    open_case(district["anna"], SECRET)
    district.round()
    district.round()
    assert SECRET.encode() in texts_of(district["sina"])
    assert SECRET.encode() not in texts_of(district["cora"])
    assert len(district["cora"].session.store.queries.records("Figures", None)) == 1


def test_a_stand_in_gets_the_case_file_once_named(district: District) -> None:
    district.join("ben")
    district.round()
    anna = district["anna"]
    case = open_case(anna, SECRET)
    district.round()
    assert district["ben"].session.store.queries.case_count() == 0
    name_stand_in(anna, case, district.member("ben"))
    district.round("anna", "ben")
    assert case_file(district["ben"], case).text("concern") == SECRET


def test_a_decision_on_a_conflict_comes_back_to_both(district: District) -> None:
    district.join("ben")
    district.round()
    case = open_case(district["anna"], "vorher")
    name_stand_in(district["anna"], case, district.member("ben"))
    district.round("anna", "ben", "sina")
    edit_case(district["anna"], case, concern="Anna meint dies")
    edit_case(district["ben"], case, concern="Ben meint das")
    district.round("anna", "ben", "sina")
    sina = district["sina"].session
    (conflict,) = sina.store.queries.conflicts(10)
    assert {head.values["concern"] for head in conflict.heads} == {"Anna meint dies", "Ben meint das"}
    merging.decide(sina, conflict, {"concern": "Beides stimmt"}, "mit beiden gesprochen")
    district.round("sina", "anna", "ben")
    assert [case_file(district[name], case).text("concern") for name in ("anna", "ben")] == [
        "Beides stimmt",
        "Beides stimmt",
    ]
    for name in ("anna", "ben", "sina"):
        assert district[name].session.store.queries.conflicts(10) == ()


def test_a_stand_ins_entry_that_arrives_before_the_assignment_is_held_and_then_applied(
    district: District,
) -> None:
    district.join("ben")
    district.round("ben", "sina", "anna", "ben")
    anna, sina = district["anna"], district["sina"]
    case = open_case(anna, "vorher")
    district.relay.stop()
    give_directly(anna, sina)
    name_stand_in(anna, case, district.member("ben"))
    give_directly(anna, district["ben"])
    edit_case(district["ben"], case, concern="vom Stellvertreter")
    give_directly(district["ben"], sina)
    assert [parcel.reason for parcel in sina.status().parcels] == ["lacks_assignment"]
    give_directly(anna, sina)
    assert sina.status().parcels == ()
    assert case_file(sina, case).text("concern") == "vom Stellvertreter"


def test_reading_everything_twice_and_backwards_changes_nothing(district: District) -> None:
    anna, sina = district["anna"], district["sina"]
    case = open_case(anna, "erst")
    items = sealed_items(anna, sina)
    edit_case(anna, case, concern="dann")
    items += sealed_items(anna, sina)
    hand_over(sina, [*reversed(items), *items, *reversed(items)])
    assert case_file(sina, case).text("concern") == "dann"
    assert (sina.status().parcels, sina.status().gaps) == ((), ())
    assert sina.session.store.queries.conflicts(10) == ()


def test_a_parcel_that_is_missing_is_shown_and_fetched_by_its_place(district: District) -> None:
    anna, sina = district["anna"], district["sina"]
    case = open_case(anna, "eins")
    district.round("anna", "sina")
    edit_case(anna, case, concern="zwei")
    district.round("anna")
    edit_case(anna, case, concern="drei")
    hand_over(sina, sealed_items(anna, sina)[-1:])
    (gap,) = sina.status().gaps
    assert (gap.sender, gap.missing) == (district.member("anna"), 1)
    district.round("anna", "sina")
    assert sina.status().gaps == ()


def test_the_last_parcel_of_a_session_before_is_missed(district: District) -> None:
    anna, sina = district["anna"], district["sina"]
    case = open_case(anna, "eins")
    give_directly(anna, sina)
    edit_case(anna, case, concern="zwei")
    sealed_items(anna, sina)
    district.people["anna"].lock()
    anna = district["anna"]
    edit_case(anna, case, concern="drei")
    items = sealed_items(anna, sina)
    hand_over(sina, items[-1:])
    assert [gap.missing for gap in sina.status().gaps] == [1]
    hand_over(sina, items)
    assert sina.status().gaps == ()


def test_a_relay_that_withholds_is_noticed_by_what_others_have_seen(district: District) -> None:
    district.join("ben")
    district.round("ben", "sina", "anna", "ben")
    anna, ben, sina = district["anna"], district["ben"], district["sina"]
    case = open_case(anna, "eins")
    name_stand_in(anna, case, district.member("ben"))
    give_directly(anna, ben)
    give_directly(anna, sina)
    edit_case(anna, case, concern="zurückgehalten")
    give_directly(anna, ben)
    edit_case(ben, case, municipality="Nachbarstadt")
    give_directly(ben, sina)
    (gap,) = sina.status().gaps
    assert (gap.sender, gap.missing) == (district.member("anna"), 1)
    give_directly(anna, sina)
    assert sina.status().gaps == ()


def test_a_no_to_supervision_stops_what_was_sealed_and_has_not_left(district: District) -> None:
    anna, sina = district["anna"], district["sina"]
    case = open_case(anna, "darf gelesen werden")
    district.round("anna", "sina")
    edit_case(anna, case, concern=SECRET)
    district.relay.stop()
    with pytest.raises(RelayUnreachableError):
        run_round(anna)
    withdrawal = new_record(WITHDRAWAL, case, withdrawn_on="2026-11-03", withdrawn=("supervision",))
    cases.save_record(anna.session, None, withdrawal)
    district.relay.start()
    district.round("anna", "sina")
    assert case_file(sina, case).text("concern") == "darf gelesen werden"
    assert SECRET.encode() not in texts_of(sina)


def test_an_unreachable_relay_is_said_and_nothing_is_lost(district: District) -> None:
    anna = district["anna"]
    case = open_case(anna, SECRET)
    district.relay.kill()
    with pytest.raises(RelayUnreachableError):
        run_round(anna)
    assert anna.session.store.queries.delivery(case).waiting == 10
    district.relay.start()
    district.round("anna", "sina")
    assert case_file(district["sina"], case).text("concern") == SECRET


def test_a_round_is_stopped_while_a_silent_relay_takes_the_list_of_members(district: District) -> None:
    anna = district["anna"]
    anna._rosters().note_at_relay(0)
    assert isinstance(district.relay, ForkedRelay)
    begun = monotonic()
    with district.relay.silent(), pytest.raises(RoundCancelledError):
        anna.run_round(lambda _done, _total: None, lambda: monotonic() - begun > 0.5)
    assert monotonic() - begun < 10
    run_round(anna)
    assert anna._rosters()._at_relay() == anna.roster.version


def test_a_stopped_round_goes_on_with_the_next(district: District) -> None:
    anna = district["anna"]
    case = open_case(anna)
    with pytest.raises(RoundCancelledError):
        anna.run_round(lambda _done, _total: None, lambda: True)
    district.round("anna")
    assert counts(anna.session.store.queries.delivery(case)) == (0, 10, 0)


def test_progress_never_runs_back_and_ends_at_its_total(district: District) -> None:
    anna = district["anna"]
    open_case(anna)
    seen: list[tuple[int, int]] = []
    anna.run_round(lambda done, total: seen.append((done, total)), lambda: False)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert seen[-1][0] == seen[-1][1]


def test_a_relay_that_lost_everything_gets_it_again(district: District) -> None:
    anna = district["anna"]
    case = open_case(anna, SECRET)
    district.round("anna")
    district.relay.stop()
    for path in district.relay.database_path.parent.glob("relay.sqlite*"):
        path.unlink()
    district.relay.start()
    district.round("sina", "anna", "sina")
    assert case_file(district["sina"], case).text("concern") == SECRET


def test_a_relay_that_was_set_back_gets_again_what_it_lacks(district: District) -> None:
    anna, sina = district["anna"], district["sina"]
    first = open_case(anna, "vor der Sicherung")
    district.round("anna", "sina")
    district.relay.stop()
    backup = district.relay.database_path.read_bytes()
    district.relay.start()
    second = open_case(anna, "nach der Sicherung")
    district.round("anna", "sina")
    third = open_case(anna, "auch danach")
    district.round("anna")
    district.relay.stop()
    district.relay.database_path.write_bytes(backup)
    district.relay.start()
    district.round("sina", "anna", "sina")
    concerns = [case_file(sina, case).text("concern") for case in (first, second, third)]
    assert concerns == ["vor der Sicherung", "nach der Sicherung", "auch danach"]


def test_sealed_copies_go_when_everybody_has_signed(district: District) -> None:
    anna = district["anna"]
    open_case(anna)
    district.round("anna")
    with anna._engine.office.transaction() as post:
        assert len(post.out.kept()) == 1
    district.round("sina", "sina", "anna")
    with anna._engine.office.transaction() as post:
        assert post.out.kept() == ()


def test_somebody_who_joins_later_gets_what_is_for_everybody(district: District) -> None:
    before = district["sina"].session.store.queries.records("Employer", None)
    ben = district.join("ben")
    district.round("ben", "sina", "ben")
    assert [item.id for item in ben.session.store.queries.records("Employer", None)] == [
        item.id for item in before
    ]


def test_a_taken_place_gives_a_new_session_and_arrives(district: District) -> None:
    anna, sina = district["anna"], district["sina"]
    case = open_case(anna, "eins")
    district.round("anna", "sina")
    before = anna._engine.office.session
    take_next_place(anna, sina)
    edit_case(anna, case, concern="zwei")
    district.round("anna", "sina")
    assert anna._engine.office.session != before
    assert case_file(sina, case).text("concern") == "zwei"


def test_a_sensitive_register_goes_to_a_cleared_supervisor_only(district: District) -> None:
    district.join("sven", Role.SUPERVISOR)
    district.round()
    anna, sven = district["anna"], district["sven"]
    case = open_case(anna)
    base = case_file(anna, case)
    cases.save_record(anna.session, base, base.edited(supervision=district.member("sven")))
    give_consent(anna, case, "consent", supervision_item="yes", special_categories_item="yes")
    contact = add(
        anna,
        "Contact",
        case,
        at=1_700_000_000_000,
        contact_kind="client",
        topics=("health",),
        contact_note=SECRET,
    )
    district.round("anna", "sven")
    assert contact.id is not None
    received = sven.session.store.queries.record("Contact", contact.id)
    assert received is not None
    assert "talk" in received.withheld
    assert SECRET.encode() not in texts_of(sven)
