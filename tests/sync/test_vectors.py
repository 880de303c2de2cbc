"""Frozen bytes of version 1 still open, and no name or constant of the format changed unnoticed."""

import json
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.domain.dots import Dot
from app.domain.orders import OrderKind
from app.storage.backup_file import encode_front, pieces, read_front
from sync.channel import open_grant
from sync.district.roster_chain import verify_chain
from sync.district.safe_key import read_safe_key
from sync.encoding import wire
from sync.encoding.signing import Kind, Sign
from sync.entry.enrolment import (
    read_invitation,
    read_request,
    request_enrolment,
    request_fingerprint,
    verify_request,
)
from sync.envelope import Envelope, read_header
from sync.folder.manifest import manifest_name, seal_manifest, unseal_manifest, verify_manifest
from sync.layout import canonical_change
from sync.read_log.safe_seal import sign_safe_seal, verified_safe_seal
from sync.roster import Roster, decode_roster, sign_roster
from sync.sending.sealing import OpenedEnvelope, Place, open_envelope, seal_envelope
from sync.signed.ack import read_ack, sign_ack, verify_ack
from sync.signed.ask import read_ask, sign_ask, verify_ask
from sync.signed.checkpoint import Reach, open_part, proven_by, seal_part
from sync.signed.grant import read_grant, verify_grant
from sync.signed.order import check_order, order_content, read_order, sign_order
from sync.signed.order_list import read_order_list, sign_order_list
from sync.signed.prekey import read_prekey, sign_prekey, verify_prekey
from sync.signed.purge import read_purge, sign_purge, verify_purge
from tests.vectors import make
from tests.vectors.documents import DATABASE

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


def orders() -> list[bytes]:
    return [bytes.fromhex(item) for item in FROZEN["orders"]]


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


def test_orders_read_as_signed_and_signatures_over_one_content_unite() -> None:
    erase, countersigned, redact = (read_order(item) for item in orders())
    assert erase.id == countersigned.id != redact.id
    assert [item.order.kind for item in (erase, redact)] == [OrderKind.ERASE, OrderKind.REDACT]
    case = Dot.from_bytes(wire.decode_strict(bytes.fromhex(FROZEN["changes"][0][0]), limit=2000)[0])
    assert erase.order.cases == redact.order.cases == {case}
    for document, name in zip(orders(), ("anna", "sina", "anna"), strict=True):
        signed = read_order(document)
        check_order(document, signed.signer, roster())
        content = order_content(signed.order, roster())
        assert sign_order(content, signed.signer, roster(), sign_as(name)) == document


def test_order_list_holds_the_orders_and_is_signed_alike() -> None:
    data = frozen("order_list")
    assert read_order_list(data, roster()) == tuple(sorted(orders()))
    assert sign_order_list(orders(), roster(), 1, sign_as("anna")) == data


def test_purge_voids_both_envelopes_and_is_signed_alike() -> None:
    purge = read_purge(frozen("purge"))
    first, second = envelopes()
    assert verify_purge(purge, roster()).index == first.header.device
    assert [place[1:] for place in purge.places] == [(1, first.hash, b""), (2, second.hash, first.hash)]
    assert sign_purge(purge, sign_as("anna")) == frozen("purge")


def test_ask_names_what_is_lacking_and_is_signed_alike() -> None:
    ask = read_ask(frozen("ask"))
    header = envelopes()[0].header
    assert verify_ask(ask, roster()).index == ask.asker
    assert ask.grants == ((header.device, header.channel, header.epoch),)
    assert ask.places == ((header.device, header.session, header.channel, 1, 2),)
    assert sign_ask(ask, sign_as("sina")) == frozen("ask")


def test_checkpoint_tells_its_changes_and_proves_one() -> None:
    part, _ = open_part(read_header(bytes.fromhex(FROZEN["checkpoint"]["part"])), KEY, roster())
    assert [canonical_change(change).hex() for change in part.changes] == FROZEN["checkpoint"]["changes"]
    (proof,) = part.proofs
    (proven,) = proven_by(proof, {item.dot.to_bytes(): (item,) for item in part.changes}, roster())
    assert canonical_change(proven).hex() == FROZEN["checkpoint"]["proven"]
    assert part.answer is not None
    header = envelopes()[0].header
    assert (part.answer.ask, part.answer.first) == (read_ask(frozen("ask")).hash, 3)
    assert part.answer.told == (Reach(header.session, header.channel, 2),)


def test_checkpoint_is_sealed_alike() -> None:
    envelope = read_header(bytes.fromhex(FROZEN["checkpoint"]["part"]))
    part, _ = open_part(envelope, KEY, roster())
    header = envelope.header
    data = seal_part(
        part,
        place=Place(header.device, header.channel, header.epoch, header.session, header.n, header.prev_hash),
        channel_key=KEY,
        roster=roster(),
        sign=sign_as("anna"),
        entropy=Repeated(header.salt16),
    )
    assert replace(read_header(data).header, body_hash=header.body_hash) == header
    assert header.prev_hash == envelopes()[1].hash


def test_folder_list_opens_under_its_key_and_name_and_is_signed_alike() -> None:
    told = FROZEN["manifest"]
    key = bytes.fromhex(told["key"])
    listed = unseal_manifest(bytes.fromhex(told["file"]), (key,))
    assert manifest_name(key, verify_manifest(listed, roster()).index).hex() == told["name"]
    assert listed.content.hex() == told["content"]
    assert listed.acks == (frozen("ack"),)
    salt = wire.decode_strict(bytes.fromhex(told["file"]), limit=10_000)[2]
    again = seal_manifest(listed, key, sign_as("anna"), Repeated(salt))
    assert unseal_manifest(again, (key,)) == listed


def test_backup_is_read_and_its_front_is_written_alike() -> None:
    key, data = bytes.fromhex(FROZEN["backup"]["key"]), bytes.fromhex(FROZEN["backup"]["file"])
    file = BytesIO(data)
    front = read_front(file)
    assert front.is_authentic(key)
    assert b"".join(pieces(file, front.header)) == DATABASE
    assert encode_front(front.header, key) + DATABASE == data
    assert front.header.district == roster().district


def test_key_in_the_safe_says_where_to_seal_to() -> None:
    key = read_safe_key(FROZEN["safe"]["text"])
    named = replace(roster(), offline_key=key.public)
    seal = bytes.fromhex(FROZEN["safe"]["seal"])
    assert verified_safe_seal(seal, named) == key.seal_public
    assert sign_safe_seal(named.district, key) == seal


VECTOR_OF = {
    Kind.ROSTER: "rosters",
    Kind.PREKEY: "prekey",
    Kind.GRANT: "grants",
    Kind.ENVELOPE: "envelopes",
    Kind.ACK: "ack",
    Kind.ENROLMENT: "request",
    Kind.ASK: "ask",
    Kind.ORDER: "orders",
    Kind.ORDER_LIST: "order_list",
    Kind.PURGE: "purge",
    Kind.CHECKPOINT: "checkpoint",
    Kind.FOLDER: "manifest",
    Kind.SAFE_SEAL: "safe",
}


def test_whatever_is_signed_has_a_vector() -> None:
    assert set(VECTOR_OF) == set(Kind)
    assert set(VECTOR_OF.values()) <= FROZEN.keys()


def test_a_vector_that_is_new_is_frozen() -> None:
    # What holds or hashes a ciphertext may differ by the version of zstd, and what HPKE seals by chance.
    present = json.loads(json.dumps(make.vectors()))
    assert present.keys() == FROZEN.keys()
    sealed = {"grants", "envelopes", "ack", "checkpoint", "exchange", "manifest", "purge", "read_log"}
    assert {name: present[name] for name in present.keys() - sealed} == {
        name: FROZEN[name] for name in FROZEN.keys() - sealed
    }
