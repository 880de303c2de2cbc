"""What somebody wrote who is told nothing any more reaches those whom they did not know."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from app.domain.audience import Role
from app.domain.dots import Dot
from app.services import case_merging, case_splitting, handovers, stand_ins
from sync.workplace import Workplace
from tests.support.belonging import identity, labels
from tests.support.brought_back import back_up, bring_back
from tests.support.district import District, add, case_file, edit_case, give_consent, open_case, stored
from tests.support.folder import exchange
from tests.support.handovers import ask, latest, relay_says, settled
from tests.support.keeper_district import index_of
from tests.support.parcels import give_directly, hand_over, sealed_items
from tests.support.templates import Templates, with_anna_and_ben
from tests.sync.test_stand_in_dates import day


def with_three_managers(founded: District) -> None:
    with_anna_and_ben(founded)
    founded.join("cem")
    founded.round()
    founded.round()


@pytest.fixture
def four(tmp_path: Path, templates: Templates) -> Iterator[District]:
    """Sina, anna, ben and cem, who know each other's prekeys."""
    with templates.copy(tmp_path / "district", with_three_managers) as (founded, _):
        yield founded


def name_stand_in(place: Workplace, case: Dot, member: int, since: str = "", until: str = "") -> None:
    stand_ins.name_stand_in(place.session, case, member, since, until, "holiday")


def word(district: District, name: str, case: Dot) -> str:
    return case_file(district[name], case).text("recognition_word")


def pass_days(district: District, days: int) -> None:
    for name, person in district.people.items():
        person.clock.move(days=days)
        relay_says(district, name, days)


def test_a_stand_in_whose_days_are_over_wrote_for_those_they_knew(four: District) -> None:
    anna, ben = four["anna"], four["ben"]
    case = open_case(anna)
    name_stand_in(anna, case, four.member("ben"), day(-3), day(1))
    four.round("anna", "sina", "ben", "anna")
    edit_case(ben, case, recognition_word="Apfelbaum")
    four.round("ben")
    pass_days(four, 2)
    name_stand_in(anna, case, four.member("cem"), day(0), day(9))
    four.round("anna", "anna", "cem")
    assert word(four, "cem", case) == "Apfelbaum"
    assert four.round("anna").envelopes_up == 0


def test_who_was_shut_out_and_lost_their_disk_brings_again_nothing_that_only_one_has(
    four: District, tmp_path: Path
) -> None:
    anna, ben = four["anna"], four["ben"]
    case = open_case(anna)
    name_stand_in(anna, case, four.member("ben"))
    four.round("anna", "sina", "ben", "anna")
    backup = back_up(four, "ben", tmp_path / "stick")
    edit_case(ben, case, recognition_word="Apfelbaum")
    give_directly(ben, anna)
    give_consent(anna, case, "consent", stand_in_item="no")
    bring_back(four, "ben", backup)
    four.round("ben", "anna", "sina")
    assert word(four, "sina", case) == "Apfelbaum"
    assert four.round("anna", "anna").envelopes_up == 0


def test_a_supervisor_who_was_replaced_wrote_for_those_they_knew(four: District) -> None:
    four.join("ruth", Role.SUPERVISOR)
    four.round()
    four.round()
    anna, sina = four["anna"], four["sina"]
    case = open_case(anna)
    four.round("anna", "sina")
    edit_case(sina, case, recognition_word="Apfelbaum")
    four.round("sina")
    edit_case(anna, case, supervision=four.member("ruth"))
    four.round("anna", "anna", "ruth")
    assert word(four, "ruth", case) == "Apfelbaum"


def test_who_reads_the_other_of_two_case_files_hears_that_a_stand_in_of_then_parted_them(
    four: District,
) -> None:
    four.join("ruth", Role.SUPERVISOR)
    four.round()
    four.round()
    anna, ben, cem, ruth = (four[name] for name in ("anna", "ben", "cem", "ruth"))
    hers, his = open_case(anna), open_case(ben)
    for place, case in ((anna, hers), (ben, his)):
        name_stand_in(place, case, four.member("cem"), day(-3), day(1))
    name_stand_in(ben, his, four.member("anna"), day(-3), day(9))
    four.round("anna", "ben", "anna", "sina")
    anna.joined_files.merge(anna.joined_files.plan(his, hers), "dieselbe Familie")
    four.round("anna", "ben", "sina", "cem")
    case_merging.part_case_files(cem.session, case_file(cem, his), "doch nicht")
    pass_days(four, 2)
    edit_case(anna, hers, supervision=four.member("ruth"))
    four.round("anna", "anna", "ben", "ruth")
    assert set(ruth.session.store.queries.case_group(hers)) == {hers, his}

    four.round("cem", "ben", "ruth")

    assert ruth.session.store.queries.case_group(hers) == (hers,)


def test_a_second_computer_of_who_gave_the_case_file_up_wrote_for_those_it_knew(four: District) -> None:
    four.join_again("anna2", "anna")
    four.round()
    four.round()
    case = open_case(four["anna"])
    four.round("anna", "anna2", "sina")
    edit_case(four["anna2"], case, recognition_word="Apfelbaum")
    ask(four, case)
    four.round("anna", "ben")
    handovers.accept(four["ben"].session, latest(four["ben"], case).asked)
    four.round(*("ben", "anna") * 4, "ben")
    assert latest(four["ben"], case).status == "released"
    name_stand_in(four["ben"], case, four.member("cem"))
    four.round("ben", "cem", "anna2", "anna2", "ben", "ben", "cem")
    assert word(four, "ben", case) == "Apfelbaum"
    assert word(four, "cem", case) == "Apfelbaum"


def test_a_suspended_computers_lines_reach_whom_it_did_not_know(four: District) -> None:
    anna, ben = four["anna"], four["ben"]
    case = open_case(anna)
    name_stand_in(anna, case, four.member("ben"))
    four.round("anna", "sina", "ben", "anna")
    edit_case(ben, case, recognition_word="Apfelbaum")
    four.round("ben", "sina")
    four["sina"].keepers.suspend(index_of(four, "ben"))
    name_stand_in(anna, case, four.member("cem"))
    four.round("anna", "anna", "cem")
    assert word(four, "anna", case) == "Apfelbaum"
    assert word(four, "cem", case) == "Apfelbaum"
    assert four["cem"].status().parcels == ()


def test_after_a_suspension_only_what_that_computer_wrote_is_told_on(four: District) -> None:
    """Sina and cem have the other sixty entries: what anna sent them, and what they wrote."""
    anna, ben = four["anna"], four["ben"]
    case = open_case(anna)
    for manager in ("ben", "cem"):
        name_stand_in(anna, case, four.member(manager))
    for number in range(60):
        note = sha256(bytes([number])).hexdigest()
        add(four["cem" if number == 59 else "anna"], "Contact", case, at=number, contact_note=note)
        if number == 58:
            four.round("anna", "sina", "ben", "cem")
    edit_case(ben, case, recognition_word="Apfelbaum")
    four.round(*("ben", "cem", "sina", "anna") * 2)
    before = unread(anna)
    four["sina"].keepers.suspend(index_of(four, "ben"))
    four.round("sina", "anna")
    new = unread(anna) - before
    assert len(new) == 2, "one for both readers, and what proves it"
    assert sum(size for _digest, size in new) < 2_000, "8,399 bytes for the whole case file, twice"
    four.round("cem", "sina")
    assert [word(four, name, case) for name in ("cem", "sina")] == ["Apfelbaum"] * 2
    assert four.round("anna").envelopes_up == 0


def unread(place: Workplace) -> set[tuple[bytes, int]]:
    """Give hash and size of the envelopes that not all have read yet."""
    return set(stored(place, "SELECT digest, length(sealed) FROM sealed WHERE sealed IS NOT NULL"))


def test_a_suspended_computers_lines_reach_whom_only_a_stick_missed(three: District, tmp_path: Path) -> None:
    """The parcel is sealed for anna too, and lies on a stick that only sina ever saw."""
    anna, ben, sina = three["anna"], three["ben"], three["sina"]
    case = open_case(anna)
    name_stand_in(anna, case, three.member("ben"))
    three.round("anna", "sina", "ben", "anna")
    edit_case(ben, case, recognition_word="Apfelbaum")
    for place in (ben, sina):
        exchange(place, tmp_path)
    sina.keepers.suspend(index_of(three, "ben"))
    three.round("sina", "anna", "sina", "anna")
    assert word(three, "sina", case) == "Apfelbaum"
    assert word(three, "anna", case) == "Apfelbaum"
    assert anna.status().gaps == ()
    assert [three.round(name).envelopes_up for name in ("sina", "anna")] == [0, 0]


def test_what_came_by_a_stick_alone_and_was_voided_by_its_writer_is_told_on(
    three: District, tmp_path: Path
) -> None:
    """Ben cannot know who reads the new case file of the person he had added, and takes all of it back."""
    anna, ben, sina = three["anna"], three["ben"], three["sina"]
    case = open_case(anna)
    add(anna, "Person", case, label="Mutter")
    name_stand_in(anna, case, three.member("ben"))
    three.round("anna", "sina", "ben", "anna")
    child = identity(add(ben, "Person", case, label="Kind"))
    for place in (ben, sina):
        exchange(place, tmp_path)
    left = case_splitting.split_case_file(sina.session, case, [child], {}, "zieht aus").case_file
    for place in (sina, ben):
        exchange(place, tmp_path)
    three.round("ben", "sina", "anna")
    assert labels(anna, identity(left)) == ["Kind"]


def test_lines_that_came_in_a_state_reach_whom_their_writer_did_not_know(four: District) -> None:
    """Ben takes over and names cem before anna's state has come, in which a former stand-in's lines are."""
    four.join("dora")
    four.round()
    four.round()
    anna, ben, dora = four["anna"], four["ben"], four["dora"]
    case = open_case(anna)
    name_stand_in(anna, case, four.member("dora"), day(-3), day(1))
    four.round("anna", "sina", "dora", "anna")
    edit_case(dora, case, recognition_word="Apfelbaum")
    four.round("dora", "anna")
    pass_days(four, 2)
    ask(four, case)
    four.round("anna", "ben")
    handovers.accept(ben.session, latest(ben, case).asked)
    four.round("ben", "anna")
    name_stand_in(ben, case, four.member("cem"))
    four.round("ben", "anna", "ben", "anna", "ben", "cem")
    assert word(four, "ben", case) == "Apfelbaum"
    assert word(four, "cem", case) == "Apfelbaum"


def test_where_the_case_managers_computer_is_gone_the_supervisor_tells(four: District) -> None:
    sina, anna = four["sina"], four["anna"]
    case = open_case(anna)
    edit_case(anna, case, recognition_word="Apfelbaum")
    four.round("anna", "sina")
    sina.keepers.suspend(index_of(four, "anna"))
    name_stand_in(sina, case, four.member("cem"))
    four.round("sina", "cem")
    assert word(four, "cem", case) == "Apfelbaum"


def test_a_stand_in_named_just_before_the_computer_was_lost_is_told_by_the_supervisor(
    four: District,
) -> None:
    sina, anna = four["sina"], four["anna"]
    case = open_case(anna)
    edit_case(anna, case, recognition_word="Apfelbaum")
    four.round("anna", "sina")
    four.people["cem"].lock()
    name_stand_in(anna, case, four.member("cem"))
    items = sealed_items(anna, sina)
    hand_over(sina, items)
    sina.keepers.suspend(index_of(four, "anna"))
    four.round("sina", "cem")
    assert word(four, "cem", case) == "Apfelbaum"


def test_what_a_handover_leaves_is_told_once(three: District) -> None:
    case = settled(three)
    three.round("ben", "sina", "anna")
    assert [three.round(name).envelopes_up for name in ("ben", "sina", "anna")] == [0, 0, 0]
    edit_case(three["ben"], case, concern="weiter")
    assert three.round("ben").envelopes_up == 1
    assert [three.round(name).envelopes_up for name in ("sina", "ben", "sina")] == [0, 0, 0]
