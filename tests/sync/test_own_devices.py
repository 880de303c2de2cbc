"""Two devices of one member: a case file that both of them write in counts once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.audience import Role
from app.domain.declarations import FIGURES
from app.domain.dots import Dot
from app.domain.records import Record
from sync.workplace import Workplace
from tests.support.district import District, edit_case, open_case, stored
from tests.support.parcels import give_directly
from tests.support.templates import Templates, with_anna

ORDERS = [("anna", "laptop"), ("laptop", "anna")]


def with_two_devices(founded: District) -> None:
    with_anna(founded)
    founded.join("cora", Role.COORDINATOR)
    founded.join_again("laptop", "anna")
    founded.round("sina", "anna", "laptop", "sina", "cora", "anna", "laptop")


@pytest.fixture
def both(tmp_path: Path, templates: Templates) -> Iterator[District]:
    """Give a district with a coordinator, in which anna works on two devices, `anna` and `laptop`."""
    with templates.copy(tmp_path / "district", with_two_devices) as (founded, _):
        yield founded


def figures(place: Workplace) -> tuple[Record, ...]:
    return place.session.store.queries.records(FIGURES.name, None)


def counting(place: Workplace) -> list[tuple[str, ...]]:
    """Give the facts of all figures in which something stands, in sight of somebody."""
    return [item.items("facts") for item in figures(place) if item.items("facts")]


def begun_apart(both: District) -> Dot:
    """Give a case file that lies on both devices, of which neither has written figures."""
    case = open_case(both["anna"], municipality="Lindau")
    give_directly(both["anna"], both["laptop"])
    assert counting(both["anna"]) == counting(both["laptop"]) == []
    return case


@pytest.mark.parametrize(("first", "second"), ORDERS)
def test_the_second_device_goes_on_with_the_figures_of_the_first(
    both: District, first: str, second: str
) -> None:
    case = open_case(both[first], municipality="Lindau")
    both.round(first, second)
    edit_case(both[second], case, municipality="Hard")
    both.round(second, first, second, "sina", "cora")
    for name in ("anna", "laptop", "sina", "cora"):
        (record,) = figures(both[name])
        assert "1:CaseFile.municipality=Hard" in record.items("facts")


@pytest.mark.parametrize(("first", "second"), ORDERS)
def test_figures_that_two_devices_began_apart_count_once(both: District, first: str, second: str) -> None:
    case = begun_apart(both)
    both.round(first, second, first, second, "sina", "cora")
    edit_case(both[second], case, municipality="Hard")
    both.round(second, first, second, "sina", "cora")
    for name in ("anna", "laptop", "sina", "cora"):
        assert len(figures(both[name])) == 2
        (facts,) = counting(both[name])
        assert "1:CaseFile.municipality=Hard" in facts


def test_only_own_devices_learn_whose_figures_they_are(both: District) -> None:
    case = begun_apart(both)
    both.round(*("anna", "laptop", "sina", "cora") * 5)
    links = "SELECT count(*) FROM change WHERE register = 'counted'"
    assert {name: stored(both[name], links) for name in both.people} == {
        "anna": [(2,)],
        "laptop": [(2,)],
        "sina": [(0,)],
        "cora": [(0,)],
    }
    held = stored(both["cora"], "SELECT value FROM change")
    delivery = [both[name].session.store.queries.delivery(None) for name in ("anna", "laptop")]
    assert [(item.waiting, item.at_relay) for item in delivery] == [(0, 0), (0, 0)]
    assert not [value for (value,) in held if case.to_bytes() in bytes(value)]


def test_a_device_that_came_later_goes_on_with_older_figures(district: District) -> None:
    case = open_case(district["anna"], municipality="Lindau")
    district.round("anna", "sina", "anna")
    district.join_again("laptop", "anna")
    district.round("sina", "anna", "laptop", "sina", "anna", "laptop")
    edit_case(district["laptop"], case, municipality="Hard")
    district.round("laptop", "anna", "sina")
    for name in ("anna", "laptop", "sina"):
        (record,) = figures(district[name])
        assert "1:CaseFile.municipality=Hard" in record.items("facts")
