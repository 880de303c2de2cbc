"""Signs a device's requests to the relay after RFC 9421, with the relay's nonce in place of a time."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

import httpx2
from http_message_signatures import HTTPMessageSigner
from http_message_signatures.algorithms import ED25519
from http_message_signatures.httpx2 import adapt_message

from sync.rounds.exchange import SIGNATURE_LABEL, SIGNATURE_TAG, SIGNED_COMPONENTS

# The library insists on a time of creation; the relay goes by its nonce and looks at no clock of ours.
_NO_TIME: Final = datetime.fromtimestamp(0, UTC)


class RequestSigner:
    """Signs requests with a device's identity key, wherever that key is kept."""

    def __init__(self, key_id: str, sign: Callable[[bytes], bytes]) -> None:
        """`key_id` is the device's roster index; `sign` gives the 64 bytes of Ed25519."""
        self._key_id = key_id
        self._sign = sign
        self._signer = HTTPMessageSigner(signature_algorithm=ED25519)

    def sign(self, request: httpx2.Request, body: bytes | None, nonce: str) -> None:
        """Put digest and signature into the request's headers."""
        message = adapt_message(request)
        prepared = self._signer.prepare(
            message,
            key_id=self._key_id,
            created=_NO_TIME,
            nonce=nonce,
            label=SIGNATURE_LABEL,
            tag=SIGNATURE_TAG,
            include_alg=False,
            covered_component_ids=SIGNED_COMPONENTS,
            body=body,
        )
        self._signer.apply(message, prepared, self._sign(prepared.signature_base))
