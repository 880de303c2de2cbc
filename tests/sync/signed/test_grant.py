"""Grants: HPKE with the real library, signed, committed, for one prekey."""

from dataclasses import replace
from datetime import date

import pytest

from app.security import prekeys
from app.security.prekeys import generate_prekey, public_half
from sync.channel import Channel, make_grant, new_channel, next_epoch, open_grant
from sync.encoding import wire
from sync.encoding.signing import key_commitment
from sync.encoding.wire import WireError
from sync.errors import (
    LacksProgramError,
    WrongCommitmentError,
    WrongContentError,
    WrongDistrictError,
    WrongRecipientError,
    WrongSignatureError,
)
from sync.roster import DeviceState
from sync.signed.grant import GRANT_TAG, GrantFields, assemble_grant, read_grant, verify_grant
from sync.signed.prekey import Prekey, read_prekey, sign_prekey
from tests.support.ports import SeededEntropy
from tests.support.wire import ANNAS, BENS, KEEPER, key_of, roster_chain

ROSTER = roster_chain()[-1]
PRIVATE = generate_prekey(SeededEntropy("sina's prekey"))
CHANNEL = new_channel((3, 1), 1, SeededEntropy("channel"))


def sinas_prekey() -> Prekey:
    data = sign_prekey(ROSTER, KEEPER, public_half(PRIVATE), date(2026, 11, 2), key_of("sina").sign)
    return read_prekey(data)


def grant_bytes(channel: Channel = CHANNEL, signer: str = "anna") -> bytes:
    return make_grant(channel, sinas_prekey(), roster=ROSTER, sender=ANNAS, sign=key_of(signer).sign)


def test_grant_opens_to_the_channels_key() -> None:
    grant = read_grant(grant_bytes())
    assert verify_grant(grant, ROSTER) == ROSTER.device(ANNAS)
    assert open_grant(grant, PRIVATE) == CHANNEL.key
    assert grant.fields == GrantFields(
        district=ROSTER.district,
        channel=CHANNEL.id,
        epoch=1,
        audience=(1, 3),
        roster_version=ROSTER.version,
        sender=ANNAS,
        recipient=KEEPER,
        prekey=sinas_prekey().id,
        key_commitment=key_commitment(CHANNEL.key),
    )


def test_sealed_key_is_1168_bytes_and_info_begins_with_the_tag() -> None:
    grant = read_grant(grant_bytes())
    assert len(grant.sealed) == 1168
    assert wire.decode_strict(grant.fields.info, limit=1000)[0] == GRANT_TAG


def test_grant_for_another_prekey_does_not_open() -> None:
    other = generate_prekey(SeededEntropy("another"))
    with pytest.raises(WrongContentError) as caught:
        open_grant(read_grant(grant_bytes()), other)
    assert caught.value.reason == "sealed_key"


@pytest.mark.parametrize(
    "change", [{"epoch": 2}, {"audience": (1, 2, 3)}, {"roster_version": 3}, {"sender": BENS}]
)
def test_grant_says_what_was_sealed_or_does_not_open(change: dict[str, object]) -> None:
    grant = read_grant(grant_bytes())
    fields = replace(grant.fields, **change)  # type: ignore[arg-type]  # names are the fields' own
    resigned = read_grant(assemble_grant(fields, grant.sealed, key_of("anna").sign))
    with pytest.raises(WrongContentError):
        open_grant(resigned, PRIVATE)


class OtherKey:
    """A sender gone bad: what it seals is not what it commits to."""

    def seal(self, public: bytes, info: bytes, plaintext: bytes) -> bytes:
        return prekeys.seal(public, info, bytes(len(plaintext)))

    def open_sealed(self, private: bytes, info: bytes, sealed: bytes) -> bytes:
        return prekeys.open_sealed(private, info, sealed)


def test_grant_of_a_key_other_than_committed_refused() -> None:
    data = make_grant(
        CHANNEL, sinas_prekey(), roster=ROSTER, sender=ANNAS, sign=key_of("anna").sign, agreement=OtherKey()
    )
    with pytest.raises(WrongCommitmentError):
        open_grant(read_grant(data), PRIVATE)


def test_grant_signed_by_another_refused() -> None:
    with pytest.raises(WrongSignatureError):
        verify_grant(read_grant(grant_bytes(signer="ben")), ROSTER)


def test_grant_of_another_district_refused() -> None:
    with pytest.raises(WrongDistrictError):
        verify_grant(read_grant(grant_bytes()), replace(ROSTER, first=bytes(32)))


def test_grant_of_a_suspended_sender_still_opens_what_it_sent_before() -> None:
    devices = tuple(
        replace(device, state=DeviceState.REVOKED) if device.index == ANNAS else device
        for device in ROSTER.devices
    )
    assert verify_grant(read_grant(grant_bytes()), replace(ROSTER, devices=devices)).index == ANNAS


def test_grant_to_one_outside_the_audience_refused_on_both_sides() -> None:
    with pytest.raises(WrongRecipientError):
        grant_bytes(new_channel((1,), 1, SeededEntropy("x")))
    fields = replace(read_grant(grant_bytes()).fields, audience=(1,))
    forged = read_grant(assemble_grant(fields, bytes(1168), key_of("anna").sign))
    with pytest.raises(WrongRecipientError):
        verify_grant(forged, ROSTER)


@pytest.mark.parametrize(
    ("place", "value", "reason"),
    [
        (0, "kim-mobil/envelope/1", "tag"),
        (1, 0, "number"),
        (4, b"short", "bytes"),
        (6, [], "audience"),
        (6, [3, 1], "audience"),
        (6, [1, 1], "audience"),
        (10, b"", "bytes"),
        (11, bytes(16), "bytes"),
    ],
)
def test_grant_malformed_refused(place: int, value: object, reason: str) -> None:
    fields, sealed, signature = wire.decode_strict(grant_bytes(), limit=wire.GRANT_LIMIT)
    fields[place] = value
    with pytest.raises(WireError) as caught:
        read_grant(wire.encode([fields, sealed, signature]))
    assert caught.value.reason == reason


@pytest.mark.parametrize("place", [1, 3])
def test_grant_of_a_newer_program_is_held(place: int) -> None:
    fields, sealed, signature = wire.decode_strict(grant_bytes(), limit=wire.GRANT_LIMIT)
    fields[place] = 2
    with pytest.raises(LacksProgramError):
        read_grant(wire.encode([fields, sealed, signature]))


def test_next_epoch_has_another_key_and_the_same_name() -> None:
    following = next_epoch(CHANNEL, SeededEntropy("later"))
    assert (following.id, following.epoch, following.audience) == (CHANNEL.id, 2, (1, 3))
    assert following.key != CHANNEL.key
