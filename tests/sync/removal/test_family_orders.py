"""Orders about case files that are, or were, one family: whose signature counts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.dots import Dot
from app.domain.orders import Order, OrderKind
from app.services import case_merging
from tests.support.district import District, add, case_file, edit_case, give_consent, open_case
from tests.support.parcels import sealed_items
from tests.support.sequences import fresh, outcomes

REASON = "Die Klientin hat zugestimmt"
Family = tuple[District, Dot, Dot]


@pytest.fixture
def family(three: District) -> Family:
    """anna's case file and ben's, put together by anna, who stands in for ben."""
    anna, ben = three["anna"], three["ben"]
    hers, his = open_case(anna, "eins"), open_case(ben, "zwei")
    add(ben, "StandIn", his, stand_in=three.member("anna"), stand_in_since="2026-01-01")
    add(anna, "StandIn", hers, stand_in=three.member("ben"), stand_in_since="2026-01-01")
    three.round("ben", "anna", "sina", "ben")
    anna.joined_files.merge(anna.joined_files.plan(hers, his), REASON)
    three.round("anna", "ben", "sina", "anna")
    return three, hers, his


def part(family: Family) -> None:
    three, hers, _his = family
    anna = three["anna"]
    case_merging.part_case_files(anna.session, case_file(anna, hers), REASON)
    for _ in range(2):
        three.round("anna", "ben", "sina")


def held(family: Family) -> list[bool]:
    three, hers, _his = family
    for _ in range(2):
        three.round("sina", "ben", "anna")
    found = [three[name].session.store.queries.record("CaseFile", hers) for name in ("sina", "ben", "anna")]
    return [record is not None for record in found]


def test_a_signature_of_the_responsible_of_one_counts_after_the_parting_of_those_that_it_names(
    family: Family,
) -> None:
    three, hers, _his = family
    order = three["sina"].orders.issue(OrderKind.ERASE, "client_wish", hers)
    three.round("sina", "ben", "anna")
    part(family)
    three["ben"].orders.sign(order)
    assert held(family) == [False, False, False]


def test_who_is_responsible_for_what_was_one_with_it_once_has_no_say_in_an_order_about_it_alone(
    family: Family,
) -> None:
    three, hers, _his = family
    part(family)
    order = three["sina"].orders.issue(OrderKind.ERASE, "client_wish", hers)
    three.round("sina", "ben", "anna")
    three["ben"].orders.sign(order)
    assert held(family) == [True, True, True]


def test_what_was_written_in_a_family_reaches_who_reads_what_is_left_of_it(three: District) -> None:
    anna, ben, sina = three["anna"], three["ben"], three["sina"]
    hers, his = open_case(anna, "eins"), open_case(ben, "zwei")
    add(ben, "StandIn", his, stand_in=three.member("anna"), stand_in_since="2026-01-01")
    three.round("ben", "anna", "sina", "ben")
    order = anna.orders.issue(OrderKind.ERASE, "client_wish", hers)
    give_consent(anna, hers, "consent", supervision_item="no")
    anna.joined_files.merge(anna.joined_files.plan(hers, his), REASON)
    edit_case(anna, his, concern="ohne Aufsicht geschrieben")
    three.round("anna", "sina")
    assert case_file(sina, his).text("concern") == "zwei"
    sina.orders.sign(order)
    for _ in range(2):
        three.round("sina", "anna")
    assert case_file(sina, his).text("concern") == "ohne Aufsicht geschrieben"


@pytest.mark.parametrize("kind", [OrderKind.REDACT, OrderKind.ERASE])
def test_an_order_about_a_family_that_crosses_the_erasure_of_one_of_it_ends_alike_everywhere(
    three: District, tmp_path: Path, kind: OrderKind
) -> None:
    """The words by which they were one go with what is erased, and so does whose signature counted."""
    anna, ben, sina = three["anna"], three["ben"], three["sina"]
    hers, his = open_case(anna, "eins"), open_case(ben, "zwei")
    add(ben, "StandIn", his, stand_in=three.member("anna"), stand_in_since="2026-01-01")
    add(anna, "StandIn", hers, stand_in=three.member("ben"), stand_in_since="2026-01-01")
    three.round("ben", "anna", "sina", "ben")
    annas, sinas = sealed_items(anna, ben), sealed_items(sina, ben)
    erasure = anna.orders.issue(OrderKind.ERASE, "client_wish", hers)
    erased = fresh(anna, ben, annas)
    anna.joined_files.merge(anna.joined_files.plan(hers, his), REASON)
    joined = fresh(anna, ben, annas + erased)
    dots = case_file(anna, his).shown["concern"]
    basis = "wrong_value" if kind is OrderKind.REDACT else "client_wish"
    order = anna.orders.issue(kind, basis, his, dots=dots if kind is OrderKind.REDACT else ())
    ordered = fresh(anna, ben, annas + erased + joined)
    three.round("anna", "sina")
    sina.orders.sign(order)
    signed = fresh(sina, ben, sinas)
    sina.orders.sign(erasure)
    erased += fresh(sina, ben, sinas + signed)
    (outcome,) = outcomes(three, [joined, [*ordered, *signed], erased], tmp_path)
    assert "zwei" not in outcome


def test_nobody_is_believed_where_one_signature_is_enough(three: District) -> None:
    """Else who names an erased case file could lock any other."""
    anna, sina = three["anna"], three["sina"]
    hers, his = open_case(anna, "eins"), open_case(three["ben"], "zwei")
    three.round("anna", "ben", "sina")
    erasure = anna.orders.issue(OrderKind.ERASE, "client_wish", hers)
    three.round("anna", "sina")
    sina.orders.sign(erasure)
    given = Order(OrderKind.REDACT, "disputed", 1, bytes(8), frozenset({hers, his}), dots=frozenset({his}))
    with sina._engine.office.transaction() as post:
        assert post.orders.is_erased(hers)
        book, me = sina.orders._book, three.member("anna")
        believed = [
            kind for kind in OrderKind if book.signer(post, me, replace(given, kind=kind)).responsible
        ]
    assert believed == [OrderKind.ERASE, OrderKind.REDACT]
