"""Who must sign an order, and when giving a case file up loses nothing."""

from dataclasses import replace

import pytest

from app.domain.audience import Role
from app.domain.dots import Context, Dot
from app.domain.orders import (
    BASES,
    WAIT_MS,
    GivingUp,
    Order,
    OrderKind,
    Signer,
    has_waited,
    may_give_up,
    missing_signatures,
)

CASE = Dot(1, 1, 1)
ANNA = Signer(2, frozenset({Role.CASE_MANAGER}), responsible=True)
BEN = Signer(3, frozenset({Role.CASE_MANAGER}), responsible=False)
SINA = Signer(1, frozenset({Role.SUPERVISOR}), responsible=False)
DORA = Signer(4, frozenset({Role.SUPERVISOR}), responsible=False)
KORA = Signer(5, frozenset({Role.COORDINATOR}), responsible=False)
BOTH = Signer(6, frozenset({Role.SUPERVISOR}), responsible=True)
"""A supervisor whose own case file it is."""


def order(kind: str, basis: str = "") -> Order:
    named = OrderKind(kind)
    return Order(
        named,
        basis or BASES[named][0],
        20_000,
        bytes(8),
        frozenset({CASE}),
        dots=frozenset({CASE}),
        lifts=frozenset({bytes(32)}),
        member=3,
    )


@pytest.mark.parametrize(
    ("kind", "basis", "signers", "missing"),
    [
        ("erase", "client_wish", (), ("supervisor", "responsible")),
        ("erase", "client_wish", (ANNA,), ("supervisor",)),
        ("erase", "client_wish", (SINA,), ("responsible",)),
        ("erase", "client_wish", (ANNA, SINA), ()),
        ("erase", "retention", (SINA, DORA), ("responsible",)),
        ("erase", "client_wish", (ANNA, BEN), ("supervisor",)),
        ("erase", "client_wish", (BOTH,), ("responsible",)),
        ("erase", "client_wish", (BOTH, DORA), ()),
        ("erase", "against_advice", (ANNA, SINA), ("second",)),
        ("erase", "against_advice", (SINA, DORA), ()),
        ("erase", "against_advice", (SINA, KORA), ()),
        ("erase", "against_advice", (KORA,), ("supervisor",)),
        ("redact", "wrong_value", (ANNA,), ("supervisor",)),
        ("redact", "wrong_value", (ANNA, SINA), ()),
        ("restrict", "disputed", (BEN,), ("either",)),
        ("restrict", "disputed", (ANNA,), ()),
        ("restrict", "disputed", (SINA,), ()),
        ("lift", "settled", (KORA,), ("either",)),
        ("lift", "settled", (SINA,), ()),
        ("end_access", "assignment_over", (ANNA,), ("supervisor",)),
        ("end_access", "assignment_over", (SINA,), ()),
        ("end_access", "consent_no", (ANNA,), ()),
    ],
)
def test_signatures_of_each_kind(
    kind: str, basis: str, signers: tuple[Signer, ...], missing: tuple[str, ...]
) -> None:
    assert missing_signatures(order(kind, basis), signers) == missing


def test_one_person_with_two_devices_signs_once() -> None:
    assert missing_signatures(order("erase", "against_advice"), (SINA, SINA)) == ("second",)


@pytest.mark.parametrize("kind", list(OrderKind))
def test_an_order_names_a_case_file_and_a_basis_of_its_kind(kind: OrderKind) -> None:
    sound = order(kind.value)
    assert sound.is_sound
    assert not replace(sound, cases=frozenset()).is_sound
    assert not replace(sound, basis="weather").is_sound


@pytest.mark.parametrize(
    "empty",
    [
        replace(order("redact"), dots=frozenset()),
        replace(order("lift"), lifts=frozenset()),
        replace(order("end_access"), member=None),
    ],
)
def test_an_order_names_what_its_kind_is_about(empty: Order) -> None:
    assert not empty.is_sound


NOW = 1_800_000_000_000
HELD = Context.of([CASE, Dot(1, 1, 2)])
READY = GivingUp(
    HELD, HELD, identity_settled=True, since_ms=(NOW, NOW), now_ms=(NOW + WAIT_MS, NOW + WAIT_MS)
)


def test_giving_up_when_all_is_there_and_the_time_is_over() -> None:
    assert may_give_up(READY)


@pytest.mark.parametrize(
    "known",
    [
        replace(READY, receipts=None),
        replace(READY, receipts=Context.of([CASE])),
        replace(READY, identity_settled=False),
        replace(READY, since_ms=None),
        replace(READY, now_ms=(NOW + WAIT_MS - 1, NOW + WAIT_MS)),
        replace(READY, now_ms=(NOW + WAIT_MS, NOW + WAIT_MS - 1)),
    ],
)
def test_giving_up_too_early_is_refused(known: GivingUp) -> None:
    assert not may_give_up(known)


@pytest.mark.parametrize(
    ("since", "now", "over"),
    [
        ((NOW, None), (NOW + WAIT_MS, None), True),
        ((NOW, None), (NOW + 40 * WAIT_MS, NOW), False),
        ((NOW, NOW), (NOW + 40 * WAIT_MS, NOW + 1), False),
        ((NOW, NOW), (NOW - WAIT_MS, NOW + WAIT_MS), False),
    ],
)
def test_a_wrong_clock_shortens_nothing(
    since: tuple[int, int | None], now: tuple[int, int | None], over: bool
) -> None:
    assert has_waited(since, now) == over
