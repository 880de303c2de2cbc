"""Frozen bytes of version 1 still open, and no name or constant of the format changed unnoticed."""

import json
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync.ack import read_ack, sign_ack, verify_ack
from sync.channel import open_grant
from sync.enrolment import (
    read_invitation,
    read_request,
    request_enrolment,
    request_fingerprint,
    verify_request,
)
from sync.envelope import Envelope, read_header
from sync.grant import read_grant, verify_grant
from sync.layout import canonical_change
from sync.prekey import read_prekey, sign_prekey, verify_prekey
from sync.roster import Roster, decode_roster, sign_roster
from sync.roster_chain import verify_chain
from sync.sealing import OpenedEnvelope, Place, open_envelope, seal_envelope
from sync.signing import Sign
from tests.vectors import make

FROZEN: dict[str, Any] = json.loads(make.VECTORS.read_text("utf-8"))
KEY = bytes.fromhex(FROZEN["channel_key"])


def frozen(name: str) -> bytes:
    return bytes.fromhex(FROZEN[name])


def chain() -> list[Roster]:
    return [decode_roster(bytes.fromhex(item)) for item in FROZEN["rosters"]]


def roster() -> Roster:
    newest = verify_chain(None, chain())
    assert newest is not None
    return newest


def sign_as(name: str) -> Sign:
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(FROZEN["identities"][name])).sign


def envelopes() -> list[Envelope]:
    return [read_header(bytes.fromhex(item)) for item in FROZEN["envelopes"]]


class Repeated:
    """The salt of a frozen envelope once more."""

    def __init__(self, salt: bytes) -> None:
        self.salt = salt

    def bytes(self, count: int) -> bytes:
        assert count == len(self.salt)
        return self.salt


def resealed(envelope: Envelope, opened: OpenedEnvelope) -> Envelope:
    header = envelope.header
    place = Place(header.device, header.channel, header.epoch, header.session, header.n, header.prev_hash)
    data = seal_envelope(
        opened.changes,
        place=place,
        channel_key=KEY,
        roster=roster(),
        sign=sign_as("anna"),
        entropy=Repeated(header.salt16),
    )
    return read_header(data)


def test_schema_has_lost_nothing_and_all_that_is_new_is_frozen() -> None:
    present = json.loads(json.dumps(make.schema()))
    snapshot = json.loads(make.SCHEMA.read_text("utf-8"))
    assert make.losses(snapshot, present) == []
    assert present == snapshot, "New names: run `python -m tests.vectors.make` and commit the snapshot."


def test_losses_names_what_was_removed_or_changed() -> None:
    old = {"types": {"A": {"f": ["text", ["x", "y"]]}}, "constants": {"n": 1, "gone": 2}}
    new = {"types": {"A": {"f": ["text", ["x", "z"]]}, "B": {}}, "constants": {"n": 2, "more": 3}}
    assert make.losses(old, new) == ["/types/A/f/['x', 'y']", "/constants/n", "/constants/gone"]
    assert make.losses(new, new) == []


def test_rosters_form_their_chain_and_are_signed_alike() -> None:
    assert roster() == chain()[-1]
    assert [sign_roster(replace(item, signatures=()), 0, sign_as("sina")) for item in chain()] == chain()


def test_prekey_is_good_and_signed_alike() -> None:
    data = bytes.fromhex(FROZEN["prekey"]["public"])
    prekey = read_prekey(data)
    assert verify_prekey(prekey, roster()).index == prekey.device
    assert sign_prekey(roster(), prekey.device, prekey.public, prekey.created, sign_as("sina")) == data


def test_grants_open_to_the_channel_key() -> None:
    private = bytes.fromhex(FROZEN["prekey"]["private"])
    for item in FROZEN["grants"]:
        grant = read_grant(bytes.fromhex(item))
        assert verify_grant(grant, roster()).index == grant.fields.sender
        assert open_grant(grant, private) == KEY


@pytest.mark.parametrize("at", range(len(FROZEN["envelopes"])))
def test_envelope_opens_to_the_same_changes(at: int) -> None:
    opened = open_envelope(envelopes()[at], KEY, roster())
    assert [canonical_change(change).hex() for change in opened.changes] == FROZEN["changes"][at]


@pytest.mark.parametrize("at", range(len(FROZEN["envelopes"])))
def test_envelope_is_sealed_alike(at: int) -> None:
    # Only the ciphertext may differ: another version of zstd may compress otherwise.
    envelope = envelopes()[at]
    opened = open_envelope(envelope, KEY, roster())
    again = resealed(envelope, opened)
    assert replace(again.header, body_hash=envelope.header.body_hash) == envelope.header
    assert open_envelope(again, KEY, roster()).changes == opened.changes


def test_envelopes_form_their_chain_and_the_ack_names_its_head() -> None:
    first, second = envelopes()
    ack = read_ack(frozen("ack"))
    verify_ack(ack, roster())
    assert (second.header.prev_hash, ack.head) == (first.hash, second.hash)
    assert sign_ack(ack, sign_as("sina")) == frozen("ack")


def test_invitation_and_request_belong_together() -> None:
    invitation = read_invitation(FROZEN["invitation"])
    request = read_request(frozen("request"))
    verify_request(request, invitation)
    again = request_enrolment(invitation, request.public_key, request.prekey_public, sign_as("oda"))
    assert again == frozen("request")
    assert request_fingerprint(request) == tuple(FROZEN["fingerprint"])
