"""Strict CBOR: one form for each value, and nothing but that form is read."""

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.encoding import wire
from sync.encoding.wire import WireError
from sync.errors import LacksProgramError, WrongSizeError

ATOMS = st.none() | st.booleans() | st.integers(-wire.U64 - 1, wire.U64) | st.binary() | st.text()
VALUES = st.recursive(
    ATOMS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text() | st.integers(0, 9), inner, max_size=4)
    ),
    max_leaves=12,
)


def nesting(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max(map(nesting, value.values()), default=0)
    return 1 + max(map(nesting, value), default=0) if isinstance(value, list) else 0


def reason_of(data: bytes, limit: int = 1000) -> str:
    with pytest.raises(WireError) as caught:
        wire.decode_strict(data, limit=limit)
    return caught.value.reason


@given(VALUES)
def test_decode_gives_what_was_encoded(value: object) -> None:
    if nesting(value) > wire.DEPTH_LIMIT:
        return
    assert wire.decode_strict(wire.encode(value), limit=1 << 20) == value


@given(st.binary(max_size=60))
def test_decode_any_bytes_gives_one_form_or_wire_error(data: bytes) -> None:
    try:
        value = wire.decode_strict(data, limit=60)
    except WireError:
        return
    assert wire.encode(value) == data


@pytest.mark.parametrize(
    ("hexed", "reason"),
    [
        ("1800", "not_canonical"),
        ("fb3ff0000000000000", "value_type"),
        ("f93c00", "value_type"),
        ("f7", "value_type"),
        ("e0", "value_type"),
        ("9fff", "not_cbor"),
        ("5f4100ff", "not_cbor"),
        ("a201000100", "not_cbor"),
        ("a202000100", "not_canonical"),
        ("a1f500", "key_type"),
        ("a18000", "key_type"),
        ("c000", "not_cbor"),
        ("c24a01000000000000000000", "not_cbor"),
        ("d81c80", "not_cbor"),
        ("d81c81d81d00", "not_cbor"),
        ("d9010080", "not_cbor"),
        ("d9d9f700", "not_cbor"),
        ("0000", "not_canonical"),
        ("", "not_cbor"),
        ("61ff", "not_cbor"),
        ("9bffffffffffffffff", "not_cbor"),
        ("5bffffffffffffffff", "not_cbor"),
        ("81" * 9 + "00", "not_cbor"),
    ],
)
def test_decode_other_forms_refused(hexed: str, reason: str) -> None:
    assert reason_of(bytes.fromhex(hexed)) == reason


def test_decode_depth_eight_is_read_and_nine_is_not() -> None:
    assert wire.decode_strict(bytes.fromhex("81" * 7 + "80"), limit=100) == [[[[[[[[]]]]]]]]
    assert reason_of(bytes.fromhex("81" * 8 + "80")) == "too_deep"


def test_decode_over_the_limit_says_both_sizes() -> None:
    with pytest.raises(WrongSizeError) as caught:
        wire.decode_strict(bytes(101), limit=100)
    assert caught.value.params == {"size": 101, "limit": 100}


def test_decode_shared_references_that_would_unfold_without_end_refused_at_once() -> None:
    level = cbor2.CBORTag(28, [0] * 10)
    for _ in range(6):
        level = cbor2.CBORTag(28, [level, *[cbor2.CBORTag(29, 0)] * 200])
    assert reason_of(cbor2.dumps(level), limit=1 << 20) == "not_cbor"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (1.5, "value_type"),
        ({1, 2}, "value_type"),
        (1 << 64, "number_too_large"),
        (-(1 << 64) - 1, "number_too_large"),
        ("\ud800", "unencodable"),
        ({None: 1}, "key_type"),
        ([[[[[[[[[]]]]]]]]], "too_deep"),
    ],
)
def test_encode_refuses_what_it_would_not_read(value: object, reason: str) -> None:
    with pytest.raises(WireError) as caught:
        wire.encode(value)
    assert caught.value.reason == reason


def test_known_version_newer_is_held() -> None:
    with pytest.raises(LacksProgramError) as caught:
        wire.known_version([wire.WIRE_VERSION + 1, "whatever"])
    assert caught.value.params == {"version": wire.WIRE_VERSION + 1}


@pytest.mark.parametrize("fields", [[], [0], ["1"], [True], {}, None])
def test_known_version_missing_is_wrong(fields: object) -> None:
    with pytest.raises(WireError):
        wire.known_version(fields)
