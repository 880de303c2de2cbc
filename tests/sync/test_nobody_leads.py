"""Who leads a case file has no computer any more: whoever else has it tells it to its new readers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.audience import Role
from app.domain.dots import Dot
from app.domain.orders import OrderKind
from app.services import case_splitting, stand_ins
from tests.support.belonging import REASON, identity, labels, merge
from tests.support.district import District, add, case_file, edit_case, give_consent, open_case
from tests.support.keeper_district import leave
from tests.support.templates import Templates
from tests.sync.test_passed_over import with_three_managers
from tests.sync.test_stand_in_dates import day, pass_days


def with_another_supervisor(founded: District) -> None:
    with_three_managers(founded)
    founded.join("ruth", Role.SUPERVISOR)
    founded.round()
    founded.round()


@pytest.fixture
def five(tmp_path: Path, templates: Templates) -> Iterator[District]:
    """The supervisors sina and ruth, anna, ben and cem, who know each other's prekeys."""
    with templates.copy(tmp_path / "district", with_another_supervisor) as (founded, _):
        yield founded


def name_stand_in(district: District, at: str, case: Dot, who: str) -> None:
    stand_ins.name_stand_in(district[at].session, case, district.member(who), "", "", "holiday")


def with_a_stand_in(five: District) -> Dot:
    """Let ben stand in for anna's case file, which the supervisor ruth reads too."""
    case = open_case(five["anna"], "ihre", supervision=five.member("ruth"))
    name_stand_in(five, "anna", case, "ben")
    five.round("anna", "ben", "ruth", "anna")
    return case


def test_who_made_a_case_file_tells_its_reader_of_the_persons_in_it(five: District) -> None:
    anna, cem, sina = five["anna"], five["cem"], five["sina"]
    case = open_case(anna)
    give_consent(anna, case, "consent", supervision_item="no")
    add(anna, "Person", case, label="Person 1")
    leaves = identity(add(anna, "Person", case, label="Person 2"))
    name_stand_in(five, "anna", case, "cem")
    five.round("anna", "cem", "sina")
    begun = identity(case_splitting.split_case_file(cem.session, case, [leaves], {}, REASON).case_file)
    leave(five, "anna")
    five.round("cem", "sina", "cem", "sina")
    assert labels(sina, begun) == ["Person 2"]


def test_who_reads_it_tells_it_where_who_supervises_is_gone_too(five: District) -> None:
    case = with_a_stand_in(five)
    leave(five, "ruth")
    leave(five, "anna")
    five.round("ben")
    joined_with_bens(five, case)
    assert case_file(five["cem"], case).text("concern") == "ihre"


def test_who_reads_it_tells_it_where_who_supervises_was_shut_out(five: District) -> None:
    case = with_a_stand_in(five)
    give_consent(five["anna"], case, "consent", supervision_item="no")
    edit_case(five["anna"], case, concern="nicht für die Aufsicht")
    five.round("anna", "ben")
    leave(five, "anna")
    joined_with_bens(five, case)
    assert case_file(five["cem"], case).text("concern") == "nicht für die Aufsicht"


def test_what_is_told_of_who_works_there_waits_for_nothing_that_is_sent_beside_it(five: District) -> None:
    case = with_a_stand_in(five)
    leave(five, "anna")
    name_stand_in(five, "ruth", case, "cem")
    five.round("ruth", "cem")
    assert case_file(five["cem"], case).text("concern") == "ihre"


@pytest.mark.parametrize("is_into", [True, False])
def test_who_hears_of_a_case_file_as_one_with_another_takes_it_from_who_works_in_that_one(
    five: District, *, is_into: bool
) -> None:
    """What anna's computer signed counts no more by itself: that ben works there is ben's word alone."""
    case = with_a_stand_in(five)
    give_consent(five["anna"], case, "consent", supervision_item="no")
    five.round("anna", "ben")
    five["sina"].keepers.suspend(five["anna"]._engine.index)
    joined_with_bens(five, case, is_into=is_into)
    assert case_file(five["cem"], case).text("concern") == "ihre"


def joined_with_bens(five: District, case: Dot, *, is_into: bool = True) -> None:
    """Put ben's case file, for which cem stands in, into `case`, and let all but its leader hear of it."""
    his = open_case(five["ben"], "seine")
    name_stand_in(five, "ben", his, "cem")
    five.round("sina", "ben", "cem")
    merge(five["ben"], *((his, case) if is_into else (case, his)))
    for _ in range(2):
        five.round("ben", "sina", "cem")


def test_what_is_sensitive_is_told_by_who_has_it_where_who_tells_the_rest_is_not_cleared(
    five: District,
) -> None:
    for name in ("anna", "ben", "cem"):
        five["sina"].keepers.clear(five.member(name), cleared=True)
    five.round()
    case = with_a_stand_in(five)
    talk = {"at": 1, "contact_kind": "client", "topics": ("health",), "contact_note": "nur dort"}
    add(five["anna"], "Contact", case, **talk)  # type: ignore[arg-type]  # values of the declaration
    five.round("anna", "ben", "ruth")
    leave(five, "anna")
    name_stand_in(five, "ruth", case, "cem")
    five.round("ruth", "ben", "cem")
    five.people["cem"].lock()
    (told,) = five["cem"].session.store.queries.records("Contact", case)
    assert told.text("contact_note") == "nur dort"


def test_who_supervises_it_ends_a_stand_ins_access_though_it_is_read_as_another_whose_supervisor_is_gone(
    five: District,
) -> None:
    anna, ben, sina = five["anna"], five["ben"], five["sina"]
    hers, his = open_case(anna), open_case(ben, supervision=five.member("ruth"))
    stand_ins.name_stand_in(anna.session, hers, five.member("cem"), day(-3), day(1), "holiday")
    name_stand_in(five, "ben", his, "anna")
    five.round("anna", "ben", "sina", "anna")
    merge(anna, hers, his)
    five.round("anna", "ben", "sina")
    assert sina.session.store.queries.canonical_case(hers) == his
    leave(five, "ruth")
    pass_days(five, 3)
    five.round("sina")
    (order,) = (item.order for item in sina.orders.overview())
    assert (order.kind, order.member) == (OrderKind.END_ACCESS, five.member("cem"))
    assert order.cases == {hers, his}
