"""Whatever bytes come in, a reader gives its value or an error the program can explain."""

import random
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.audience import Role
from app.domain.dots import Dot
from app.domain.errors import KimError
from app.domain.orders import Order, OrderKind
from sync.district.roster_chain import verify_successor
from sync.encoding import wire
from sync.entry.enrolment import (
    Intended,
    invite,
    read_invitation,
    read_request,
    request_enrolment,
    verify_request_signature,
    write_invitation,
)
from sync.envelope import read_header, verify_envelope
from sync.roster import decode_roster, encode_roster
from sync.signed.ack import Ack, read_ack, sign_ack, verify_ack
from sync.signed.ask import Ask, GrantWish, read_ask, sign_ask, verify_ask
from sync.signed.grant import GrantFields, assemble_grant, read_grant, verify_grant
from sync.signed.order import check_order, order_content, sign_order
from sync.signed.order_list import read_order_list, sign_order_list
from sync.signed.prekey import read_prekey, sign_prekey, verify_prekey
from sync.signed.purge import Purge, Voided, read_purge, sign_purge, verify_purge
from tests.support.ports import SeededEntropy
from tests.support.wire import ANNAS, KEEPER, Writer, anna_sends, key_of, public_of, roster_chain
from tests.support.wire_changes import small_edits

CHAIN = roster_chain()
ROSTER = CHAIN[-1]
SENDER = anna_sends()
INVITATION = invite(
    (encode_roster(CHAIN[0]),),
    (),
    Intended("Oda", "x", Role.CASE_MANAGER, 7),
    date(2027, 1, 1),
    SeededEntropy(1),
)
FIELDS = GrantFields(ROSTER.district, b"channel!", 1, (1, 3), 4, ANNAS, KEEPER, b"prekeyid", bytes(32))
ACK = Ack(ROSTER.district, 4, KEEPER, ANNAS, 1, b"channel!", 1, bytes(32), 1)
DOT = Dot(1, 2, 3)
ORDER = Order(OrderKind.ERASE, "client_wish", 20_000, bytes(8), frozenset({DOT}), kept=frozenset({DOT}))
VOIDED = (Voided(1, 1, bytes(32), b""), Voided(1, 2, bytes(32), bytes(32)))
PURGE = Purge(ROSTER.district, 4, ANNAS, b"channel!", 1, VOIDED)
ASK = Ask(ROSTER.district, 4, KEEPER, (ANNAS,), 1, (GrantWish(ANNAS, b"channel!", 1),), state=(ANNAS,))
Take = Callable[[bytes], object]
READERS: dict[str, tuple[bytes, Take]] = {
    "roster": (encode_roster(ROSTER), lambda data: verify_successor(CHAIN[-2], decode_roster(data))),
    "envelope": (
        SENDER.seal(small_edits(Writer(ROSTER, ANNAS), 5)),
        lambda data: verify_envelope(read_header(data), ROSTER),
    ),
    "grant": (
        assemble_grant(FIELDS, bytes(1168), key_of("anna").sign),
        lambda data: verify_grant(read_grant(data), ROSTER),
    ),
    "prekey": (
        sign_prekey(ROSTER, ANNAS, bytes(1216), date(2026, 11, 2), key_of("anna").sign),
        lambda data: verify_prekey(read_prekey(data), ROSTER),
    ),
    "ack": (sign_ack(ACK, key_of("sina").sign), lambda data: verify_ack(read_ack(data), ROSTER)),
    "order": (
        sign_order(order_content(ORDER, ROSTER), ANNAS, ROSTER, key_of("anna").sign),
        lambda data: check_order(data, ANNAS, ROSTER),
    ),
    "order_list": (
        sign_order_list([b"an order", b"another"], ROSTER, ANNAS, key_of("anna").sign),
        lambda data: read_order_list(data, ROSTER),
    ),
    "ask": (sign_ask(ASK, key_of("sina").sign), lambda data: verify_ask(read_ask(data), ROSTER)),
    "purge": (sign_purge(PURGE, key_of("anna").sign), lambda data: verify_purge(read_purge(data), ROSTER)),
    "request": (
        request_enrolment(INVITATION, public_of("oda"), bytes(1216), key_of("oda").sign),
        lambda data: verify_request_signature(read_request(data)),
    ),
    "invitation": (
        write_invitation(INVITATION).encode(),
        lambda data: read_invitation(data.decode("utf-8", "surrogateescape")),
    ),
}
EDITS = st.lists(
    st.tuples(st.integers(0, 1 << 16), st.integers(0, 4), st.binary(max_size=4)), min_size=1, max_size=4
)


@pytest.mark.parametrize("name", READERS)
def test_reader_takes_its_own(name: str) -> None:
    data, take = READERS[name]
    take(data)


@pytest.mark.parametrize("name", READERS)
@given(edits=EDITS)
def test_reader_altered_bytes_raise_only_known_errors(name: str, edits: list[tuple[int, int, bytes]]) -> None:
    original, take = READERS[name]
    data = bytearray(original)
    for place, gone, new in edits:
        start = place % (len(data) + 1)
        data[start : start + gone] = new
    try:
        take(bytes(data))
    except KimError:
        return


def altered(value: Any, rng: random.Random) -> Any:
    """The value with one part replaced, doubled or gone; it stays canonical CBOR."""
    if isinstance(value, list) and value and rng.random() < 0.85:
        at = rng.randrange(len(value))
        value[at : at + 1] = rng.choice(
            ([altered(value[at], rng)], [altered(value[at], rng)], [], [value[at]] * 2)
        )
        return value
    return rng.choice(
        (0, 1, -1, 1 << 31, 1 << 63, b"", b"x" * 8, bytes(32), "", "x", None, True, [], {}, [[]])
    )


@pytest.mark.parametrize("name", sorted(set(READERS) - {"invitation"}))
@given(seed=st.integers(0, 1 << 32))
def test_reader_altered_parts_raise_only_known_errors(name: str, seed: int) -> None:
    original, take = READERS[name]
    rng = random.Random(seed)
    value = altered(wire.decode_strict(original, limit=1 << 20), rng)
    try:
        take(wire.encode(value))
    except KimError:
        return


@pytest.mark.parametrize("name", READERS)
def test_reader_cut_anywhere_raises_only_known_errors(name: str) -> None:
    original, take = READERS[name]
    for length in range(0, len(original) - 80, 13):
        with pytest.raises(KimError):
            take(original[:length])
