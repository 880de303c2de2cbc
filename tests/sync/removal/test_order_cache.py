"""Orders are verified once under a roster, and again under another."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.domain.orders import OrderKind
from sync.encoding.signing import SUITE, Kind, StandardSuite, add_suite, tagged
from tests.support.district import District, open_case

ORDER = tagged(Kind.ORDER, b"")


class CountingSuite(StandardSuite):
    """The suite in use, which counts the signatures under orders that it was asked about."""

    def __init__(self) -> None:
        self.orders = 0

    def verify(self, public: bytes, signature: bytes, message: bytes) -> bool:
        self.orders += message.startswith(ORDER)
        return super().verify(public, signature, message)

    def take(self) -> int:
        """Give the number since this was last asked."""
        count, self.orders = self.orders, 0
        return count


@pytest.fixture
def suite() -> Iterator[CountingSuite]:
    counting = CountingSuite()
    add_suite(counting)
    yield counting
    add_suite(SUITE)


@pytest.fixture
def ordered(district: District) -> tuple[District, bytes]:
    """Give a district with an order to erase that both anna and sina have signed."""
    case = open_case(district["anna"])
    district.round("anna", "sina", "anna")
    order = district["anna"].orders.issue(OrderKind.ERASE, "client_wish", case)
    district.round("anna", "sina")
    district["sina"].orders.sign(order)
    district.round("sina", "anna", "sina", "anna")
    return district, order


def test_a_second_round_verifies_no_order_again(
    ordered: tuple[District, bytes], suite: CountingSuite
) -> None:
    district, order = ordered
    district.people["anna"].lock()
    district.round("anna")
    assert suite.take() == 2
    district.round("anna")
    assert suite.take() == 0
    (state,) = district["anna"].orders.overview()
    assert (state.id, state.in_force) == (order, True)
    assert suite.take() == 0


def test_under_another_roster_orders_are_verified_anew(
    ordered: tuple[District, bytes], suite: CountingSuite
) -> None:
    district, order = ordered
    district.round("anna")
    district.join("ben")
    before = district["anna"]._engine.roster.hash
    suite.take()
    district.round("anna")
    (state,) = district["anna"].orders.overview()
    assert (state.id, state.in_force) == (order, True)
    assert district["anna"]._engine.roster.hash != before
    assert suite.take() == 2
