"""Asks: signed, strict, capped; whoever is asked looks again whether the asker may have it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sync.encoding import wire
from sync.encoding.wire import WireError
from sync.errors import (
    LacksProgramError,
    LacksRosterError,
    SenderSuspendedError,
    WrongDistrictError,
    WrongSignatureError,
    WrongSizeError,
)
from sync.roster import DeviceState
from sync.rounds.exchange import RoundRequest, StatusCode
from sync.signed.ask import Ask, GrantWish, PlaceWish, read_ask, sign_ask, verify_ask
from tests.support.district import District, edit_case, open_case, stored
from tests.support.wire import ANNAS, CORAS, KEEPER, MORNING_HLC, SESSION, key_of, roster_chain

ROSTER = roster_chain()[-1]
ASK = Ask(
    ROSTER.district,
    ROSTER.version,
    ANNAS,
    (KEEPER, 2),
    MORNING_HLC,
    (GrantWish(KEEPER, b"channel!", 1),),
    (PlaceWish(2, SESSION, b"channel!", 3, 9),),
    (KEEPER,),
)
SIGNED = sign_ask(ASK, key_of("anna").sign)


def changed(at: int, value: object) -> bytes:
    """The ask with another field, signed rightly."""
    fields, _ = wire.decode_strict(SIGNED, limit=wire.ASK_LIMIT)
    fields[at] = value
    signature = key_of("anna").sign(b"kim-mobil/ask/1" + wire.encode(fields))
    return wire.encode([fields, signature])


def test_ask_is_read_as_signed() -> None:
    ask = read_ask(SIGNED)
    assert replace(ask, signature=b"") == ASK
    assert verify_ask(ask, ROSTER) == ROSTER.device(ANNAS)


@pytest.mark.parametrize("length", [0, 1, 40, len(SIGNED) - 1])
def test_truncated_ask_refused(length: int) -> None:
    with pytest.raises(WireError):
        read_ask(SIGNED[:length])


def test_oversized_ask_refused() -> None:
    with pytest.raises(WrongSizeError):
        read_ask(SIGNED + bytes(wire.ASK_LIMIT))


@pytest.mark.parametrize(
    ("at", "value"),
    [
        (5, []),
        (5, [2, 0]),
        (5, list(range(1025))),
        (7, [[0, b"short", 1]]),
        (7, [[0, b"channel!", 1]] * 65),
        (8, [[2, 1, b"channel!", 9, 3]]),
        (8, [[2, 1, b"channel!", 0, 3]]),
        (9, [1, 1]),
        (9, True),
    ],
)
def test_ask_of_another_form_refused(at: int, value: object) -> None:
    with pytest.raises(WireError):
        read_ask(changed(at, value))


def test_ask_of_a_newer_program_is_held() -> None:
    with pytest.raises(LacksProgramError):
        read_ask(changed(0, 2))


def test_ask_that_another_device_signed_refused() -> None:
    with pytest.raises(WrongSignatureError):
        verify_ask(read_ask(sign_ask(ASK, key_of("ben").sign)), ROSTER)


def test_ask_of_another_district_refused() -> None:
    with pytest.raises(WrongDistrictError):
        verify_ask(replace(ASK, district=bytes(32)), ROSTER)


def test_ask_of_a_suspended_device_refused() -> None:
    devices = tuple(replace(device, state=DeviceState.SUSPENDED) for device in ROSTER.devices)
    with pytest.raises(SenderSuspendedError):
        verify_ask(read_ask(SIGNED), replace(ROSTER, devices=devices))


def test_ask_naming_a_newer_roster_is_held_while_the_asker_is_unknown() -> None:
    ask = replace(ASK, asker=CORAS)
    with pytest.raises(LacksRosterError):
        verify_ask(read_ask(sign_ask(ask, key_of("cora").sign)), roster_chain()[1])


def test_relay_refuses_an_ask_in_somebody_elses_name(district: District) -> None:
    anna = district["anna"]
    engine = anna._engine
    ask = Ask(engine.roster.district, engine.roster.version, KEEPER, (engine.index,), MORNING_HLC)
    answer = anna._open_carrier().round(
        RoundRequest(engine.roster.version, asks=(sign_ask(ask, engine.sign),))
    )
    assert answer.statuses[-1].code is StatusCode.REFUSED


def test_key_that_got_lost_is_granted_again_to_who_may_have_it(district: District) -> None:
    anna, sina = district["anna"], district["sina"]
    case = open_case(anna, "mit verlorenem Schlüssel")
    district.round("anna")
    district.round("sina")
    stored(sina, "DELETE FROM channel_key WHERE device = ?", anna._engine.index)
    edit_case(anna, case, concern="danach")
    district.round("anna", "sina")
    assert [parcel.reason for parcel in sina.status().parcels] == ["lacks_grant"]
    district.round("anna", "sina")
    assert sina.status().parcels == ()


def test_stranger_gets_no_key_by_asking(district: District) -> None:
    district.join("ben")
    district.round()
    anna, ben = district["anna"], district["ben"]
    open_case(anna, "nicht für Ben")
    district.round("anna")
    ((channel, epoch),) = stored(
        anna,
        "SELECT DISTINCT channel, epoch FROM sealed JOIN sealed_change USING (session, channel, n)"
        " JOIN change USING (dot) WHERE register = 'concern'",
    )
    engine = ben._engine
    target = anna._engine.index
    ask = Ask(
        engine.roster.district,
        engine.roster.version,
        engine.index,
        (target,),
        MORNING_HLC,
        (GrantWish(target, bytes(channel), epoch),),
        state=(target,),
    )
    signed = sign_ask(ask, engine.sign)
    ben._open_carrier().round(RoundRequest(engine.roster.version, asks=(signed,)))
    district.round("anna", "ben")
    granted = "SELECT count(*) FROM grant_out WHERE recipient = ? AND channel = ?"
    assert stored(anna, granted, engine.index, channel) == [(0,)]
    assert ben.session.store.queries.case_count() == 0
