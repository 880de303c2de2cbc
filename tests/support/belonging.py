"""Districts with case files of one household: put together, and to be taken apart."""

from __future__ import annotations

from app.domain.dots import Dot
from app.domain.records import Record
from sync.workplace import Workplace
from tests.support.district import District, add, open_case
from tests.support.templates import with_anna

REASON = "Die Klientin hat zugestimmt"


def labels(place: Workplace, case: Dot) -> list[str]:
    return sorted(item.text("label") for item in place.session.store.queries.records("Person", case))


def identity(record: Record) -> Dot:
    assert record.id is not None
    return record.id


def merge(place: Workplace, source: Dot, into: Dot) -> None:
    joined = place.joined_files
    joined.merge(joined.plan(source, into), REASON)


def with_two_managers(founded: District) -> None:
    """Let anna and ben join, of one employer, each with a supervisor sina."""
    with_anna(founded)
    founded.join("ben")
    founded.round("sina", "anna", "ben", "sina")


def with_merged_files(district: District) -> tuple[Dot, Dot]:
    """Put anna's file (Person A) into ben's (Person B), by the supervisor of both; gives the two."""
    with_two_managers(district)
    hers, his = open_case(district["anna"], "eins"), open_case(district["ben"], "zwei")
    add(district["anna"], "Person", hers, label="Person A")
    add(district["ben"], "Person", his, label="Person B")
    district.round("anna", "ben", "sina")
    merge(district["sina"], hers, his)
    for _ in range(3):
        district.round("sina", "anna", "ben")
    return hers, his


def with_a_household(district: District) -> tuple[Dot, Dot, Dot]:
    """Open anna's file with two persons and the stand-in ben; gives it, who stays and who leaves."""
    with_two_managers(district)
    anna = district["anna"]
    case = open_case(anna)
    stays = identity(add(anna, "Person", case, label="Person 1"))
    leaves = identity(add(anna, "Person", case, label="Person 2"))
    add(anna, "BenefitPeriod", case, legal_circle="sgb2", person=leaves)
    add(anna, "StandIn", case, stand_in=district.member("ben"), stand_in_since="2026-01-01")
    for _ in range(2):
        district.round("anna", "sina", "ben")
    assert labels(district["ben"], case) == ["Person 1", "Person 2"]
    return case, stays, leaves
