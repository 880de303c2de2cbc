"""Who may speak to a relay: signature, digest and nonce, against a real process."""

from datetime import UTC, datetime

import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync.relay.server import RelayServer
from sync.rounds.exchange import Cursor, RoundRequest, encode_request
from tests.support.forks import ForkedRelay
from tests.support.raw_relay import RawRequest, outcome, send
from tests.support.relay_district import MANAGER, RelayDistrict


@pytest.fixture
def raw(relay: RelayServer, district: RelayDistrict) -> RawRequest:
    return RawRequest(relay.url, district.devices[MANAGER])


def test_round_signed_well(raw: RawRequest) -> None:
    assert outcome(raw.send()) == (200, "")


def test_round_without_signature(raw: RawRequest) -> None:
    response = httpx2.post(f"{raw.url}{raw.path}/round", content=raw.body)
    assert outcome(response) == (401, "unsigned")


def test_round_with_nonce_used_before(raw: RawRequest) -> None:
    nonce = raw.fresh_nonce()
    outcomes = [outcome(raw.send(nonce=nonce)) for _ in range(2)]
    assert outcomes == [(200, ""), (401, "nonce")]


def test_round_replayed_byte_by_byte(raw: RawRequest) -> None:
    request = raw.signed()
    assert [outcome(send(request)) for _ in range(2)] == [(200, ""), (401, "nonce")]


def test_nonce_is_spent_by_a_refusal(raw: RawRequest) -> None:
    nonce = raw.fresh_nonce()
    unknown = encode_request(RoundRequest(2, Cursor(1, bytes(32))))
    assert outcome(raw.send(nonce=nonce, body=unknown)) == (410, "unknown_cursor")
    assert outcome(raw.send(nonce=nonce)) == (401, "nonce")


def test_nonce_is_not_spent_by_a_stranger(raw: RawRequest) -> None:
    nonce = raw.fresh_nonce()
    assert outcome(raw.send(nonce=nonce, sign=Ed25519PrivateKey.generate().sign)) == (401, "signature")
    assert outcome(raw.send(nonce=nonce)) == (200, "")


@pytest.mark.parametrize("nonce", ["", "x", "A" * 32, "!" * 32, "A" * 4096])
def test_round_with_invented_nonce(raw: RawRequest, nonce: str) -> None:
    assert outcome(raw.send(nonce=nonce)) == (401, "nonce")


def test_round_with_nonce_of_another_relay(raw: RawRequest, tmp_path_factory: pytest.TempPathFactory) -> None:
    with ForkedRelay(tmp_path_factory.mktemp("other") / "other.sqlite") as other:
        raw.device.district.open_at(other.url)
        theirs = RawRequest(other.url, raw.device).fresh_nonce()
    assert outcome(raw.send(nonce=theirs)) == (401, "nonce")


def test_round_signed_by_another_key(raw: RawRequest) -> None:
    stranger = Ed25519PrivateKey.generate()
    assert outcome(raw.send(sign=stranger.sign)) == (401, "signature")


def test_round_signed_by_another_device_of_the_district(raw: RawRequest) -> None:
    assert outcome(raw.send(key_id="2")) == (401, "signature")


def test_round_with_altered_body(raw: RawRequest) -> None:
    request = raw.signed()
    altered = encode_request(RoundRequest(1))
    forged = httpx2.Request("POST", request.url, content=altered, headers=request.headers)
    assert len(altered) == len(raw.body)
    assert outcome(send(forged)) == (401, "signature")


def test_round_with_digest_left_out(raw: RawRequest) -> None:
    assert outcome(raw.send(with_digest=False)) == (401, "signature")


@pytest.mark.parametrize("left_out", ["@method", "@authority", "@path"])
def test_round_with_uncovered_part(raw: RawRequest, left_out: str) -> None:
    covered = tuple(part for part in raw.covered if part != left_out)
    assert outcome(raw.send(covered=covered)) == (401, "signature")


def test_round_signed_for_another_address(raw: RawRequest, relay: RelayServer) -> None:
    other = RelayDistrict(manager_key=raw.device.key)
    request = raw.signed()
    elsewhere = str(request.url).replace(raw.path, RawRequest(relay.url, other.devices[MANAGER]).path)
    other.open_at(relay.url)
    forged = httpx2.Request("POST", elsewhere, content=raw.body, headers=request.headers)
    assert outcome(send(forged)) == (401, "signature")


def test_round_signed_for_another_relay(raw: RawRequest) -> None:
    request = raw.signed()
    request.headers["Host"] = "relay.invalid"
    assert outcome(send(request)) == (401, "signature")


def test_round_with_another_tag(raw: RawRequest) -> None:
    assert outcome(raw.send(tag="kim-mobil/envelope/1")) == (401, "signature")


@pytest.mark.parametrize("year", [1970, 2001, 2099])
def test_round_by_a_wrong_clock(raw: RawRequest, year: int) -> None:
    assert outcome(raw.send(created=datetime(year, 1, 1, tzinfo=UTC))) == (200, "")


@pytest.mark.parametrize("key_id", ["99", "-1", "01", "one", "", "9" * 30])
def test_round_by_unknown_device(raw: RawRequest, key_id: str) -> None:
    assert outcome(raw.send(key_id=key_id)) == (401, "unknown_device")


def test_round_of_unknown_district(raw: RawRequest) -> None:
    assert outcome(raw.send(device=RelayDistrict().devices[MANAGER])) == (404, "unknown_district")


def test_round_by_suspended_device(raw: RawRequest, district: RelayDistrict, relay: RelayServer) -> None:
    keeper = district.devices[0].carrier(relay.url)
    keeper.put_rosters([district.suspend(MANAGER)])
    keeper.close()
    assert outcome(raw.send()) == (403, "not_active")


def test_round_too_large(raw: RawRequest) -> None:
    assert outcome(raw.send(body=bytes(2 * 1024 * 1024 + 1))) == (413, "too_large")


@pytest.mark.parametrize("body", [b"", b"\xff", b"\xa0", b"\xa1\x00\x20", b"\xa2\x00\x02\x18\x63\x01"])
def test_round_with_unreadable_body(raw: RawRequest, body: bytes) -> None:
    assert outcome(raw.send(body=body)) == (422, "unreadable")


@pytest.mark.parametrize(
    "headers",
    [
        {"Signature": "r=:AA==:", "Signature-Input": "nonsense"},
        {"Signature": "nonsense", "Signature-Input": 'r=("@method");keyid="1"'},
        {
            "Signature": "r=:AA==:",
            "Signature-Input": 'r=("@method" "@nonsense");keyid="1";tag="kim-mobil/request/1"',
        },
        {"Signature": "r=1", "Signature-Input": "r=1"},
    ],
)
def test_round_with_malformed_signature(raw: RawRequest, headers: dict[str, str]) -> None:
    response = httpx2.post(f"{raw.url}{raw.path}/round", content=raw.body, headers=headers)
    assert outcome(response) == (401, "signature")
