"""A signed order: its content, the same for all who sign it, and one device's signature over it.

An order's id is the hash of its content, so that signatures that were given apart come together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from app.domain.dots import Dot
from app.domain.orders import Order, OrderKind
from sync.encoding import wire
from sync.encoding.signing import SUITE, Kind, Sign, check_signature, sha256, sign_kind, suite_of
from sync.encoding.wire import array, blob, integer, text
from sync.errors import (
    LacksProgramError,
    WrongAuthorError,
    WrongDistrictError,
    WrongSizeError,
)
from sync.roster import Device, Roster, check_floor, day_number, day_of, find_sender

NONCE_BYTES: Final = 8
_FIELDS: Final = 13
_KINDS: Final = frozenset(item.value for item in OrderKind)
_DOT_BYTES: Final = range(17, 25)


@dataclass(frozen=True)
class SignedOrder:
    """An order with the signature of the device with roster index `signer`."""

    order: Order
    content: bytes
    signer: int
    signature: bytes
    roster_version: int
    suite: int
    data: bytes

    @property
    def id(self) -> bytes:
        """The hash of what is signed."""
        return sha256(self.content)


def order_content(order: Order, roster: Roster) -> bytes:
    """Give the bytes that everybody signs; raises WrongSizeError when it names too much."""
    content = wire.encode(
        [
            wire.WIRE_VERSION,
            SUITE.id,
            roster.district,
            order.kind.value,
            order.basis,
            order.day,
            order.nonce,
            *(_packed(dots) for dots in (order.cases, order.records, order.kept, order.dots)),
            sorted(order.lifts),
            order.member,
        ]
    )
    if len(content) > wire.ORDER_LIMIT:
        raise WrongSizeError(size=len(content), limit=wire.ORDER_LIMIT)
    return content


def sign_order(content: bytes, signer: int, roster: Roster, sign: Sign) -> bytes:
    """Give the signed document over an order's content."""
    signature = sign_kind(sign, Kind.ORDER, content)
    return wire.encode([content, signer, roster.version, signature])


def read_order(data: bytes) -> SignedOrder:
    """Read a signed order; checks its form only."""
    content, signer, version, signature = array(wire.decode_strict(data, limit=wire.VALUE_LIMIT), 4)
    order, suite, _district = _read_content(blob(content))
    return SignedOrder(
        order,
        content,
        integer(signer),
        blob(signature, wire.SIGNATURE_BYTES),
        integer(version, low=1),
        suite,
        data,
    )


def read_content(content: bytes) -> Order:
    """Read an order's content."""
    return _read_content(content)[0]


def verify_order(signed: SignedOrder, roster: Roster) -> Device:
    """Give the signer's device, whatever its state; raises held or quarantined errors.

    A suspended device's signature counts where the envelope that brought it counts.
    """
    _order, suite, district = _read_content(signed.content)
    if district != roster.district:
        raise WrongDistrictError
    device = find_sender(roster, signed.signer, signed.roster_version)
    check_signature(suite_of(suite), device.public_key, Kind.ORDER, signed.content, signed.signature)
    return device


def check_order(data: bytes, sender: int, roster: Roster) -> None:
    """Raise held or quarantined errors unless a received document was signed by the device that sent it."""
    signed = read_order(data)
    check_floor(roster, signed.suite)
    if verify_order(signed, roster).index != sender:
        raise WrongAuthorError


def _read_content(content: bytes) -> tuple[Order, int, bytes]:
    known = array(wire.known_version(wire.decode_strict(content, limit=wire.ORDER_LIMIT)), _FIELDS)
    kind = text(known[3], 32)
    if kind not in _KINDS:
        raise LacksProgramError(version=wire.WIRE_VERSION)
    cases, records, kept, dots = (_unpacked(part) for part in known[7:11])
    lifts = [blob(item, wire.HASH_BYTES) for item in array(known[11])]
    if wire.unsorted(lifts):
        raise wire.WireError(reason="order")
    order = Order(
        OrderKind(kind),
        text(known[4], 64),
        day_number(day_of(known[5])),
        blob(known[6], NONCE_BYTES),
        cases,
        records,
        kept,
        dots,
        frozenset(lifts),
        wire.optional(integer, known[12]),
    )
    if not order.is_sound:
        raise wire.WireError(reason="order_names")
    suite_of(integer(known[1]))
    return order, known[1], blob(known[2], wire.HASH_BYTES)


def _packed(dots: Iterable[Dot]) -> list[Any]:
    return sorted(dot.to_bytes() for dot in dots)


def _unpacked(part: object) -> frozenset[Dot]:
    items = [blob(item, *_DOT_BYTES) for item in array(part)]
    if wire.unsorted(items):
        raise wire.WireError(reason="order")
    try:
        return frozenset(Dot.from_bytes(item) for item in items)
    except ValueError as error:
        raise wire.WireError(reason="dot") from error
