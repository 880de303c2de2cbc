"""Acknowledgements: signed by the recipient, bound to district, stream and head."""

from dataclasses import replace

import pytest

from sync.errors import LacksRosterError, SenderSuspendedError, WrongDistrictError, WrongSignatureError
from sync.roster import DeviceState
from sync.signed.ack import Ack, read_ack, sign_ack, verify_ack
from tests.support.wire import ANNAS, KEEPER, MORNING_HLC, SESSION, key_of, roster_chain

ROSTER = roster_chain()[-1]
ACK = Ack(
    ROSTER.district, ROSTER.version, KEEPER, ANNAS, SESSION, b"channel!", 3, bytes(range(32)), MORNING_HLC
)


def test_ack_is_read_as_signed() -> None:
    ack = read_ack(sign_ack(ACK, key_of("sina").sign))
    assert replace(ack, signature=b"") == ACK
    assert verify_ack(ack, ROSTER) == ROSTER.device(KEEPER)


def test_ack_by_the_sender_for_the_recipient_refused() -> None:
    with pytest.raises(WrongSignatureError):
        verify_ack(read_ack(sign_ack(ACK, key_of("anna").sign)), ROSTER)


def test_ack_with_another_head_refused() -> None:
    ack = read_ack(sign_ack(ACK, key_of("sina").sign))
    with pytest.raises(WrongSignatureError):
        verify_ack(replace(ack, head=bytes(32)), ROSTER)


def test_ack_of_another_district_refused() -> None:
    with pytest.raises(WrongDistrictError):
        verify_ack(replace(ACK, district=bytes(32)), ROSTER)


def test_ack_of_suspended_device_refused() -> None:
    devices = tuple(replace(device, state=DeviceState.SUSPENDED) for device in ROSTER.devices)
    with pytest.raises(SenderSuspendedError):
        verify_ack(read_ack(sign_ack(ACK, key_of("sina").sign)), replace(ROSTER, devices=devices))


def test_ack_naming_a_newer_roster_is_held_while_the_acker_is_unknown() -> None:
    ack = replace(ACK, acker=3)
    with pytest.raises(LacksRosterError):
        verify_ack(read_ack(sign_ack(ack, key_of("cora").sign)), roster_chain()[1])
