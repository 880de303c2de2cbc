"""What is left on one computer only comes back from there, whoever wrote it and whoever led the case file."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.audience import Role
from app.domain.dots import Dot
from app.domain.records import new_record
from app.domain.registry import REGISTRY
from app.services import cases, stand_ins
from sync.workplace import Workplace
from tests.support.brought_back import back_up, bring_back
from tests.support.district import District, case_file, edit_case, give_consent, open_case
from tests.support.keeper_district import index_of
from tests.sync.test_stand_in_dates import day


@pytest.fixture
def four(three: District) -> District:
    """Sina, anna, ben and cem, who know each other's prekeys."""
    three.join("cem")
    three.round()
    three.round()
    return three


def stand_in(place: Workplace, case: Dot, member: int) -> None:
    stand_ins.name_stand_in(place.session, case, member, day(-3), "", "holiday")


def word(district: District, name: str, case: Dot) -> str:
    return case_file(district[name], case).text("recognition_word")


def employers(place: Workplace) -> set[str]:
    found = place.session.store.queries.records("Employer", None)
    return {entry.text("employer_key") for entry in found}


def lose(district: District, *names: str) -> None:
    for name in names:
        district["sina"].keepers.suspend(index_of(district, name))
        district.people[name].lock()


def test_a_lost_colleagues_line_comes_back_from_a_stand_in(four: District, tmp_path: Path) -> None:
    """The client has refused supervision: only anna, ben and cem ever read it."""
    anna = four["anna"]
    case = open_case(anna)
    give_consent(anna, case, "consent", supervision_item="no", stand_in_item="yes")
    for name in ("ben", "cem"):
        stand_in(anna, case, four.member(name))
    four.round("anna", "ben", "cem", "sina", "anna")
    backup = back_up(four, "anna", tmp_path / "stick")
    edit_case(four["cem"], case, recognition_word="Apfelbaum")
    four.round("cem", "ben", "anna", "cem")
    lose(four, "cem")
    four.round("ben", "anna", "ben", "sina")
    bring_back(four, "anna", backup)
    assert word(four, "anna", case) == ""
    four.round("anna", "ben", "sina", "anna", "ben", "anna")
    assert word(four, "anna", case) == "Apfelbaum"


def test_a_lost_case_managers_line_comes_back_to_the_supervisor(four: District, tmp_path: Path) -> None:
    anna = four["anna"]
    case = open_case(anna)
    stand_in(anna, case, four.member("ben"))
    four.round("anna", "ben", "sina", "anna")
    backup = back_up(four, "sina", tmp_path / "stick")
    edit_case(anna, case, recognition_word="Apfelbaum")
    four.round("anna", "ben", "sina", "anna", "sina")
    lose(four, "anna")
    four.round("ben", "sina", "cem")
    bring_back(four, "sina", backup)
    assert word(four, "sina", case) == ""
    four.round("sina", "ben", "cem", "sina", "ben", "sina")
    assert word(four, "sina", case) == "Apfelbaum"


def test_who_had_not_answered_when_their_computer_was_lost_is_answered_for(
    four: District, tmp_path: Path
) -> None:
    anna, ruth = four["anna"], four.join("ruth", Role.SUPERVISOR)
    four["sina"].keepers.make_keeper(four.member("ruth"))
    four.round()
    four.round()
    case = open_case(anna)
    for name in ("ben", "ruth"):
        stand_in(anna, case, four.member(name))
    four.round("anna", "ben", "ruth", "sina", "anna")
    backup = back_up(four, "sina", tmp_path / "stick")
    edit_case(anna, case, recognition_word="Apfelbaum")
    four.round("anna", "ben", "ruth", "sina", "anna", "sina")
    bring_back(four, "sina", backup)
    four.round("sina", "ben", "cem", "ruth", "sina")
    assert word(four, "sina", case) == ""
    ruth.keepers.suspend(index_of(four, "anna"))
    four.people["anna"].lock()
    others = ("ben", "cem", "ruth")
    four.round("sina", *others, "sina", *others, "sina")
    assert word(four, "sina", case) == "Apfelbaum"


def test_a_lost_coordinators_entry_comes_back_to_the_only_supervisor(four: District, tmp_path: Path) -> None:
    kora = four.join("kora", Role.COORDINATOR)
    four.round()
    four.round()
    backup = back_up(four, "sina", tmp_path / "stick")
    named = new_record(REGISTRY["Employer"], None, employer_key="verband", employer_name="Verband")
    cases.save_record(kora.session, None, named)
    four.round("kora", "anna", "ben", "cem", "sina", "kora", "sina")
    lose(four, "kora")
    four.round("anna", "ben", "cem", "sina")
    bring_back(four, "sina", backup)
    assert employers(four["sina"]) == {"kreis"}
    four.round("sina", "anna", "ben", "cem", "sina", "anna", "sina")
    assert employers(four["sina"]) == {"kreis", "verband"}


def test_what_somebody_holds_unproven_is_told_back(four: District, tmp_path: Path) -> None:
    """Ben was told by anna what cem wrote, and keeps no proof of it."""
    anna = four["anna"]
    case = open_case(anna)
    give_consent(anna, case, "consent", supervision_item="no", stand_in_item="yes")
    stand_in(anna, case, four.member("cem"))
    four.round("anna", "cem", "anna", "sina")
    backup = back_up(four, "anna", tmp_path / "stick")
    edit_case(four["cem"], case, recognition_word="Apfelbaum")
    four.round("cem", "anna", "cem")
    stand_in(anna, case, four.member("ben"))
    four.round("anna", "ben")
    assert word(four, "ben", case) == "Apfelbaum"
    lose(four, "cem")
    four.round("sina", "ben", "anna")
    bring_back(four, "anna", backup)
    four.round("anna", "ben", "sina", "anna", "ben", "anna")
    assert word(four, "anna", case) == "Apfelbaum"


def test_who_may_not_vouch_holds_nothing_up_with_what_was_read_too_early(
    three: District, tmp_path: Path
) -> None:
    """Only the coordinator has read the figures of the lost computer before its suspension came to her."""
    three.join("kora", Role.COORDINATOR)
    three.join_again("anna2", "anna")
    three.round()
    three.round()
    open_case(three["anna"], municipality="Lindau")
    three.round("anna", "anna2", "sina", "kora", "anna")
    backup = back_up(three, "anna", tmp_path / "stick")
    open_case(three["anna2"], municipality="Hard")
    three.round("anna2", "kora")
    lose(three, "anna2")
    three.round("kora", "sina")
    bring_back(three, "anna", backup)
    three.round("anna", "kora", "sina", "ben", "anna", "kora", "sina", "anna")
    status = three["anna"].status()
    assert status.wanted is None
    # What is left are keys from the lost computer, which grants nothing any more.
    assert {item.reason for item in status.parcels if item.state == "held"} == {"lacks_prekey"}
