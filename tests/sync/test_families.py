"""What follows for others when case files become one, fall apart, or somebody leaves and returns."""

from __future__ import annotations

import pytest

from app.domain.dots import Dot
from app.domain.errors import CaseMergeError
from app.domain.schema import ALIAS
from app.services import case_merging, case_splitting, cases, merging
from sync.sending.giving_back import GivingBack
from sync.sending.own_channels import Channels
from sync.sending.reach import Audiences
from sync.sending.telling import LASTING, Telling
from sync.taking.asking import standing_ask, state_wanted
from tests.support.belonging import REASON, identity, labels, merge
from tests.support.district import District, add, case_file, edit_case, give_consent, open_case
from tests.support.keeper_district import leave
from tests.support.parcels import give_directly


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


def with_a_stand_in_of_each(two: tuple[District, Dot, Dot]) -> tuple[District, Dot, Dot]:
    """Let carl stand in for anna's case file alone, and dora for ben's."""
    district, hers, his = two
    for giver, case, name in (("anna", hers, "carl"), ("ben", his, "dora")):
        district.join(name)
        stand_in(district, giver, case, name)
    for _ in range(2):
        district.round("sina", "anna", "ben", "carl", "dora")
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


def test_what_was_written_where_others_lead_is_told_by_itself(two: tuple[District, Dot, Dot]) -> None:
    """Its reader may not know who leads there, and holds it: the case files that anna leads must not wait."""
    district, hers, his = two
    anna, ben = district["anna"], district["ben"]
    for place, case in ((anna, his), (ben, hers)):
        add(place, "Contact", case, at=1, contact_kind="client", contact_note="gesprochen")
    for _ in range(2):
        district.round("anna", "ben", "sina")
    engine, member = anna._engine, district.member("sina")
    with engine.office.transaction() as post:
        channels = Channels(engine)
        state = [change for case in (hers, his) for change in post.asking.state_of_case(case, LASTING)]
        Telling(engine, channels).tell(post, channels.open(post, frozenset({member})), state)
        parts = [post.asking.changes_in_state(item) for item in post.out.unsent_places()]
    told = [{change.case for change in part} for part in parts if part]
    assert sorted(told, key=str) == sorted([{hers}, {his}], key=str)


def test_who_reads_a_family_may_put_it_together_with_another_while_it_is_one(
    two: tuple[District, Dot, Dot],
) -> None:
    district, hers, his = two
    anna, carl = district["anna"], district.join("carl")
    stand_in(district, "anna", hers, "carl")
    district.round("sina", "ben", "anna", "carl", "anna", "ben")
    merge(anna, hers, his)
    for _ in range(2):
        district.round("anna", "ben", "carl")
    third = open_case(carl, "drei")
    merge(carl, his, third)
    for _ in range(2):
        district.round("carl", "ben", "anna", "sina")
    for name in ("anna", "ben", "carl", "sina"):
        assert set(district[name].session.store.queries.case_group(hers)) == {hers, his, third}
    for source in (hers, his):
        case_merging.part_case_files(anna.session, case_file(anna, source), REASON)
    for _ in range(2):
        district.round("anna", "ben", "carl")
    assert case_file(carl, his).text("concern") == "zwei"
    with pytest.raises(CaseMergeError):
        merge(carl, his, third)


def test_who_reads_what_a_case_file_was_one_with_is_told_though_they_become_known_later(
    two: tuple[District, Dot, Dot],
) -> None:
    district, hers, his = with_a_stand_in_of_each(two)
    anna, carl, dora = (district[name] for name in ("anna", "carl", "dora"))
    merge(anna, hers, his)
    district.round("anna", "dora", "carl")
    assert set(dora.session.store.queries.case_group(his)) == {hers, his}
    assert carl.session.store.queries.record("CaseFile", his) is None
    merge(carl, hers, open_case(carl, "drei"))
    for _ in range(2):
        district.round("ben", "carl", "dora")
    assert dora.session.store.queries.case_group(his) == (his,)


def test_what_was_written_of_somebody_who_had_left_reaches_those_who_read_them_now(
    two: tuple[District, Dot, Dot],
) -> None:
    district, hers, _his = two
    anna, ben, sina = district["anna"], district["ben"], district["sina"]
    add(anna, "Person", hers, label="Person 1")
    leaves = identity(add(anna, "Person", hers, label="Person 2"))
    give_consent(anna, hers, "consent", supervision_item="no")
    for _ in range(2):
        district.round("anna", "ben", "sina")
    shown = ben.session.store.queries.record("Person", leaves)
    assert shown is not None
    done = case_splitting.split_case_file(anna.session, hers, [leaves], {}, REASON)
    district.round("anna")
    cases.save_record(ben.session, shown, shown.edited(nationality="Syrien"))
    for _ in range(2):
        district.round("ben", "anna", "sina")
    (seen,) = sina.session.store.queries.records("Person", identity(done.case_file))
    assert seen.text("nationality") == "Syrien"


def test_who_is_asked_and_reads_only_one_of_two_case_files_answers_with_effect(
    two: tuple[District, Dot, Dot],
) -> None:
    district, hers, his = two
    anna, ben, carl = district["anna"], district["ben"], district.join("carl")
    stand_in(district, "anna", hers, "carl")
    for _ in range(2):
        district.round("sina", "anna", "ben", "carl")
    merge(anna, hers, his)
    merge(ben, hers, his)
    for _ in range(2):
        district.round("anna", "ben", "carl")
    assert carl.session.store.queries.case_group(hers) == (hers,)
    question = carl.session.store.queries.conflict(hers, ALIAS)
    assert question is not None
    merging.take_head(carl.session, question, question.heads[0], REASON)
    for _ in range(2):
        district.round("carl", "anna", "ben", "sina")
    for name in ("anna", "ben", "carl", "sina"):
        assert set(district[name].session.store.queries.case_group(hers)) == {hers, his}


def test_whom_only_an_alias_names_reads_nothing_against_the_no_of_the_client(
    two: tuple[District, Dot, Dot],
) -> None:
    district, hers, his = two
    anna, carl = district["anna"], district.join("carl")
    stand_in(district, "anna", hers, "carl")
    give_consent(anna, hers, "consent", supervision_item="no")
    for _ in range(2):
        district.round("sina", "anna", "carl", "ben")
    merge(anna, hers, his)
    district.round("anna", "carl")
    assert carl.session.store.queries.record("CaseFile", his) is None
    with carl._engine.office.transaction() as post:
        readers = Audiences(carl._engine, post).readers(hers)
    assert readers == {district.member(name) for name in ("anna", "ben", "carl")}


def test_words_about_what_is_one_hold_up_nothing_else_that_goes_to_the_other_side(
    two: tuple[District, Dot, Dot],
) -> None:
    district, hers, his = two
    sina, carl = district["sina"], district.join("carl")
    stand_in(district, "ben", his, "carl")
    give_consent(district["anna"], hers, "consent", stand_in_item="no")
    for _ in range(2):
        district.round("sina", "ben", "anna", "carl")
    merge(sina, hers, his)
    district.round("sina")
    case_merging.part_case_files(sina.session, case_file(sina, hers), REASON)
    edit_case(sina, his, concern="für die anderen")
    district.round("sina", "carl")
    assert carl.session.store.queries.record("CaseFile", hers) is None
    assert case_file(carl, his).text("concern") == "für die anderen"
    assert {item.reason for item in carl.status().parcels} == {"about_others"}
    with carl._engine.office.transaction() as post:
        assert standing_ask(post) is None

    # They are kept, and so acknowledged: else nothing behind them would ever count as read.
    district.round("sina", "ben", "anna", "carl", "sina", "ben", "anna", "sina")
    with sina._engine.office.transaction() as post:
        assert post.out.kept() == ()
    assert {item.reason for item in carl.status().parcels} == {"about_others"}


def test_who_heard_that_two_are_one_hears_the_rest_though_the_relays_answer_was_cut(
    two: tuple[District, Dot, Dot],
) -> None:
    district, _hers, his = with_a_stand_in_of_each(two)
    anna, dora = district["anna"], district["dora"]
    own = open_case(anna, "für niemanden sonst")
    give_consent(anna, own, "consent", supervision_item="no")
    merge(anna, own, his)
    # Nobody told anna that this arrived: it goes with what is not for dora any more, and is taken back.
    give_directly(anna, dora)
    assert set(dora.session.store.queries.case_group(his)) == {own, his}
    case_merging.part_case_files(anna.session, case_file(anna, own), REASON)
    district.round("anna", "dora")
    assert dora.session.store.queries.case_group(his) == (his,)


def test_what_is_read_only_while_two_are_one_holds_up_nothing_of_what_stays(
    two: tuple[District, Dot, Dot],
) -> None:
    district, hers, his = with_a_stand_in_of_each(two)
    sina, dora = district["sina"], district["dora"]
    merge(sina, hers, his)
    edit_case(sina, hers, concern="für die einen")
    edit_case(sina, his, concern="für die anderen")
    district.round("sina")
    case_merging.part_case_files(sina.session, case_file(sina, hers), REASON)
    district.round("sina", "anna", "ben", "dora")
    assert dora.session.store.queries.record("CaseFile", hers) is None
    assert case_file(dora, his).text("concern") == "für die anderen"


def test_what_the_responsible_told_already_waits_for_nobodys_assignment(
    two: tuple[District, Dot, Dot],
) -> None:
    district, hers, his = with_a_stand_in_of_each(two)
    anna, carl, dora = (district[name] for name in ("anna", "carl", "dora"))
    merge(anna, hers, his)
    for _ in range(2):
        district.round("anna", "dora")
    case_merging.part_case_files(anna.session, case_file(anna, hers), REASON)
    edit_case(dora, hers, concern="solange es eine war")
    district.round("dora", "anna")
    engine, member = anna._engine, district.member("carl")
    with engine.office.transaction() as post:
        Telling(engine, Channels(engine)).tell_newcomer(post, member, {hers: frozenset({member})})
    district.round("anna", "carl")
    assert case_file(carl, hers).text("concern") == "solange es eine war"
    assert "lacks_assignment" not in {item.reason for item in carl.status().parcels}


def test_what_was_written_for_a_reader_for_a_moment_only_holds_up_nothing_else(
    two: tuple[District, Dot, Dot],
) -> None:
    district, hers, his = two
    sina, carl = district["sina"], district.join("carl")
    stand_in(district, "ben", his, "carl")
    for _ in range(2):
        district.round("sina", "ben", "anna", "carl")
    stand_in(district, "sina", hers, "carl")
    edit_case(sina, hers, concern="für die einen")
    edit_case(sina, his, concern="für die anderen")
    district.round("sina")
    give_consent(sina, hers, "consent", stand_in_item="no")
    district.round("sina", "anna", "ben", "carl")
    assert carl.session.store.queries.record("CaseFile", hers) is None
    assert case_file(carl, his).text("concern") == "für die anderen"

    # Once its sender has told everything else, all others are asked, once; then nobody is.
    with carl._engine.office.transaction() as post:
        assert standing_ask(post) is not None
        assert state_wanted(post) is None
    district.round("sina", "carl")
    with carl._engine.office.transaction() as post:
        assert state_wanted(post) == "stuck"
    district.round("sina", "anna", "ben", "carl", "carl")
    for _ in range(2):
        district.round("sina", "anna", "ben", "carl")
    with carl._engine.office.transaction() as post:
        assert (standing_ask(post), state_wanted(post)) == (None, None)


def test_what_a_reader_of_the_family_for_a_moment_wrote_is_told_on_by_who_leads(
    two: tuple[District, Dot, Dot],
) -> None:
    """carl cannot tell that dora ever worked there, and is not told what she wrote over."""
    district, hers, his = two
    anna, ben = district["anna"], district["ben"]
    carl, dora = district.join("carl"), district.join("dora")
    stand_in(district, "anna", hers, "carl")
    for _ in range(2):
        district.round("sina", "anna", "ben", "carl", "dora")
    stand_in(district, "sina", his, "dora")
    district.round("sina", "dora")
    merge(anna, his, hers)
    merge(ben, hers, his)
    district.round("anna", "dora")
    edit_case(dora, hers, concern="von dora")
    edit_case(dora, hers, concern="noch einmal von dora")
    for _ in range(3):
        district.round("ben", "anna", "dora", "carl", "sina")
    assert carl.session.store.queries.case_group(hers) == (hers,)
    assert case_file(carl, hers).text("concern") == "noch einmal von dora"
    assert "lacks_assignment" not in {item.reason for item in carl.status().parcels}


def test_who_stands_in_where_somebody_was_for_a_day_hears_that_they_left(
    two: tuple[District, Dot, Dot],
) -> None:
    """Ben, who brought them back and left the district then, had never heard of carl."""
    district, hers, _his = two
    anna, ben, carl = district["anna"], district["ben"], district.join("carl")
    add(anna, "Person", hers, label="Person 1")
    leaves = identity(add(anna, "Person", hers, label="Person 2"))
    for _ in range(2):
        district.round("sina", "anna", "ben", "carl")
    done = case_splitting.split_case_file(anna.session, hers, [leaves], {}, REASON)
    begun = identity(done.case_file)
    stand_in(district, "anna", begun, "ben")
    district.round("anna", "ben")
    case_splitting.take_back(ben.session, hers, done.entry, REASON)
    district.round("ben")
    stand_in(district, "anna", begun, "carl")
    give_directly(anna, carl)
    assert labels(carl, begun) == ["Person 2"]
    leave(district, "ben")
    district.round("sina", "anna", "anna", "carl")
    assert labels(carl, begun) == []


def test_what_a_reader_of_the_family_for_a_moment_wrote_is_taken_from_whoever_works_there(
    two: tuple[District, Dot, Dot],
) -> None:
    """Who leads may not have it, where it is sensitive; carl cannot tell that dora ever worked there."""
    district, hers, his = with_a_stand_in_of_each(two)
    anna, ben, carl, dora = (district[name] for name in ("anna", "ben", "carl", "dora"))
    merge(anna, hers, his)
    for _ in range(2):
        district.round("anna", "dora", "ben")
    case_merging.part_case_files(anna.session, case_file(anna, hers), REASON)
    edit_case(dora, hers, concern="solange es eine war")
    for _ in range(2):
        district.round("dora", "ben")
    engine, member = ben._engine, frozenset({district.member("carl")})
    with engine.office.transaction() as post:
        channels, written = Channels(engine), post.asking.state_of_case(hers, LASTING)
        doras = [item for item in written if item.author == district.member("dora")]
        back = GivingBack(engine, post, doras)
        Telling(engine, channels).tell_proven(post, channels.open(post, member), back)
    give_directly(ben, carl)
    assert case_file(carl, hers).text("concern") == "solange es eine war"
