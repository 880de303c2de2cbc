"""Receipts, and when the giver of a case file may let go of it."""

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import cbor2
import pytest

from app.domain.declarations import HANDOVER_RECEIPT
from app.domain.receipt import pack_receipts
from app.domain.records import new_record
from app.services import handovers, stand_ins
from app.services.ended_reading import Ended, Why, why_not_read
from tests.support.brought_back import back_up, bring_back
from tests.support.district import District, add, case_file, edit_case, give_consent, open_case, stored
from tests.support.handovers import CONCERN, ask, hand_over, latest, pass_days, relay_says, settled
from tests.sync.test_stand_in_dates import day


def test_nothing_is_given_up_before_fourteen_days(three: District) -> None:
    case = settled(three)
    with three["anna"]._engine.office.transaction() as post:
        since = post.handovers.covered_since(case)
    assert since is not None
    assert not three["anna"].handovers.may_give_up(case)
    pass_days(three, 13)
    assert not three["anna"].handovers.may_give_up(case)


def test_until_then_the_giver_is_told_when_it_goes(three: District) -> None:
    case = settled(three)
    three.round("anna")
    session = three["anna"].session
    told = why_not_read(session, session.store.queries, case)
    today = three.people["anna"].clock.now().astimezone().date()
    assert told == Ended(Why.HANDED_OVER, today.isoformat(), (today + timedelta(days=14)).isoformat())


def test_a_clock_that_runs_ahead_shortens_nothing(three: District) -> None:
    case = settled(three)
    pass_days(three, 400)
    three.round("anna")
    assert not three["anna"].handovers.may_give_up(case)  # the relay's clock has not moved


def test_after_fourteen_days_by_both_clocks_it_may_be_given_up(three: District) -> None:
    case = settled(three)
    relay_says(three, "anna", 15)
    assert not three["anna"].handovers.may_give_up(case)
    pass_days(three, 15)
    assert three["anna"].handovers.may_give_up(case)
    assert three["anna"].handovers.due() == (case,)
    assert three["ben"].handovers.due() == ()


def test_nobody_gives_up_what_they_read_as_part_of_another_case_file_of_the_family(three: District) -> None:
    anna = three["anna"]
    case, own = open_case(anna, CONCERN), open_case(anna, "eins")
    anna.joined_files.merge(anna.joined_files.plan(case, own), "Eine Familie")
    hand_over(three, case)
    three.round("anna", "ben", "ben", "anna", "anna")
    relay_says(three, "anna", 15)
    pass_days(three, 15)
    assert anna.handovers.may_give_up(case)
    assert anna.handovers.due() == ()
    assert case_file(anna, case).text("concern") == CONCERN


def test_a_late_entry_must_arrive_too_before_anything_is_given_up(three: District) -> None:
    case = settled(three)
    relay_says(three, "anna", 15)
    pass_days(three, 15)
    other = three["anna"].session
    with other.store.unit_of_work() as work:
        base = work.record("CaseFile", case)
        assert base is not None
        work.save(base, base.edited(concern="auf dem zweiten Rechner ohne Netz geschrieben"))
    assert not three["anna"].handovers.may_give_up(case)
    three.round("anna", "ben", "ben", "anna")
    assert stored(three["anna"], "SELECT * FROM change WHERE case_file IS NOT NULL") == []
    assert case_file(three["ben"], case).text("concern") == "auf dem zweiten Rechner ohne Netz geschrieben"


@pytest.mark.parametrize("wrote", [True, False])
def test_a_case_file_that_was_given_up_comes_back_whole(three: District, wrote: bool) -> None:
    case = settled(three)
    relay_says(three, "anna", 15)
    pass_days(three, 15)
    three.round("anna")
    assert three["anna"].session.store.queries.record("CaseFile", case) is None
    if wrote:
        edit_case(three["ben"], case, concern="von Ben weitergeschrieben")
        three.round("ben", "sina")
    ask(three, case, giver="ben", to="anna")
    three.round("ben", "anna")
    handovers.accept(three["anna"].session, latest(three["anna"], case).asked)
    three.round("anna", "ben", "ben", "anna")
    seen = case_file(three["anna"], case)
    assert seen.text("concern") == ("von Ben weitergeschrieben" if wrote else CONCERN)
    assert len(three["anna"].session.store.queries.records("Consent", case)) == 2
    edit_case(three["anna"], case, concern="wieder bei Anna")
    three.round("anna", "ben")
    assert case_file(three["ben"], case).text("concern") == "wieder bei Anna"


def test_an_older_copy_of_the_givers_disk_hears_that_it_is_over(three: District, tmp_path: Path) -> None:
    case = open_case(three["anna"], CONCERN)
    three.round("anna", "sina", "ben", "anna")
    backup = back_up(three, "anna", tmp_path / "stick")
    # A copy of which the program does not know: those that it knows of are made anew.
    forgotten = replace(backup, path=Path(shutil.copy(backup.path, tmp_path)))
    hand_over(three, case)
    three.round("anna", "ben", "ben", "anna", "anna")
    relay_says(three, "anna", 15)
    pass_days(three, 15)
    three.round("anna")
    assert three["anna"].session.store.queries.record("CaseFile", case) is None
    anna = bring_back(three, "anna", forgotten)
    assert case_file(anna, case).number("responsible") == three.member("anna")
    three.round("anna", "ben", "sina", "anna", "ben", "anna")
    seen = anna.session.store.queries.record("CaseFile", case)
    assert seen is None or seen.number("responsible") == three.member("ben")
    relay_says(three, "anna", 30)
    pass_days(three, 15)
    three.round("ben", "anna", "anna")
    assert anna.session.store.queries.record("CaseFile", case) is None


def test_identity_data_must_be_settled_first(three: District) -> None:
    case = open_case(three["anna"], CONCERN)
    add(
        three["anna"],
        "Attachment",
        case,
        attachment_kind="letter",
        attachment_name="Bescheid.pdf",
        media_type="application/pdf",
        attachment_size=3,
        attachment_hash=b"abc",
        attached_on="2026-11-02",
    )
    hand_over(three, case)
    three.round("anna", "ben", "anna")
    (standing,) = three["anna"].handovers.standing()
    assert standing.lacks == ("identity", "time")
    handovers.settle_identity(three["anna"].session, standing.handover.asked, "left")
    three.round("anna", "ben", "ben", "anna", "anna", "ben", "ben", "anna")
    (standing,) = three["anna"].handovers.standing()
    assert (standing.handover.status, standing.lacks) == ("released", ("time",))


def test_a_case_file_that_comes_back_is_not_given_up(three: District) -> None:
    case = settled(three)
    relay_says(three, "anna", 15)
    pass_days(three, 15)
    ask(three, case, giver="ben", to="anna")
    three.round("ben", "anna")
    handovers.accept(three["anna"].session, latest(three["anna"], case).asked)
    assert not three["anna"].handovers.may_give_up(case)
    edit_case(three["anna"], case, concern="wieder da")
    three.round("anna", "ben")
    assert case_file(three["ben"], case).text("concern") == "wieder da"


def test_a_receipt_of_somebody_else_covers_nothing(three: District) -> None:
    three.join("carl")
    three.round("sina", "carl", "anna", "ben", "carl", "anna")
    case = open_case(three["anna"], CONCERN)
    ask(three, case)
    three.round("anna", "ben")
    handovers.accept(three["ben"].session, latest(three["ben"], case).asked)
    three.round("ben", "anna")
    with three["anna"]._engine.office.transaction() as post:
        held = post.handovers.held(case)
    (document,) = pack_receipts(held)
    forged = new_record(
        HANDOVER_RECEIPT,
        case,
        receipt_on="2026-11-21",
        receipt_count=len(held),
        receipt_context=document,
    )
    with three["carl"].session.store.unit_of_work() as work:
        receipt = work.save(None, forged).record
        assert receipt.id is not None
        changes = work.log.changes("type = 'HandoverReceipt'", (), 10)  # type: ignore[attr-defined]  # the store's own
        with three["anna"].session.store.unit_of_work() as annas:
            annas.apply(tuple(changes))
    (standing,) = three["anna"].handovers.standing()
    assert (standing.arrived < standing.held, standing.lacks) == (True, ("receipt", "time"))


def test_a_receipt_that_somebody_else_tells_of_covers_nothing_before_its_author_signed(
    three: District,
) -> None:
    case = open_case(three["anna"], CONCERN)
    ask(three, case)
    three.round("anna", "ben")
    handovers.accept(three["ben"].session, latest(three["ben"], case).asked)
    three.round("ben", "anna", "ben")
    three["ben"].handovers.prepare()
    with three["ben"].session.store.unit_of_work() as work:
        changes = tuple(work.log.changes("type = 'HandoverReceipt'", (), 10))  # type: ignore[attr-defined]  # the store's own
    told_by = three["sina"].session.me
    with three["anna"].session.store.unit_of_work() as annas:
        annas.apply(changes, told_by)
    (standing,) = three["anna"].handovers.standing()
    assert (len(changes) > 0, standing.arrived < standing.held) == (True, True)
    three.round("ben", "anna")
    (standing,) = three["anna"].handovers.standing()
    assert standing.arrived == standing.held


def test_a_receipt_that_cannot_be_read_covers_nothing_and_stops_nothing(three: District) -> None:
    case = open_case(three["anna"], CONCERN)
    ask(three, case)
    three.round("anna", "ben")
    handovers.accept(three["ben"].session, latest(three["ben"], case).asked)
    with three["ben"].session.store.unit_of_work() as work:
        for document in (b"not a receipt", cbor2.dumps([[bytes(8), bytes(8), [1, 2**40]]])):
            values = {"receipt_on": "2026-11-21", "receipt_count": 1, "receipt_context": document}
            work.save(None, new_record(HANDOVER_RECEIPT, case, **values))  # type: ignore[arg-type]  # values of the declaration
    three.round("ben", "anna", "ben", "ben", "anna")
    (standing,) = three["anna"].handovers.standing()
    assert standing.arrived == standing.held
    assert three["anna"].status().parcels == ()


def test_what_only_a_cleared_member_may_receive_keeps_the_giver_from_letting_go(three: District) -> None:
    case = open_case(three["anna"], CONCERN)
    talk = {"at": 1_700_000_000_000, "contact_kind": "client", "topics": ("health",), "contact_note": CONCERN}
    add(three["anna"], "Contact", case, **talk)  # type: ignore[arg-type]  # values of the declaration
    hand_over(three, case)
    three.round("anna", "ben", "ben", "anna")
    (standing,) = three["anna"].handovers.standing()
    assert (standing.handover.status, standing.lacks) == ("accepted", ("receipt", "time"))
    assert standing.uncleared == standing.held - standing.arrived == 1


def test_what_is_left_of_a_declined_request_goes_too(three: District) -> None:
    case = open_case(three["anna"], CONCERN)
    ask(three, case)
    three.round("anna", "ben")
    handovers.decline(three["ben"].session, latest(three["ben"], case).asked)
    three.round("ben", "anna", "sina", "anna", "sina", "ben")
    relay_says(three, "ben", 13)
    pass_days(three, 13)
    three.round("ben")
    assert three["ben"].session.store.queries.record("CaseFile", case) is not None
    relay_says(three, "ben", 2)
    pass_days(three, 2)
    three.round("ben")
    assert stored(three["ben"], "SELECT * FROM change WHERE case_file IS NOT NULL") == []
    assert latest(three["anna"], case).status == "declined"


def test_who_stood_in_and_declines_keeps_what_nobody_else_is_cleared_for(three: District) -> None:
    anna, ben = three["anna"], three["ben"]
    case = open_case(anna, CONCERN)
    stand_ins.name_stand_in(anna.session, case, three.member("ben"), day(-3), day(1), "holiday")
    give_consent(anna, case, "consent", supervision_item="no")
    three.round("anna", "ben")
    talk = {"at": 1_700_000_000_000, "contact_kind": "client", "topics": ("health",), "contact_note": CONCERN}
    add(ben, "Contact", case, **talk)  # type: ignore[arg-type]  # values of the declaration
    three.round("ben", "anna")
    for name in ("anna", "ben"):
        relay_says(three, name, 3)
    pass_days(three, 3)
    ask(three, case)
    three.round("anna", "ben")
    handovers.decline(ben.session, latest(ben, case).asked)
    three.round("ben", "anna", "sina", "anna", "sina", "ben")
    relay_says(three, "ben", 15)
    pass_days(three, 15)
    three.round("ben", "ben")
    assert len(stored(ben, "SELECT 1 FROM change WHERE register = 'talk'")) == 1
