"""Signed documents inside entries that are wrong: orders, their confirmations, receipts, lists of orders."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from pathlib import Path

import pytest

from app.domain.classes import RegisterClass
from app.domain.declarations import ORDER_RECEIPT
from app.domain.dots import Context, Dot
from app.domain.merge import Change
from app.domain.orders import OrderKind
from app.domain.records import new_record
from app.services.mailbox import ParcelKind
from sync.encoding import wire
from sync.engine import Engine
from sync.sending.sealing import Place, seal_envelope
from sync.signed.order import order_content, read_order, sign_order
from sync.signed.order_list import sign_order_list
from sync.workplace import Workplace
from tests.support.district import District, case_file, edit_case, open_case
from tests.support.parcels import give_directly, hand_over
from tests.support.ports import SeededEntropy
from tests.vectors.make import VECTORS

Spoil = Callable[[bytes], object]


def reasons(place: Workplace) -> list[tuple[str, str]]:
    return [(parcel.state, parcel.reason) for parcel in place.status().parcels]


def sealed_entry(engine: Engine, value: object) -> bytes:
    """An order's entry with any value, sealed for the keeper in a stream of its own."""
    with engine.office.transaction() as post:
        key = post.keys.newest_epoch(engine.index, frozenset({1}))
    assert key is not None
    dot = Dot(engine.device.id, secrets.randbits(64), 1)
    data, hlc = wire.encode(value), engine.now_ms() << 16
    entry = Change(
        dot, None, dot, "Order", "order", RegisterClass.DIRECTORY, data, Context(), hlc, engine.me.id, 1
    )
    return seal_envelope(
        [entry],
        place=Place(engine.index, key.channel, key.epoch, secrets.randbits(64), 1, wire.NO_HASH),
        channel_key=key.key,
        roster=engine.roster,
        sign=engine.sign,
        entropy=SeededEntropy("forger"),
    )


def an_order(engine: Engine, case: Dot, signer: int | None = None) -> bytes:
    """A restriction of a case file, signed here; `signer`: in whose name."""
    foreign = read_order(bytes.fromhex(json.loads(VECTORS.read_text("utf-8"))["orders"][0])).order
    order = type(foreign)(OrderKind.RESTRICT, "disputed", foreign.day, foreign.nonce, frozenset({case}))
    named = engine.index if signer is None else signer
    return sign_order(order_content(order, engine.roster), named, engine.roster, engine.sign)


def foreign_order() -> bytes:
    return bytes.fromhex(json.loads(VECTORS.read_text("utf-8"))["orders"][0])


def oversized() -> bytes:
    """A document that fits its entry and whose content is larger than an order may be."""
    return wire.encode([bytes(wire.ORDER_LIMIT + 1), 1, 1, bytes(wire.SIGNATURE_BYTES)])


SPOILT: dict[str, tuple[Spoil, str]] = {
    "no document": (lambda _good: {}, "wrong_structure"),
    "a text": (lambda good: {"order_document": good.hex()}, "wrong_structure"),
    "cut": (lambda good: {"order_document": good[:-1]}, "wrong_structure"),
    "empty": (lambda _good: {"order_document": b""}, "wrong_structure"),
    "twice": (lambda good: {"order_document": good + good}, "wrong_structure"),
    "oversized": (lambda _good: {"order_document": oversized()}, "wrong_size"),
    "forged": (lambda good: {"order_document": good[:-1] + bytes([good[-1] ^ 1])}, "wrong_signature"),
    "foreign": (lambda _good: {"order_document": foreign_order()}, "wrong_district"),
}


@pytest.mark.parametrize("name", SPOILT)
def test_a_bad_order_is_set_aside_and_a_good_one_behind_it_counts(district: District, name: str) -> None:
    anna, sina = district["anna"], district["sina"]
    case = open_case(anna)
    give_directly(anna, sina)
    spoil, reason = SPOILT[name]
    bad = sealed_entry(anna._engine, spoil(an_order(anna._engine, case)))
    hand_over(sina, [(ParcelKind.ENVELOPE, bad)])
    assert reasons(sina) == [("quarantined", reason)]
    assert sina.orders.overview() == ()
    anna.orders.issue(OrderKind.RESTRICT, "disputed", case)
    give_directly(anna, sina)
    assert sina.orders.is_restricted(case)


def test_an_order_that_comes_again_counts_once(district: District) -> None:
    anna, sina = district["anna"], district["sina"]
    case = open_case(anna)
    give_directly(anna, sina)
    good = {"order_document": an_order(anna._engine, case)}
    hand_over(sina, [(ParcelKind.ENVELOPE, sealed_entry(anna._engine, good)) for _ in range(3)])
    (told,) = sina.orders.overview()
    assert (told.signed, reasons(sina)) == ((district.member("anna"),), [])


def test_bad_documents_in_a_list_of_orders_do_not_keep_the_good_one_from_counting(
    district: District, tmp_path: Path
) -> None:
    anna, sina = district["anna"], district["sina"]
    case = open_case(anna)
    give_directly(anna, sina)
    engine, path = anna._engine, tmp_path / "kim.orders"
    good = an_order(engine, case)
    forged = an_order(engine, case, signer=sina._engine.index)
    listed = [good, forged, b"", good[:-1], foreign_order(), bytes(40_000)]
    path.write_bytes(sign_order_list(listed, engine.roster, engine.index, engine.sign))
    assert [sina.orders.take_order_list(path) for _ in range(2)] == [1, 0]
    (told,) = sina.orders.overview()
    assert told.signed == (district.member("anna"),)
    assert sina.orders.is_restricted(case)


@pytest.mark.parametrize("order_id", [b"x", bytes(32), bytes(20_000)])
def test_a_confirmation_of_an_order_that_is_not_known_confirms_nothing(
    district: District, order_id: bytes
) -> None:
    anna, sina = district["anna"], district["sina"]
    case = open_case(anna, "davor")
    known = anna.orders.issue(OrderKind.RESTRICT, "disputed", case)
    with anna._engine.office.transaction() as post:
        values = {"receipt_order": order_id, "receipt_outcome": "done", "receipt_gone": 1}
        post.records.save(None, new_record(ORDER_RECEIPT, **values))  # type: ignore[arg-type]  # of the declaration
    give_directly(anna, sina)
    (told,) = sina.orders.overview()
    assert (told.id, told.confirmed, reasons(sina)) == (known, 0, [])
    anna.orders.issue(OrderKind.LIFT, "settled", case)
    edit_case(anna, case, concern="danach")
    give_directly(anna, sina)
    assert case_file(sina, case).text("concern") == "danach"
