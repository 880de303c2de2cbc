"""End of access: the member's own computers erase the case file, late enough that nothing is lost."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.audience import Role
from app.domain.declarations import ATTACHMENT, CONTACT
from app.domain.dots import Dot
from app.domain.orders import CONSENT_NO, OrderKind
from app.domain.records import new_record
from app.services import attachments, case_merging, cases, handovers, stand_ins
from app.services.ended_reading import Why, why_not_read
from app.services.handovers import Terms
from app.services.ports import Draft, Session
from app.storage.queries import StoreQueries
from tests.support.district import District, add, case_file, edit_case, give_consent, open_case, stored
from tests.support.handovers import relay_says
from tests.support.keeper_district import leave


def held(district: District, name: str, case: Dot) -> bool:
    queries = district[name].session.store.queries
    assert isinstance(queries, StoreQueries)
    key = queries.keys.known_key(case)
    return stored(district[name], "SELECT count(*) FROM change WHERE case_file = ?", key) != [(0,)]


def stood_in(district: District, do: Callable[[Dot], None] = lambda _case: None) -> Dot:
    """A case file of anna's in which ben stood in and wrote, and all of it is with the KI.

    `do`: what he does there besides.
    """
    case = open_case(district["anna"])
    district.round("anna", "sina")
    sina, since = district["sina"], "2026-01-01"
    entry = stand_ins.name_stand_in(sina.session, case, district.member("ben"), since, "", "other").record
    district.round("sina", "anna", "ben")
    edit_case(district["ben"], case, concern="Von Ben")
    do(case)
    district.round("ben", "sina", "anna", "ben")
    stand_ins.end_early(sina.session, entry)
    sina.orders.issue(OrderKind.END_ACCESS, "assignment_over", case, member=district.member("ben"))
    district.round("sina", "ben", "anna", "ben")
    return case


def test_only_the_members_computer_erases_it_after_14_days_by_both_clocks(three: District) -> None:
    case = stood_in(three)
    assert three["ben"].orders.follow_ended_access() == ()
    three.people["ben"].clock.move(days=15)
    assert three["ben"].orders.follow_ended_access() == ()
    relay_says(three, "ben", 15)
    assert three["ben"].orders.follow_ended_access() == (case,)
    assert [held(three, name, case) for name in ("ben", "anna", "sina")] == [False, True, True]
    assert three["ben"].orders.carry_out()


@pytest.mark.parametrize("kind", ["draft", "attachment"])
def test_what_a_stand_in_has_here_alone_keeps_it_until_they_put_it_away(
    three: District, tmp_path: Path, kind: str
) -> None:
    case, session = with_something_of_bens(three, tmp_path, kind)
    three.round("ben")
    assert held(three, "ben", case)
    if kind == "draft":
        cases.drop_draft(session, "Contact/new")
    else:
        (letter,) = session.store.queries.records(ATTACHMENT.name, case)
        attachments.remove(session, letter, "Abgeheftet")
    three.round("ben", "sina", "anna", "ben")
    assert not held(three, "ben", case)


def with_something_of_bens(district: District, folder: Path, kind: str) -> tuple[Dot, Session]:
    """A stand-in whose access ended two weeks ago, with a draft or an attachment that nobody else has."""
    case, session = (
        stood_in(district, lambda case: only_here(district, case, folder, kind)),
        district["ben"].session,
    )
    district.people["ben"].clock.move(days=15)
    relay_says(district, "ben", 15)
    return case, session


def only_here(district: District, case: Dot, folder: Path, kind: str) -> None:
    session = district["ben"].session
    if kind == "draft":
        cases.keep_draft(
            session, Draft("Contact/new", new_record(CONTACT, case), {"contact_note": "Kommt wieder"})
        )
        return
    letter = folder / "letter.txt"
    letter.write_bytes(b"Brief")
    attachments.add(session, case, letter, "letter", "", lambda _done, _total: None, lambda: False)


def test_until_then_the_person_is_told_why_and_when_it_goes(three: District) -> None:
    case = stood_in(three)
    session = three["ben"].session
    told = why_not_read(session, session.store.queries, case)
    assert told is not None
    today = three.people["ben"].clock.now().astimezone().date()
    assert (told.why, told.goes) == (Why.STAND_IN, (today + timedelta(days=14)).isoformat())


def test_a_stand_in_who_is_named_anew_on_the_same_day_keeps_the_case_file(three: District) -> None:
    case = stood_in(three)
    day = three.people["sina"].clock.now().astimezone().date().isoformat()
    stand_ins.name_stand_in(three["sina"].session, case, three.member("ben"), day, "", "illness")
    three.round("sina", "anna", "ben")
    three.people["ben"].clock.move(days=15)
    relay_says(three, "ben", 15)
    assert three["ben"].orders.follow_ended_access() == ()
    assert held(three, "ben", case)


def test_who_reads_it_by_another_case_file_of_the_family_goes_on_with_it(three: District) -> None:
    case = stood_in(three)
    anna, ben = three["anna"], three["ben"]
    own = open_case(ben)
    add(ben, "StandIn", own, stand_in=three.member("anna"), stand_in_since="2026-01-01")
    three.round("ben", "sina", "anna")
    anna.joined_files.merge(anna.joined_files.plan(own, case), "Eine Familie")
    for _ in range(2):
        three.round("anna", "sina", "ben")
    assert set(ben.session.store.queries.case_group(own)) == {own, case}
    three.people["ben"].clock.move(days=15)
    relay_says(three, "ben", 15)
    assert ben.orders.follow_ended_access() == ()
    assert held(three, "ben", case)


def test_a_supervisor_who_is_let_in_again_keeps_the_whole_family(three: District) -> None:
    anna, sina = three["anna"], three["sina"]
    three.join("ruth", Role.SUPERVISOR)
    three.round("sina", "ruth", "anna", "ruth", "anna")
    case, other = open_case(anna), open_case(anna)
    edit_case(anna, other, supervision=three.member("ruth"))
    anna.joined_files.merge(anna.joined_files.plan(case, other), "Eine Familie")
    give_consent(anna, case, "consent", supervision_item="no")
    anna.orders.issue(OrderKind.END_ACCESS, CONSENT_NO, case, member=three.member("sina"))
    give_consent(anna, case, "consent", supervision_item="yes")
    for _ in range(2):
        three.round("anna", "sina", "ruth")
    assert set(sina.session.store.queries.case_group(case)) == {case, other}
    three.people["sina"].clock.move(days=15)
    relay_says(three, "sina", 15)
    assert sina.orders.follow_ended_access() == ()
    assert held(three, "sina", other)


def test_who_leads_one_of_the_case_files_keeps_it_whatever_a_no_in_another_says(three: District) -> None:
    anna, ben = three["anna"], three["ben"]
    hers, his = open_case(anna), open_case(ben)
    for place, case, name in ((anna, hers, "ben"), (ben, his, "anna")):
        add(place, "StandIn", case, stand_in=three.member(name), stand_in_since="2026-01-01")
    for _ in range(2):
        three.round("anna", "ben", "sina")
    anna.joined_files.merge(anna.joined_files.plan(his, hers), "Eine Familie")
    give_consent(anna, hers, "consent", stand_in_item="no")
    ben.joined_files.merge(ben.joined_files.plan(hers, his), "Dieselbe")
    anna.orders.issue(OrderKind.END_ACCESS, CONSENT_NO, hers, member=three.member("ben"))
    for _ in range(2):
        three.round("anna", "ben", "sina")
    three.people["ben"].clock.move(days=15)
    relay_says(three, "ben", 15)
    ben.orders.follow_ended_access()
    assert held(three, "ben", his)


@pytest.mark.parametrize(("basis", "by"), [("assignment_over", "sina"), (CONSENT_NO, "anna")])
def test_who_leads_a_part_of_a_family_keeps_all_of_it_though_an_order_names_all(
    three: District, basis: str, by: str
) -> None:
    anna, ben = three["anna"], three["ben"]
    hers, his = open_case(anna), open_case(ben)
    for place, case, name in ((anna, hers, "ben"), (ben, his, "anna")):
        give_consent(place, case, "consent", supervision_item="yes", stand_in_item="yes")
        add(place, "StandIn", case, stand_in=three.member(name), stand_in_since="2026-01-01")
    for _ in range(2):
        three.round("anna", "ben", "sina")
    anna.joined_files.merge(anna.joined_files.plan(his, hers), "Eine Familie")
    for _ in range(2):
        three.round("anna", "ben", "sina")
    assert set(three[by].session.store.queries.case_group(hers)) == {hers, his}
    three[by].orders.issue(OrderKind.END_ACCESS, basis, hers, member=three.member("ben"))
    three.round(by, "ben", "anna", "sina", "ben")
    three.people["ben"].clock.move(days=15)
    relay_says(three, "ben", 15)
    assert ben.orders.follow_ended_access() == ()
    assert held(three, "ben", hers)


def two_with_a_stand_in(three: District) -> tuple[Dot, Dot]:
    """Let ben stand in for two case files of anna's."""
    anna = three["anna"]
    both = (open_case(anna, "eins"), open_case(anna, "zwei"))
    for case in both:
        give_consent(anna, case, "consent", stand_in_item="yes")
        add(anna, "StandIn", case, stand_in=three.member("ben"), stand_in_since="2026-01-01")
    for _ in range(2):
        three.round("anna", "ben", "sina")
    return both


def shut_out_of_both(three: District, both: tuple[Dot, Dot], refused_in: int) -> None:
    """Put the two together, and shut ben out by a no in one of them."""
    anna = three["anna"]
    anna.joined_files.merge(anna.joined_files.plan(*both), "Eine Familie")
    for _ in range(2):
        three.round("anna", "ben", "sina")
    # The first computer of the family to hear of it shuts ben out: he is told of the order, and of no no.
    give_consent(anna, both[refused_in], "consent", stand_in_item="no")
    for _ in range(2):
        three.round("anna", "ben", "sina")


def follow_after_14_days(three: District) -> None:
    for _ in range(3):
        three.round("anna", "ben", "sina")
    three.people["ben"].clock.move(days=15)
    relay_says(three, "ben", 15)
    three["ben"].orders.follow_ended_access()


@pytest.mark.parametrize("refused_in", [0, 1])
def test_a_no_that_was_said_in_what_is_one_no_more_ends_nothing(three: District, refused_in: int) -> None:
    both = two_with_a_stand_in(three)
    shut_out_of_both(three, both, refused_in)
    case_merging.part_case_files(three["anna"].session, case_file(three["anna"], both[0]), "Doch nicht")
    follow_after_14_days(three)
    kept = [held(three, "ben", case) for case in both]
    assert kept == [case != both[refused_in] for case in both]


def test_a_no_that_was_erased_ends_nothing_though_what_joined_the_case_files_stands(three: District) -> None:
    both = two_with_a_stand_in(three)
    order = three["sina"].orders.issue(OrderKind.ERASE, "client_wish", both[1])
    three.round("sina")
    shut_out_of_both(three, both, 1)
    three["anna"].orders.sign(order)
    follow_after_14_days(three)
    assert three["anna"].session.store.queries.case_group(both[0]) != (both[0],)
    assert [held(three, "ben", case) for case in both] == [True, False]


def test_the_relays_word_alone_ends_nothing_sooner(three: District) -> None:
    case = stood_in(three)
    relay_says(three, "ben", 400)
    assert three["ben"].orders.follow_ended_access() == ()
    assert held(three, "ben", case)


def test_what_was_not_sent_keeps_the_case_file(three: District) -> None:
    case = stood_in(three)
    with three["ben"]._engine.office.transaction() as post:
        post.records.requeue_case(case)
    unsent = "INSERT INTO outbox SELECT dot FROM change WHERE register = 'concern' ON CONFLICT DO NOTHING"
    stored(three["ben"], unsent)
    stored(three["ben"], "DELETE FROM sealed_change")
    three.people["ben"].clock.move(days=15)
    relay_says(three, "ben", 15)
    assert three["ben"].orders.follow_ended_access() == ()
    assert held(three, "ben", case)


def test_who_still_has_the_assignment_keeps_the_case_file(three: District) -> None:
    case = open_case(three["anna"])
    three.round("anna", "sina")
    three["sina"].orders.issue(OrderKind.END_ACCESS, "assignment_over", case, member=three.member("anna"))
    three.round("sina", "anna")
    three["anna"].orders.follow_ended_access()
    three.people["anna"].clock.move(days=15)
    relay_says(three, "anna", 15)
    assert three["anna"].orders.follow_ended_access() == ()
    assert held(three, "anna", case)


@pytest.mark.parametrize("wrote", [True, False])
def test_what_nobody_else_is_cleared_for_keeps_the_case_file(three: District, *, wrote: bool) -> None:
    anna, ben = three["anna"], three["ben"]
    three.join("ruth", Role.SUPERVISOR)
    three.round("sina", "ruth", "anna", "ben", "anna")
    case = open_case(anna)
    edit_case(anna, case, supervision=three.member("ruth"))
    give_consent(anna, case, "consent", supervision_item="yes", stand_in_item="yes")
    stand_ins.name_stand_in(anna.session, case, three.member("ben"), "2026-01-01", "", "other")
    three.round("anna", "ben")
    if wrote:
        add(ben, "Contact", case, at=1, topics=("health",), contact_kind="client", contact_note="nur Ben")
    give_consent(anna, case, "consent", stand_in_item="no")
    three.round("ben", "anna", "ruth", "ruth", "anna", "ben", "ben")
    assert ben.orders.follow_ended_access() == ()
    three.people["ben"].clock.move(days=15)
    relay_says(three, "ben", 15)
    assert ben.orders.follow_ended_access() == (() if wrote else (case,))
    assert held(three, "ben", case) is wrote


def test_what_only_two_have_whose_access_ends_stays_with_who_wrote_it(three: District) -> None:
    """Nobody else is cleared for it: each of them counted on the other."""
    anna, ben, sina = three["anna"], three["ben"], three["sina"]
    case = open_case(anna)
    add(anna, "StandIn", case, stand_in=three.member("ben"), stand_in_since="2026-01-01")
    for _ in range(2):
        three.round("anna", "ben", "sina")
    add(ben, "Contact", case, at=1, contact_kind="client", topics=("health",), contact_note="Befund")
    three.round("ben", "sina", "anna", "ben")
    give_consent(anna, case, "consent", supervision_item="no", stand_in_item="no")
    for name in ("sina", "ben"):
        anna.orders.issue(OrderKind.END_ACCESS, CONSENT_NO, case, member=three.member(name))
    for _ in range(2):
        three.round("anna", "ben", "sina")
    for name in ("sina", "ben"):
        three.people[name].clock.move(days=15)
        relay_says(three, name, 15)
    assert [three[name].orders.follow_ended_access() for name in ("sina", "ben")] == [(case,), ()]
    assert (held(three, "ben", case), sina.status().parcels) == (True, ())


def test_who_took_it_over_after_their_days_as_a_stand_in_and_left_keeps_it(three: District) -> None:
    case = stood_in(three)
    terms = Terms(three.member("ben"), client_present=True, client_agreed=True, identity_data="left")
    handovers.assign(three["sina"].session, case, terms)
    three.round("sina", "anna", "ben", "sina", "anna", "ben")
    leave(three, "ben")
    three.round("sina", "ben", "sina", "ben")
    three.people["ben"].clock.move(days=15)
    relay_says(three, "ben", 15)
    assert three["ben"].orders.follow_ended_access() == ()
