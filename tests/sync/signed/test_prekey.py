"""Prekeys: signed, bound to district and device."""

from dataclasses import replace
from datetime import date

import pytest

from sync.encoding import wire
from sync.encoding.wire import WireError
from sync.errors import SenderSuspendedError, WrongDistrictError, WrongSenderError, WrongSignatureError
from sync.roster import DeviceState, first_roster
from sync.signed.prekey import Prekey, Reads, prekey_id, read_prekey, sign_prekey, verify_prekey
from tests.support.ports import SINA, SeededEntropy
from tests.support.wire import ANNAS, EXPIRES, key_of, public_of, roster_chain

DAY = date(2026, 11, 2)
PUBLIC = SeededEntropy("prekey").bytes(wire.PREKEY_PUBLIC_BYTES)
ROSTER = roster_chain()[-1]


def prekey_bytes(signer: str = "anna", device: int = ANNAS) -> bytes:
    return sign_prekey(ROSTER, device, PUBLIC, DAY, key_of(signer).sign)


def test_prekey_is_read_as_signed() -> None:
    prekey = read_prekey(prekey_bytes())
    assert replace(prekey, signature=b"") == Prekey(
        ROSTER.district, ANNAS, ROSTER.version, prekey_id(PUBLIC), PUBLIC, DAY, Reads(1, (1,))
    )
    assert verify_prekey(prekey, ROSTER) == ROSTER.device(ANNAS)


def test_prekey_signed_by_another_refused() -> None:
    with pytest.raises(WrongSignatureError):
        verify_prekey(read_prekey(prekey_bytes("ben")), ROSTER)


def test_prekey_of_another_district_refused() -> None:
    elsewhere = first_roster("OEK", "Olpe", EXPIRES, SINA, public_of("sina"))
    with pytest.raises(WrongDistrictError):
        verify_prekey(read_prekey(prekey_bytes()), elsewhere)


def test_prekey_of_unknown_device_refused() -> None:
    with pytest.raises(WrongSenderError):
        verify_prekey(read_prekey(prekey_bytes(device=9)), ROSTER)


def test_prekey_of_suspended_device_refused() -> None:
    devices = tuple(replace(device, state=DeviceState.SUSPENDED) for device in ROSTER.devices)
    with pytest.raises(SenderSuspendedError):
        verify_prekey(read_prekey(prekey_bytes()), replace(ROSTER, first=ROSTER.district, devices=devices))


def test_prekey_with_foreign_id_refused() -> None:
    fields, _ = wire.decode_strict(prekey_bytes(), limit=wire.PREKEY_LIMIT)
    fields[5] = b"12345678"
    signature = key_of("anna").sign(b"kim-mobil/prekey/1" + wire.encode(fields))
    with pytest.raises(WireError) as caught:
        verify_prekey(read_prekey(wire.encode([fields, signature])), ROSTER)
    assert caught.value.reason == "prekey_id"


def test_prekey_suites_out_of_order_refused() -> None:
    fields, signature = wire.decode_strict(prekey_bytes(), limit=wire.PREKEY_LIMIT)
    fields[8] = [1, [2, 1]]
    with pytest.raises(WireError) as caught:
        read_prekey(wire.encode([fields, signature]))
    assert caught.value.reason == "order"
