"""Orders through real devices and a real relay: what is erased stays erased, whatever comes when."""

from pathlib import Path

import pytest

from app.domain.audience import Role
from app.domain.declarations import ORDER
from app.domain.dots import Dot
from app.domain.orders import CaseErasedError, CaseRestrictedError, OrderBasisError, OrderKind
from app.domain.records import new_record
from app.services import case_splitting, cases, handovers
from app.services.handovers import Terms
from app.services.mailbox import ParcelKind
from app.storage.queries import StoreQueries
from sync.removal.orders import OrderState
from sync.signed.purge import Purge, Voided, sign_purge
from sync.taking.reading import Reading, Tally
from sync.workplace import Workplace
from tests.support.belonging import identity, labels
from tests.support.district import District, add, case_file, edit_case, open_case, stored
from tests.support.handovers import hand_over
from tests.support.keeper_district import leave
from tests.support.orders import put_order_list
from tests.support.parcels import give_directly

CONCERN = "Sucht Zwetschgenpflücker"
ERASE, RESTRICT, LIFT, REDACT = OrderKind.ERASE, OrderKind.RESTRICT, OrderKind.LIFT, OrderKind.REDACT


def opened(district: District) -> Dot:
    """A case file of anna's that sina holds too."""
    case = open_case(district["anna"], CONCERN)
    district.round("anna", "sina", "anna")
    return case


def erase(district: District, case: Dot) -> bytes:
    """Anna orders the erasure; sina signs it."""
    order = district["anna"].orders.issue(ERASE, "client_wish", case)
    district.round("anna", "sina")
    district["sina"].orders.sign(order)
    return order


def state(place: Workplace, order: bytes) -> OrderState:
    return next(item for item in place.orders.overview() if item.id == order)


def held(place: Workplace, case: Dot) -> int:
    queries = place.session.store.queries
    assert isinstance(queries, StoreQueries)
    key = queries.keys.known_key(case)
    return int(stored(place, "SELECT count(*) FROM change WHERE case_file = ?", key)[0][0])


def search(place: Workplace, typed: str) -> int:
    return len(place.session.store.queries.search_cases(typed, 10))


def test_who_left_the_district_erases_as_everybody_does(three: District) -> None:
    case = opened(three)
    order = three["anna"].orders.issue(ERASE, "client_wish", case)
    three.round("anna", "sina")
    leave(three, "anna")
    three["sina"].orders.sign(order)
    three.round("sina", "anna", "anna", "sina")
    assert [held(three[name], case) for name in ("sina", "anna")] == [0, 0]
    assert state(three["sina"], order).confirmed == 2


def test_who_left_erases_what_was_somebody_elses_by_then(three: District) -> None:
    case = opened(three)
    terms = Terms(three.member("ben"), client_present=True, client_agreed=True, identity_data="left")
    handovers.assign(three["sina"].session, case, terms)
    leave(three, "anna")
    three.round("sina", "ben", "sina")
    order = three["sina"].orders.issue(ERASE, "client_wish", case)
    three.round("sina", "ben")
    three["ben"].orders.sign(order)
    three.round("ben", "sina", "anna", "sina", "anna")
    assert [held(three[name], case) for name in ("sina", "ben", "anna")] == [0, 0, 0]


def left_with_sina(three: District) -> Dot:
    """A case file that sven supervises by now; sina, who did, has it still and is told nothing any more."""
    three.join("sven", Role.SUPERVISOR)
    for _ in range(2):
        three.round()
    case = opened(three)
    add(three["anna"], "StandIn", case, stand_in=three.member("ben"), stand_in_since="2026-01-01")
    edit_case(three["anna"], case, supervision=three.member("sven"))
    three.round("anna", "sven", "ben")
    return case


def holders_after_bens_order(three: District, case: Dot) -> list[str]:
    order = three["ben"].orders.issue(ERASE, "client_wish", case)
    three.round("ben", "sven")
    three["sven"].orders.sign(order)
    for _ in range(2):
        three.round("sven", "sina", "anna", "ben")
    return [name for name in ("anna", "ben", "sina", "sven") if held(three[name], case)]


def test_who_cannot_know_that_it_was_handed_over_erases_what_the_supervisor_of_now_did(
    three: District,
) -> None:
    case = left_with_sina(three)
    hand_over(three, case)
    assert holders_after_bens_order(three, case) == []


def test_who_was_left_by_somebody_erases_them_with_the_case_file_that_they_went_to(three: District) -> None:
    """Ben stands in where the child was, and never heard of the case file to which it went."""
    anna, ben, sina = three["anna"], three["ben"], three["sina"]
    case = opened(three)
    add(anna, "Person", case, label="Mutter")
    child = identity(add(anna, "Person", case, label="Zwetschgenkind"))
    add(anna, "StandIn", case, stand_in=three.member("ben"), stand_in_since="2026-01-01")
    three.round("anna", "sina", "ben")
    left = identity(case_splitting.split_case_file(sina.session, case, [child], {}, "zieht aus").case_file)
    three.round("sina", "anna", "ben")
    order = anna.orders.issue(ERASE, "client_wish", left)
    three.round("anna", "sina", "ben")
    assert not state(ben, order).confirmed
    sina.orders.sign(order)
    for _ in range(4):
        three.round("anna", "ben", "sina")
    texts = stored(ben, "SELECT value FROM change WHERE type = 'Person'")
    assert not any("Zwetschgenkind" in str(bytes(value)) for (value,) in texts)
    assert labels(ben, case) == ["Mutter"]
    assert state(sina, order).confirmed == 3


def test_an_order_that_nobody_responsible_signed_is_carried_out_nowhere(three: District) -> None:
    case = left_with_sina(three)
    assert holders_after_bens_order(three, case) == ["anna", "ben", "sina", "sven"]


def test_an_erasure_waits_for_its_second_signature(three: District) -> None:
    case = opened(three)
    order = three["anna"].orders.issue(ERASE, "client_wish", case)
    three.round("anna", "sina")
    seen = state(three["sina"], order)
    assert (seen.missing, seen.mine, seen.in_force) == (("supervisor",), True, False)
    assert seen.numbers == (case_file(three["sina"], case).text("number"),)
    assert not state(three["anna"], order).mine
    assert held(three["anna"], case) > 0


def test_an_erasure_takes_everything_from_every_device_and_is_confirmed(three: District) -> None:
    case = opened(three)
    order = erase(three, case)
    assert (held(three["sina"], case), search(three["sina"], "Zwetsch")) == (0, 0)
    three.round("sina", "anna", "ben", "anna", "sina", "ben", "sina")
    assert (held(three["anna"], case), search(three["anna"], "Zwetsch")) == (0, 0)
    seen = state(three["sina"], order)
    assert (seen.confirmed, seen.devices, seen.refused) == (3, 3, 0)


def test_the_responsible_alone_erases_nothing_and_no_stranger_helps(three: District) -> None:
    case = opened(three)
    order = three["anna"].orders.issue(ERASE, "client_wish", case)
    three.round("anna", "ben")
    assert not state(three["ben"], order).mine
    three["ben"].orders.sign(order)
    three.round("ben", "anna", "sina")
    assert held(three["anna"], case) > 0
    assert held(three["sina"], case) > 0


def test_what_is_written_later_for_an_erased_case_file_is_not_stored_but_counted(three: District) -> None:
    case = opened(three)
    order = three["anna"].orders.issue(ERASE, "client_wish", case)
    three.round("anna", "sina")
    edit_case(three["anna"], case, concern="Noch ein Anliegen")
    three["sina"].orders.sign(order)
    give_directly(three["anna"], three["sina"])
    assert held(three["sina"], case) == 0
    three.round("sina", "anna", "sina")
    three.round("sina", "anna", "sina")
    assert state(three["sina"], order).refused > 0
    (loss,) = three["anna"].orders.losses()
    assert (loss.cases, loss.unsent) == ((case,), 0)


def test_unsent_entries_that_went_are_told_to_their_author(three: District) -> None:
    case = opened(three)
    order = three["anna"].orders.issue(ERASE, "client_wish", case)
    three.round("anna", "sina")
    three["sina"].orders.sign(order)
    three.round("sina")
    edit_case(three["anna"], case, concern="Nie gesendet")
    give_directly(three["sina"], three["anna"])
    (loss,) = three["anna"].orders.losses()
    assert loss.unsent == 1
    three["anna"].orders.note_losses_seen()
    assert three["anna"].orders.losses() == ()


def test_nothing_is_written_into_an_erased_case_file_from_an_open_form(three: District) -> None:
    case = opened(three)
    base = case_file(three["anna"], case)
    erase(three, case)
    three.round("sina", "anna")
    with pytest.raises(CaseErasedError):
        cases.save_record(three["anna"].session, base, base.edited(concern="Doch noch"))


def give_orders(sender: Workplace, recipient: Workplace, path: Path) -> int:
    """Carry the list of orders from one device to another, past the relay."""
    put_order_list(sender, path)
    return recipient.orders.take_order_list(path)


def test_a_purge_fills_the_hole_and_the_rest_is_sealed_again(three: District, tmp_path: Path) -> None:
    case = open_case(three["anna"], CONCERN)
    other = open_case(three["anna"], "Bleibt erhalten")
    three.round("anna")  # at the relay, not yet read by sina
    order = three["anna"].orders.issue(ERASE, "client_wish", case)
    give_orders(three["anna"], three["sina"], tmp_path / "kim-orders")
    three["sina"].orders.sign(order)
    assert give_orders(three["sina"], three["anna"], tmp_path / "kim-orders") == 1
    assert (held(three["anna"], case), held(three["anna"], other) > 0) == (0, True)
    three.round("anna", "sina", "anna", "sina")
    status = three["sina"].status()
    assert (status.gaps, status.parcels) == ((), ())
    assert case_file(three["sina"], other).text("concern") == "Bleibt erhalten"
    assert held(three["sina"], case) == 0
    assert three["anna"].status().delivery.waiting == 0


def test_a_restriction_locks_and_lifting_unlocks(three: District) -> None:
    case = opened(three)
    three["anna"].orders.issue(RESTRICT, "disputed", case)
    with pytest.raises(CaseRestrictedError):
        edit_case(three["anna"], case, concern="Anders")
    three.round("anna", "sina")
    assert three["sina"].orders.is_restricted(case)
    three["sina"].orders.issue(LIFT, "settled", case)
    three.round("sina", "anna")
    assert edit_case(three["anna"], case, concern="Anders").text("concern") == "Anders"


def test_a_lift_that_comes_before_its_restriction_still_lifts_it(three: District) -> None:
    case = opened(three)
    three["anna"].orders.issue(RESTRICT, "disputed", case)
    three.round("anna", "sina")
    three["sina"].orders.issue(LIFT, "settled", case)
    give_directly(three["sina"], three["ben"])
    give_directly(three["anna"], three["ben"])
    assert not three["ben"].orders.is_restricted(case)


def test_what_was_lifted_stays_so_when_who_restricted_becomes_responsible(three: District) -> None:
    case = opened(three)
    anna, ben, sina = three["anna"], three["ben"], three["sina"]
    add(anna, "StandIn", case, stand_in=three.member("ben"), stand_in_since="2026-01-01")
    three.round("anna", "ben")
    for place in (sina, ben):
        place.orders.issue(RESTRICT, "disputed", case)
    three.round("sina", "ben", "anna")
    assert [item.in_force for item in anna.orders.overview()] == [True, True]
    anna.orders.issue(LIFT, "settled", case)
    edit_case(sina, case, responsible=three.member("ben"))
    three.round("anna", "sina", "ben", "sina")
    assert case_file(ben, case).number("responsible") == three.member("ben")
    assert [place.orders.is_restricted(case) for place in (sina, ben)] == [False, False]


def test_an_order_needs_a_basis_of_its_kind(three: District) -> None:
    case = opened(three)
    with pytest.raises(OrderBasisError):
        three["anna"].orders.issue(ERASE, "settled", case)


def test_redaction_empties_a_value_everywhere_and_keeps_what_stands(three: District) -> None:
    case = opened(three)
    shown = case_file(three["anna"], case)
    wrong = max(shown.shown["concern"])
    edit_case(three["anna"], case, concern="Richtig")
    three.round("anna", "sina")
    order = three["anna"].orders.issue(REDACT, "wrong_value", case, dots=[wrong])
    three.round("anna", "sina")
    three["sina"].orders.sign(order)
    three.round("sina", "anna")
    for name in ("anna", "sina"):
        assert case_file(three[name], case).text("concern") == "Richtig"
        values = stored(three[name], "SELECT value FROM change WHERE register = 'concern'")
        assert sum(CONCERN.encode() in bytes(value) for (value,) in values) == 0


def test_a_redaction_takes_nothing_that_stands_in_no_case_file(three: District) -> None:
    """An order whose document was emptied here would count here only."""
    case = opened(three)
    restriction = three["anna"].orders.issue(RESTRICT, "disputed", case)
    (entry,) = three["anna"].session.store.queries.records(ORDER.name, None)
    assert entry.id is not None
    redaction = three["anna"].orders.issue(REDACT, "wrong_value", case, dots=[entry.id])
    three.round("anna", "sina")
    three["sina"].orders.sign(redaction)
    three.round("sina", "anna", "ben")
    for name in ("anna", "sina", "ben"):
        assert {item.id for item in three[name].orders.overview()} == {restriction, redaction}
        assert state(three[name], redaction).in_force


def test_an_order_that_its_sender_did_not_sign_is_quarantined(three: District) -> None:
    """Ben copies anna's document into an entry of his own."""
    case = opened(three)
    three["anna"].orders.issue(RESTRICT, "disputed", case)
    three.round("anna", "ben")
    with three["ben"]._engine.office.transaction() as post:
        (copied,) = post.records.records("Order", None)
        post.records.save(None, new_record(ORDER).edited(order_document=copied.get("order_document")))
    give_directly(three["ben"], three["sina"])
    assert [item.reason for item in three["sina"].status().parcels] == ["wrong_author"]


def test_a_purge_that_names_other_bytes_is_quarantined(three: District) -> None:
    opened(three)
    ((device, session, channel, digest),) = stored(
        three["sina"], "SELECT device, session, channel, digest FROM received WHERE n = 1 AND device = ?", 1
    )[:1]
    anna, roster = three["anna"]._engine, three["sina"].roster
    place = Voided(int.from_bytes(session, "big"), 1, bytes(32), b"")
    purge = Purge(roster.district, roster.version, device, bytes(channel), 1, (place,))
    sealed = sign_purge(purge, anna.sign)
    tally = Tally()
    assert not Reading(three["sina"]._engine).take(ParcelKind.PURGE, sealed, tally)
    assert [item.reason for item in three["sina"].status().parcels] == ["stream_fork"]
    assert stored(three["sina"], "SELECT count(*) FROM received WHERE digest = ?", digest) == [(1,)]


def test_a_case_file_that_was_put_into_an_erased_one_meanwhile_is_not_hidden(three: District) -> None:
    anna, sina = three["anna"], three["sina"]
    kept, gone = open_case(anna, "Bleibt"), open_case(anna, CONCERN)
    three.round("anna", "sina")
    order = anna.orders.issue(ERASE, "client_wish", gone)
    three.round("anna")
    sina.joined_files.merge(sina.joined_files.plan(kept, gone), "Eine Familie")
    three.round("sina")
    sina.orders.sign(order)
    three.round("sina", "anna", "sina", "anna")
    for place in (anna, sina):
        rows = place.session.store.queries.case_page(None, 10).rows
        assert [row.id for row in rows] == [kept]
        assert held(place, gone) == 0


def test_an_entry_that_went_to_an_erased_case_file_meanwhile_stays_in_sight(three: District) -> None:
    anna, sina = three["anna"], three["sina"]
    kept, gone = open_case(anna, "Bleibt"), open_case(anna, CONCERN)
    person = add(anna, "Person", kept, label="Person A")
    three.round("anna", "sina")
    order = anna.orders.issue(ERASE, "client_wish", gone)
    three.round("anna")
    moved = sina.session.store.queries.record("Person", person.id or gone)
    assert moved is not None
    with sina._engine.office.transaction() as post:
        post.records.save(moved, moved.edited(case_file=gone))
    three.round("sina")
    sina.orders.sign(order)
    three.round("sina", "anna", "sina", "anna")
    for place in (anna, sina):
        shown = place.session.store.queries.records("Person", kept)
        assert [item.text("label") for item in shown] == ["Person A"]


def test_a_withdrawal_of_everything_locks_the_case_file_once(three: District) -> None:
    case = opened(three)
    anna = three["anna"]
    assert not anna.orders.restrict_withdrawn(case)
    add(anna, "Withdrawal", case, withdrawn_on="2026-11-20", withdrawn=("all",))
    assert anna.orders.restrict_withdrawn(case)
    assert anna.orders.is_restricted(case)
    three.round("anna", "sina")
    assert not three["sina"].orders.restrict_withdrawn(case)
    three["sina"].orders.issue(LIFT, "settled", case)
    three.round("sina", "anna")
    assert not anna.orders.restrict_withdrawn(case)
    assert not anna.orders.is_restricted(case)
