"""The compact body: changes come back as they were, and nothing else is read."""

import random
from dataclasses import replace
from typing import Any

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.classes import RegisterClass
from app.domain.dots import Context, Dot
from app.domain.merge import Change
from sync.encoding import wire
from sync.encoding.columns import pack_clocks, unpack_clocks, unzigzag, zigzag
from sync.encoding.wire import WireError
from sync.errors import LacksProgramError, LacksRosterError, WrongDotError, WrongSizeError
from sync.layout import canonical_change, pack_changes, unpack_changes
from sync.roster import device_id
from tests.support.wire import ANNAS, BENS, SESSION, Writer, public_of, roster_chain
from tests.support.wire_changes import new_case, small_edits

ROSTER = roster_chain()[-1]
ANNA_ID, BEN_ID = (device_id(public_of(name)) for name in ("anna", "ben"))


def packed(changes: list[Change]) -> list[Any]:
    body = wire.encode(pack_changes(changes, ANNAS, SESSION, ROSTER))
    return list(wire.decode_strict(body, limit=wire.BODY_LIMIT))


def unpacked(body: list[Any], roster_version: int = ROSTER.version) -> list[Change]:
    return unpack_changes(body, ANNAS, SESSION, ROSTER, roster_version)


def a_day() -> list[Change]:
    writer, rng = Writer(ROSTER, ANNAS), random.Random(5)
    return [change for _ in range(3) for change in new_case(writer, rng)] + small_edits(writer, 10)


def one_change(**more: Any) -> Change:
    change = Writer(ROSTER, ANNAS).write("CaseFile", "phase", {"phase": "clearing"})
    return replace(change, **more)


def test_unpack_gives_a_day_again() -> None:
    changes = a_day()
    assert unpacked(packed(changes)) == changes


def test_order_of_sealing_is_kept_when_records_alternate() -> None:
    writer = Writer(ROSTER, ANNAS)
    first, second = (writer.write("CaseFile", "number", {"number": n}, case_is_own=True) for n in "ab")
    again = writer.write("CaseFile", "phase", {"phase": "access"}, case=first.dot, record=first.dot)
    other = writer.write("CaseFile", "phase", {"phase": "access"}, case=second.dot, record=second.dot)
    for changes in ([first, second, again, other], [other, again, second, first], [again, first, other]):
        assert unpacked(packed(changes)) == changes


def test_everything_optional_comes_back() -> None:
    foreign = Dot(BEN_ID, (1 << 64) - 1, 9)
    stranger = Dot(0xFFFFFFFFFFFFFFFF, 0, (1 << 63) - 2)
    decision = one_change(
        case=foreign,
        record=stranger,
        context=Context.of([foreign, Dot(BEN_ID, foreign.session, 10), stranger, Dot(ANNA_ID, 4, 1)]),
        reason="both were right",
        hlc=(1 << 63) - 1,
        schema=7,
        cls=RegisterClass.SENSITIVE,
    )
    plain = one_change(dot=Dot(ANNA_ID, 4, 2), record=Dot(ANNA_ID, 4, 2), hlc=0)
    assert unpacked(packed([decision, plain])) == [decision, plain]


def test_changes_of_an_earlier_session_come_back() -> None:
    changes = small_edits(Writer(ROSTER, ANNAS, session=99), 5)
    assert unpacked(packed(changes)) == changes


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"a": None, "b": [1, "x", b"y"], "c": -5, "d": True},
        {"deep": [[[["four"]]]]},
        {"deeper": [[[[["five"]]]]]},
        {"map": {0: 1}},
        {"map": {"x": {"y": []}}},
        {1: "number as key"},
        {"own": Dot(ANNA_ID, SESSION, 1).to_bytes(), "other": Dot(ANNA_ID, SESSION, 77).to_bytes()},
        {"foreign": Dot(BEN_ID, 3, 1).to_bytes(), "no dot": bytes(17), "seq 0": bytes(8) + b"x" * 8 + b"\0"},
        {"large": "x" * 30_000},
    ],
)
def test_value_of_an_unknown_type_passes_untouched(fields: dict[Any, Any]) -> None:
    change = one_change(type="FromTheFuture", register="unknown", value=cbor2.dumps(fields, canonical=True))
    assert unpacked(packed([change])) == [change]


@given(st.lists(st.integers(0, wire.U63), max_size=20))
def test_clocks_come_back(clocks: list[int]) -> None:
    assert unpack_clocks(list(pack_clocks(clocks))) == clocks


@given(st.integers(-(1 << 62), 1 << 62))
def test_zigzag_comes_back(number: int) -> None:
    assert unzigzag(zigzag(number)) == number


DOTS = st.builds(
    Dot, st.sampled_from((ANNA_ID, BEN_ID, 77)), st.sampled_from((1, SESSION)), st.integers(1, 40)
)


@st.composite
def changes_of_anna(draw: st.DrawFn) -> Change:
    dot = draw(DOTS)._replace(device=ANNA_ID)
    return one_change(
        dot=dot,
        record=draw(st.just(dot) | DOTS),
        case=draw(st.none() | st.just(dot) | DOTS),
        context=Context.of(draw(st.frozensets(DOTS, max_size=12))),
        hlc=draw(st.integers(0, wire.U63)),
        register=draw(st.sampled_from(("phase", "safety"))),
        cls=draw(st.sampled_from(RegisterClass)),
        value=wire.encode({"ref": draw(DOTS).to_bytes(), "x": draw(st.integers(0, 99))}),
        reason=draw(st.none() | st.text(max_size=5)),
    )


@given(st.lists(changes_of_anna(), min_size=1, max_size=8))
def test_any_changes_come_back_in_their_order(changes: list[Change]) -> None:
    assert unpacked(packed(changes)) == changes


def test_pack_dot_of_another_device_refused() -> None:
    with pytest.raises(WrongDotError):
        packed([one_change(dot=Dot(BEN_ID, SESSION, 1))])


def test_pack_another_author_refused() -> None:
    with pytest.raises(WireError) as caught:
        packed([one_change(author=2)])
    assert caught.value.reason == "author"


@pytest.mark.parametrize("value", [b"\x18\x00", b"\xf9\x3c\x00", b"\x80", b"", b"\xa1"])
def test_pack_value_in_another_form_refused(value: bytes) -> None:
    with pytest.raises(WireError):
        packed([one_change(value=value)])


def test_unpack_runs_of_another_device_refused() -> None:
    body = pack_changes([one_change(dot=Dot(BEN_ID, SESSION, 1), author=2)], BENS, SESSION, ROSTER)
    body[0], body[4] = [[BENS, SESSION]], [1, 0, 1]
    with pytest.raises(WrongDotError):
        unpacked(body)


@pytest.mark.parametrize(
    ("part", "value"),
    [
        (0, [[99, 1]]),
        (0, [[b"short", 1]]),
        (1, [0, 0]),
        (1, [5, 1]),
        (1, [0]),
        (2, []),
        (3, [0, 0, 2]),
        (3, [0, 0]),
        (3, [0, -2, 1]),
        (3, [1, 0, 1]),
        (3, []),
        (4, [0, 0, 2]),
        (4, [0, 1, 1]),
        (4, [0, 0, 1 << 62]),
        (4, []),
        (5, [1]),
        (5, []),
        (6, [-1]),
        (6, [[0]]),
        (6, [1 << 63]),
        (7, []),
        (7, [1]),
        (7, [0, 0]),
        (7, [2, 0, 2, 0, 0, 2, 0]),
        (7, [1, 0, 0, 0]),
        (8, []),
        (8, [[]]),
        (8, [[1.5]]),
        (8, [[{1: 1}]]),
        (8, [[{0: 0}]]),
        (8, [b"\xa0"]),
        (9, [1, "x"]),
        (9, [0, 5]),
        (9, [0]),
    ],
)
def test_unpack_malformed_part_refused(part: int, value: object) -> None:
    body = packed([one_change()])
    body[part] = value
    with pytest.raises(WireError):
        unpacked(body)


def test_unpack_bodies_of_other_shape_refused() -> None:
    bodies: list[object] = [[], {}, None, 1, packed([one_change()])[:9]]
    for body in bodies:
        with pytest.raises(WireError):
            unpack_changes(body, ANNAS, SESSION, ROSTER, 1)


def test_unpack_context_that_would_unfold_to_gigabytes_refused() -> None:
    body = packed([one_change()])
    body[7] = [2, 0, 2, wire.CONTEXT_LIMIT - 1, 0, 4, wire.CONTEXT_LIMIT - 1]
    with pytest.raises(WrongSizeError):
        unpacked(body)


def test_unpack_device_of_a_newer_roster_is_held() -> None:
    body = packed([one_change()])
    body[0] = [[99, 1]]
    with pytest.raises(LacksRosterError):
        unpacked(body, roster_version=ROSTER.version + 1)


def test_unpack_class_of_a_newer_program_is_held() -> None:
    body = packed([one_change()])
    body[2][0][2] = 99
    with pytest.raises(LacksProgramError):
        unpacked(body)


def test_canonical_change_does_not_depend_on_the_body() -> None:
    change = a_day()[4]
    assert canonical_change(unpacked(packed([change]))[0]) == canonical_change(change)
    assert canonical_change(replace(change, reason="x")) != canonical_change(change)


@given(st.data())
def test_unpack_changed_bytes_raise_nothing_but_the_family(data: st.DataObject) -> None:
    body = bytearray(wire.encode(pack_changes(a_day()[:12], ANNAS, SESSION, ROSTER)))
    for _ in range(data.draw(st.integers(1, 4))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    try:
        unpacked(wire.decode_strict(bytes(body), limit=wire.BODY_LIMIT))
    except (WireError, WrongDotError, WrongSizeError, LacksProgramError, LacksRosterError):
        return
