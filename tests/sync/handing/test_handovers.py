"""Case files change hands: who is told what, who may answer, and who receives what then."""

import pytest

from app.domain.declarations import HANDOVER
from app.domain.dots import Dot
from app.domain.handover import AgreementMissingError, HandoverStateError, RecipientError
from app.domain.records import new_record
from app.services import handovers, stand_ins
from app.services.assignments import HandedOverError
from app.services.handovers import Terms
from app.services.mailbox import ParcelKind
from app.storage.unit_of_work import StoreUnitOfWork
from sync.sending.dispatch import Dispatch
from sync.sending.own_channels import Channels
from sync.workplace import Workplace
from tests.support.belonging import identity, merge
from tests.support.district import District, case_file, edit_case, open_case, stored
from tests.support.handovers import CONCERN, ask, hand_over, latest
from tests.support.parcels import Items, give_directly
from tests.support.parcels import hand_over as hand_items


def test_who_is_asked_sees_number_and_languages_and_nothing_of_the_person(three: District) -> None:
    case = open_case(three["anna"], CONCERN, speaks=("uk",))
    ask(three, case)
    three.round("anna", "ben")
    seen = case_file(three["ben"], case)
    assert seen.text("number") == case_file(three["anna"], case).text("number")
    assert seen.items("speaks") == ("uk",)
    types = stored(three["ben"], "SELECT DISTINCT type, register FROM change WHERE case_file IS NOT NULL")
    assert set(types) == {
        ("CaseFile", "number"),
        ("CaseFile", "languages"),
        ("CaseFile", "responsible"),
        ("CaseFile", "supervision"),
        ("Handover", "belongs"),
        ("Handover", "handover"),
    }


def test_accepting_brings_the_whole_case_file(three: District) -> None:
    case = open_case(three["anna"], CONCERN)
    hand_over(three, case)
    seen = case_file(three["ben"], case)
    assert seen.text("concern") == CONCERN
    assert seen.number("responsible") == three.member("ben")
    three.round("sina")
    assert case_file(three["sina"], case).number("responsible") == three.member("ben")


def test_declining_leaves_everything_as_it_was(three: District) -> None:
    case = open_case(three["anna"], CONCERN)
    ask(three, case)
    three.round("anna", "ben")
    handovers.decline(three["ben"].session, latest(three["ben"], case).asked)
    three.round("ben", "anna", "ben")
    assert latest(three["anna"], case).status == "declined"
    assert case_file(three["anna"], case).number("responsible") == three.member("anna")
    assert case_file(three["ben"], case).text("concern") == ""


def test_a_withdrawn_request_cannot_be_accepted(three: District) -> None:
    case = open_case(three["anna"])
    ask(three, case)
    three.round("anna", "ben")
    handovers.withdraw(three["anna"].session, latest(three["anna"], case).asked)
    three.round("anna", "ben")
    with pytest.raises(HandoverStateError):
        handovers.accept(three["ben"].session, latest(three["ben"], case).asked)


def test_an_acceptance_that_crosses_a_withdrawal_counts(three: District) -> None:
    case = open_case(three["anna"], CONCERN)
    ask(three, case)
    three.round("anna", "ben")
    handovers.withdraw(three["anna"].session, latest(three["anna"], case).asked)
    handovers.accept(three["ben"].session, latest(three["ben"], case).asked)
    three.round("ben", "anna", "ben")
    assert latest(three["anna"], case).status == "accepted"
    assert latest(three["ben"], case).status == "accepted"
    assert case_file(three["ben"], case).text("concern") == CONCERN


def test_what_was_asked_can_be_asked_once_only(three: District) -> None:
    case = open_case(three["anna"])
    ask(three, case)
    with pytest.raises(HandoverStateError):
        ask(three, case)


@pytest.mark.parametrize(("to", "reason"), [("anna", "same"), ("sina", "role")])
def test_who_cannot_take_over_is_not_asked(three: District, to: str, reason: str) -> None:
    case = open_case(three["anna"])
    with pytest.raises(RecipientError) as refused:
        ask(three, case, to=to)
    assert refused.value.params == {"reason": reason}


def test_another_employer_needs_the_clients_yes(three: District) -> None:
    three.join("carl", employer="verein")
    three.round("sina", "carl", "anna", "carl")
    case = open_case(three["anna"])
    with pytest.raises(AgreementMissingError):
        ask(three, case, to="carl")
    ask(three, case, to="carl", client_agreed=True)
    assert latest(three["anna"], case).recipient == three.member("carl")


def test_the_giver_reads_and_no_longer_writes(three: District) -> None:
    case = open_case(three["anna"], CONCERN)
    hand_over(three, case)
    with pytest.raises(HandedOverError):
        edit_case(three["anna"], case, concern="nachgetragen")
    assert case_file(three["anna"], case).text("concern") == CONCERN


def test_what_the_giver_wrote_before_the_acceptance_came_arrives(three: District) -> None:
    case = open_case(three["anna"], CONCERN)
    ask(three, case)
    three.round("anna", "ben")
    handovers.accept(three["ben"].session, latest(three["ben"], case).asked)
    three.round("ben")
    edit_case(three["anna"], case, concern="spät, ohne Netz geschrieben")
    three.round("anna", "ben")
    assert case_file(three["ben"], case).text("concern") == "spät, ohne Netz geschrieben"


def test_a_receipt_covers_all_that_the_giver_holds_and_then_she_receives_no_more(three: District) -> None:
    case = open_case(three["anna"], CONCERN)
    hand_over(three, case)
    (standing,) = three["anna"].handovers.standing()
    assert (standing.handover.status, standing.arrived) == ("accepted", standing.held)
    three.round("anna", "ben", "ben", "anna")
    (standing,) = three["anna"].handovers.standing()
    assert (standing.handover.status, standing.lacks) == ("released", ("time",))
    edit_case(three["ben"], case, concern="nur noch für Ben und Sina")
    three.round("ben", "anna", "sina")
    assert case_file(three["anna"], case).text("concern") == CONCERN
    assert case_file(three["sina"], case).text("concern") == "nur noch für Ben und Sina"


def test_a_supervisor_assigns_at_once_and_no_case_file_is_ever_without_a_case_manager(
    three: District,
) -> None:
    found = [open_case(three["anna"], f"{CONCERN} {count}") for count in range(3)]
    three.round("anna", "sina")
    steps: list[tuple[int, int]] = []
    caseload = handovers.hand_over_all(
        three["sina"].session,
        three.member("anna"),
        Terms(three.member("ben"), "leaves"),
        at_once=True,
        progress=lambda done, total: steps.append((done, total)),
        cancelled=lambda: False,
    )
    assert (set(caseload.done), caseload.refused) == (set(found), ())
    assert steps == [(0, 3), (1, 3), (2, 3)]
    three.round("sina", "anna", "ben")
    for case in found:
        assert case_file(three["ben"], case).number("responsible") == three.member("ben")
        assert case_file(three["ben"], case).text("concern").startswith(CONCERN)


def test_a_case_file_that_is_refused_is_listed_and_the_others_go(three: District) -> None:
    mine, asked = open_case(three["anna"]), open_case(three["anna"])
    ask(three, asked)
    caseload = handovers.hand_over_all(
        three["anna"].session,
        three.member("anna"),
        Terms(three.member("ben"), "leaves"),
        at_once=False,
        progress=lambda _done, _total: None,
        cancelled=lambda: False,
    )
    assert caseload.done == (mine,)
    ((refused, number),) = [(item.case, item.number) for item in caseload.refused]
    assert (refused, number) == (asked, case_file(three["anna"], asked).text("number"))


def test_only_the_supervisor_assigns(three: District) -> None:
    case = open_case(three["anna"])
    with pytest.raises(HandedOverError):
        handovers.assign(three["anna"].session, case, Terms(three.member("ben")))


def test_figures_count_a_handed_over_case_file_once(three: District) -> None:
    case = open_case(three["anna"], CONCERN)
    three.round("anna", "sina")
    hand_over(three, case)
    three.round("ben", "anna", "sina")
    records = three["sina"].session.store.queries.records("Figures", None)
    assert len([record for record in records if record.items("facts")]) == 1


def test_answers_travel_by_hand_too_and_in_any_order(three: District) -> None:
    case = open_case(three["anna"], CONCERN)
    ask(three, case)
    give_directly(three["anna"], three["ben"])
    handovers.accept(three["ben"].session, latest(three["ben"], case).asked)
    edit_case(three["ben"], case, recognition_word=None)
    give_directly(three["ben"], three["anna"])
    give_directly(three["anna"], three["ben"])
    assert case_file(three["ben"], case).text("concern") == CONCERN


def test_an_answer_of_somebody_who_was_never_asked_waits(three: District) -> None:
    case = open_case(three["anna"], CONCERN)
    three.round("anna", "ben")
    entry = new_record(
        HANDOVER,
        case,
        handover_step="accepted",
        handover_on="2026-11-21",
        handover_from=three.member("anna"),
        handover_to=three.member("ben"),
        handover_by=three.member("ben"),
    )
    with three["ben"].session.store.unit_of_work() as work:
        work.save(None, entry)
    items = sealed_for(three["ben"], three["anna"], case)
    hand_items(three["anna"], items)
    assert handovers.handovers_of(three["anna"].session.store.queries, case) == ()
    assert {parcel.reason for parcel in three["anna"].status().parcels} == {"lacks_assignment"}


def sealed_for(sender: Workplace, recipient: Workplace, case: Dot) -> Items:
    """Seal a sender's changes of a case file for somebody, entitled or not."""
    engine = sender._engine
    with engine.office.transaction() as post:
        work = post.records
        assert isinstance(work, StoreUnitOfWork)
        key = Channels(engine).open(post, frozenset({recipient.session.me}))
        changes = list(work.log.changes("case_file = ?", (work.keys.key(case),), 10))[::-1]
        Dispatch(engine)._seal_one(post, key, changes)
    index = recipient._engine.index
    grants = stored(sender, "SELECT sealed FROM grant_out WHERE recipient = ?", index)
    envelopes = stored(sender, "SELECT sealed FROM sealed WHERE sealed IS NOT NULL ORDER BY at_ms, n")
    items = [(ParcelKind.GRANT, bytes(row[0])) for row in grants]
    return items + [(ParcelKind.ENVELOPE, bytes(row[0])) for row in envelopes]


def test_a_case_file_that_was_asked_for_is_taken_over_though_it_is_read_as_another_by_then(
    three: District,
) -> None:
    anna, ben = three["anna"], three["ben"]
    hers, his = open_case(anna, "eins"), open_case(ben, "zwei")
    stand_ins.name_stand_in(ben.session, his, three.member("anna"), "", "", "holiday")
    three.round("ben", "anna")
    ask(three, hers)
    merge(anna, hers, his)
    three.round("anna", "ben")
    assert ben.session.store.queries.canonical_case(hers) == his
    handovers.accept(ben.session, latest(three["ben"], hers).asked)
    three.round("ben", "anna", "ben", "ben", "anna")
    assert case_file(anna, hers).number("responsible") == three.member("ben")
    (standing,) = anna.handovers.standing()
    assert (standing.handover.status, standing.case) == ("released", hers)
    homes = {anna.session.store.queries.homes_of(identity(step)) for step in standing.handover.steps}
    assert homes == {(hers,)}
