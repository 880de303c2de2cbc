"""Somebody left the district, and nobody opens their computer any more: others go on with what it wrote."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.dots import Dot
from app.services import stand_ins
from tests.support.district import District, case_file, edit_case, open_case
from tests.support.handovers import CONCERN, pass_days, relay_says, settled
from tests.support.keeper_district import leave
from tests.support.parcels import give_directly
from tests.support.templates import Templates
from tests.sync.test_passed_over import with_three_managers


@pytest.fixture
def four(tmp_path: Path, templates: Templates) -> Iterator[District]:
    """Sina, anna, ben and cem, who know each other's prekeys."""
    with templates.copy(tmp_path / "district", with_three_managers) as (founded, _):
        yield founded


def name_stand_in(district: District, name: str, case: Dot, member: str) -> None:
    stand_ins.name_stand_in(district[name].session, case, district.member(member), "", "", "holiday")


def test_a_stand_in_who_is_named_then_gets_the_case_file_from_its_supervisor(four: District) -> None:
    case = open_case(four["anna"])
    edit_case(four["anna"], case, recognition_word="Apfelbaum")
    four.round("anna", "sina")
    leave(four, "anna")
    name_stand_in(four, "sina", case, "ben")
    four.round("sina", "ben")
    assert case_file(four["ben"], case).text("recognition_word") == "Apfelbaum"


def test_what_reached_one_of_the_readers_alone_is_told_on_to_the_others(four: District) -> None:
    case = open_case(four["anna"])
    name_stand_in(four, "anna", case, "ben")
    four.round("anna", "sina", "ben", "anna", "sina", "ben")
    edit_case(four["anna"], case, recognition_word="Apfelbaum")
    give_directly(four["anna"], four["sina"])
    leave(four, "anna")
    four.round("sina", "ben", "sina", "ben")
    assert case_file(four["ben"], case).text("recognition_word") == "Apfelbaum"


def test_who_took_a_case_file_over_gives_nothing_of_it_up_when_they_leave(four: District) -> None:
    case = settled(four)
    leave(four, "ben")
    four.round("sina", "ben", "sina", "ben")
    relay_says(four, "ben", 15)
    pass_days(four, 15)
    four.round("ben")
    assert case_file(four["ben"], case).text("concern") == CONCERN


def test_what_reached_a_stand_in_alone_is_told_to_who_leads(four: District) -> None:
    case = open_case(four["anna"])
    for name in ("ben", "cem"):
        name_stand_in(four, "anna", case, name)
    four.round("anna", "sina", "ben", "cem", "anna", "sina", "ben", "cem")
    edit_case(four["ben"], case, recognition_word="Apfelbaum")
    give_directly(four["ben"], four["cem"])
    leave(four, "ben")
    four.round("sina", "cem", "anna", "sina")
    for name in ("cem", "anna", "sina"):
        assert case_file(four[name], case).text("recognition_word") == "Apfelbaum"
