"""Computers whose clock is years off: everything arrives, is marked, and what comes behind is taken."""

from __future__ import annotations

import pytest

from sync.workplace import Workplace
from tests.support.district import District, case_file, edit_case, open_case, stored

YEARS = 3650


def all_is_well(*places: Workplace) -> bool:
    return all(place.status().parcels == () and place.status().gaps == () for place in places)


@pytest.mark.parametrize("days", [YEARS, -YEARS])
def test_a_clock_years_off_keeps_nothing_back_and_is_put_right(district: District, days: int) -> None:
    anna, sina, clock = district["anna"], district["sina"], district.people["anna"].clock
    clock.move(days=days)
    case = open_case(anna, "mit falscher Uhr")
    district.round("anna", "sina", "anna")
    assert case_file(sina, case).text("concern") == "mit falscher Uhr"
    with sina._engine.office.transaction() as post:
        marked = len(post.into.clock_wrong())
    assert (marked > 0) == (days > 0)
    clock.move(days=-days)
    edit_case(anna, case, concern="mit richtiger Uhr")
    district.round("anna", "sina", "anna")
    edit_case(sina, case, concern="vom KI")
    district.round("sina", "anna", "sina")
    assert [case_file(place, case).text("concern") for place in (anna, sina)] == ["vom KI"] * 2
    assert sina.session.store.queries.conflicts(5) == ()
    assert all_is_well(anna, sina)


@pytest.mark.parametrize("days", [YEARS, -YEARS])
def test_a_reader_whose_clock_is_years_off_reads_on(district: District, days: int) -> None:
    anna, sina = district["anna"], district["sina"]
    first = open_case(anna, "vorher")
    district.round("anna", "sina")
    district.people["sina"].clock.move(days=days)
    edit_case(anna, first, concern="nachher")
    later = open_case(anna, "neu")
    district.round("anna", "sina", "anna", "sina")
    assert [case_file(sina, case).text("concern") for case in (first, later)] == ["nachher", "neu"]
    assert all_is_well(anna, sina)
    district.people["sina"].clock.move(days=-days)
    edit_case(anna, later, concern="danach")
    district.round("anna", "sina")
    assert case_file(sina, later).text("concern") == "danach"
    assert all_is_well(anna, sina)
    assert stored(anna, "SELECT count(*) FROM parcel") == [(0,)]


@pytest.mark.parametrize("days", [-YEARS, 2])
def test_what_is_written_after_something_was_read_is_shown_behind_it_unless_that_clock_ran_ahead(
    district: District, days: int
) -> None:
    """Within a day of the relay's time another's clock is taken over, whatever the own one says."""
    anna, sina = district["anna"], district["sina"]
    case = open_case(anna, "von Anna")
    district.round("anna", "sina")
    district.people["sina" if days < 0 else "anna"].clock.move(days=days)
    edit_case(anna, case, concern="noch einmal von Anna")
    district.round("anna", "sina")
    edit_case(sina, case, concern="dann vom KI")
    told = sina.session.store.queries.history(case, 100)
    newest = next(item for item in told if "concern" in item.values)
    assert newest.values["concern"] == ("dann vom KI" if days < 0 else "noch einmal von Anna")
