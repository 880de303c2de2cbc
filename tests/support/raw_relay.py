"""Requests to a relay as an attacker may write them: every part can be chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import httpx2
from http_message_signatures import HTTPMessageSigner
from http_message_signatures.algorithms import ED25519
from http_message_signatures.httpx2 import adapt_message

from sync.rounds.exchange import (
    NONCE_HEADER,
    SIGNATURE_LABEL,
    SIGNATURE_TAG,
    SIGNED_COMPONENTS,
    RoundRequest,
    district_path,
    encode_request,
)
from tests.support.relay_district import TalkingDevice


@dataclass(frozen=True)
class RawRequest:
    """One request; `nonce` None fetches a fresh one."""

    url: str
    device: TalkingDevice
    body: bytes = encode_request(RoundRequest(2))
    nonce: str | None = None
    created: datetime = datetime(2026, 11, 21, tzinfo=UTC)
    tag: str = SIGNATURE_TAG
    covered: tuple[str, ...] = SIGNED_COMPONENTS
    key_id: str | None = None
    with_digest: bool = True
    sign: Callable[[bytes], bytes] | None = None

    @property
    def path(self) -> str:
        return f"/v1/{district_path(self.device.district.roster.district)}"

    def fresh_nonce(self) -> str:
        return str(httpx2.get(f"{self.url}{self.path}/nonce").headers[NONCE_HEADER])

    def signed(self) -> httpx2.Request:
        """The request with its signature."""
        headers = {"Content-Type": "application/cbor"}
        request = httpx2.Request("POST", f"{self.url}{self.path}/round", content=self.body, headers=headers)
        signer = HTTPMessageSigner(signature_algorithm=ED25519)
        message = adapt_message(request)
        prepared = signer.prepare(
            message,
            key_id=str(self.device.index) if self.key_id is None else self.key_id,
            created=self.created,
            nonce=self.fresh_nonce() if self.nonce is None else self.nonce,
            label=SIGNATURE_LABEL,
            tag=self.tag,
            covered_component_ids=self.covered,
            body=self.body if self.with_digest else None,
        )
        sign = self.sign or self.device.key.sign
        signer.apply(message, prepared, sign(prepared.signature_base))
        return request

    def send(self, **changes: Any) -> httpx2.Response:
        """The answer to the request with other parts."""
        return send(replace(self, **changes).signed())


def send(request: httpx2.Request) -> httpx2.Response:
    """The answer to a request."""
    with httpx2.Client() as client:
        return client.send(request)


def outcome(response: httpx2.Response) -> tuple[int, str]:
    """Status and problem's reason ("" for none), of which every answer must carry a new nonce."""
    assert len(response.headers[NONCE_HEADER]) == 32
    if response.status_code < 400:
        return response.status_code, ""
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == response.status_code
    return response.status_code, problem["type"].removeprefix("urn:kim-mobil:problem:")
