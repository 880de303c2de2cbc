"""What the relay says of itself holds for whatever is sent to it: documented answers, never a fault."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.carriers.request_signer import RequestSigner
from sync.encoding import wire
from sync.relay.server import RelayServer
from sync.rounds.exchange import NONCE_HEADER, RoundRequest, district_path, encode_request
from tests.support.relay_district import KEEPER, RelayDistrict

OPERATIONS = [
    ("get", "/healthz"),
    ("get", "/metrics"),
    ("get", "/readyz"),
    ("get", "/v1/{district}/enrolments"),
    ("get", "/v1/{district}/enrolments/{invitation}/roster"),
    ("get", "/v1/{district}/nonce"),
    ("get", "/v1/{district}/prekeys"),
    ("get", "/v1/{district}/roster"),
    ("post", "/v1/{district}/enrolments/{invitation}"),
    ("post", "/v1/{district}/round"),
    ("put", "/v1/{district}/invitations/{invitation}"),
    ("put", "/v1/{district}/roster"),
]
QUICK = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

leaves = st.none() | st.booleans() | st.integers(-1, wire.U64) | st.binary(max_size=40) | st.text(max_size=8)
values = st.recursive(leaves, lambda inner: st.lists(inner, max_size=4), max_leaves=12)
fields = st.dictionaries(st.integers(0, 12), values, max_size=6)
bodies = st.binary(max_size=80) | values.map(wire.encode) | fields.map(wire.encode)


@pytest.fixture(scope="session")
def document(relay: RelayServer) -> dict[str, Any]:
    found: dict[str, Any] = httpx2.get(f"{relay.url}/openapi.json").json()
    return found


class Sender:
    """Sends whatever it is told, signed by a keeper."""

    def __init__(self, relay: RelayServer) -> None:
        self._district = RelayDistrict()
        self._district.open_at(relay.url)
        self._signer = RequestSigner(str(KEEPER), self._district.devices[KEEPER].key.sign)
        self._client = httpx2.Client()
        self._url = relay.url
        self.name = district_path(self._district.roster.district)

    def send(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> httpx2.Response:
        nonce = self._client.get(f"{self._url}/v1/{self.name}/nonce").headers[NONCE_HEADER]
        request = httpx2.Request(method.upper(), self._url + path, content=body, headers=headers)
        self._signer.sign(request, body, nonce)
        return self._client.send(request)

    def close(self) -> None:
        self._client.close()


@pytest.fixture(scope="session")
def sender(relay: RelayServer) -> Iterator[Sender]:
    with closing(Sender(relay)) as made:
        yield made


def test_every_address_is_documented(document: dict[str, Any]) -> None:
    found = sorted((method, path) for path, item in document["paths"].items() for method in item)
    assert found == OPERATIONS
    assert document["openapi"] == "3.1.0"


@pytest.mark.parametrize(("method", "template"), OPERATIONS)
@QUICK
@given(data=st.data())
def test_answers_are_documented(
    sender: Sender, document: dict[str, Any], method: str, template: str, data: st.DataObject
) -> None:
    district = data.draw(st.sampled_from([sender.name] * 4 + ["A" * 43, "%00", "é"]))
    invitation = data.draw(st.sampled_from(["00" * 8, secrets.token_hex(8), "x", "0" * 400]))
    headers = {"Kim-Token": data.draw(st.sampled_from(["00" * 32, "zz", ""]))}
    body = None if method == "get" else data.draw(bodies)
    path = template.format(district=district, invitation=invitation)
    answer = sender.send(method, path.replace("é", "%C3%A9"), body, headers)
    documented = document["paths"][template][method]["responses"]
    assert str(answer.status_code) in documented
    assert (NONCE_HEADER in answer.headers) == template.startswith("/v1/")
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"


@QUICK
@given(request=fields)
def test_round_takes_or_refuses_but_never_fails(sender: Sender, request: dict[int, Any]) -> None:
    body = wire.encode({0: 2} | request)
    assert sender.send("post", f"/v1/{sender.name}/round", body, {}).status_code in {200, 410, 422}


@QUICK
@given(at=st.integers(0, 400), byte=st.integers(0, 255))
def test_flipped_bytes_in_a_request_never_fail(sender: Sender, at: int, byte: int) -> None:
    body = bytearray(encode_request(RoundRequest(2, envelopes=(bytes(50),), acks=(bytes(300),))))
    body[at % len(body)] = byte
    assert sender.send("post", f"/v1/{sender.name}/round", bytes(body), {}).status_code in {200, 410, 422}
