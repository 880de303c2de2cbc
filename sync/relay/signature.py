"""Checks a request's signature (RFC 9421, Ed25519) and digest (RFC 9530)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
)
from http_message_signatures.algorithms import ED25519
from http_message_signatures.structures import VerifyResult

from sync.relay import problems
from sync.rounds.exchange import SIGNATURE_TAG, SIGNED_COMPONENTS


@dataclass(frozen=True)
class Headers:
    """Header lines as they came, in the shape that the library reads."""

    lines: tuple[tuple[str, str], ...]

    def items(self) -> Iterable[tuple[str, str]]:
        """All lines, repeated ones too."""
        return self.lines

    def get(self, name: str) -> str:
        """The first line of that name (lower case), "" if there is none."""
        return next((value for key, value in self.lines if key == name), "")


@dataclass(frozen=True)
class Message:
    """A request as it came: what was signed, and its body."""

    method: str
    url: str
    headers: Headers
    body: bytes


class _Keys(HTTPSignatureKeyResolver):
    """The key for a `keyid`; a problem raised by the look-up is kept for the caller."""

    def __init__(self, look_up: Callable[[int], Ed25519PublicKey]) -> None:
        self._look_up = look_up
        self.problem: problems.Problem | None = None

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey | None:
        try:
            return self._look_up(device_number(key_id))
        except problems.Problem as problem:
            self.problem = problem
            return None


class _Verifier(HTTPMessageVerifier):
    """Takes any time of creation: a nonce stands for the time, and a wrong clock locks nobody out."""

    def validate_created_and_expires(self, sig_input: Any, max_age: Any = None) -> None:  # noqa: ARG002 - the library's hook
        return


def device_number(key_id: str) -> int:
    """A keyid as roster index; raises the 401 problem."""
    if not (key_id.isascii() and key_id.isdecimal() and len(key_id) <= 6 and key_id == str(int(key_id))):
        raise problems.unknown_device()
    return int(key_id)


def verified(message: Message, look_up: Callable[[int], Ed25519PublicKey]) -> tuple[int, str]:
    """The caller's roster index and the nonce; raises a 401 problem."""
    if not message.headers.get("signature"):
        raise problems.unsigned()
    keys = _Keys(look_up)
    result = _verify(message, keys)
    return device_number(str(result.parameters["keyid"])), result.nonce or ""


def _verify(message: Message, keys: _Keys) -> VerifyResult:
    verifier = _Verifier(signature_algorithm=ED25519, key_resolver=keys)
    try:
        results = verifier.verify(
            message,
            max_age=None,
            expect_tag=SIGNATURE_TAG,
            require_components=SIGNED_COMPONENTS,
            body=message.body,
        )
    except HTTPMessageSignaturesException as error:
        raise keys.problem or problems.bad_signature() from error
    if len(results) != 1:
        raise problems.bad_signature()
    return results[0]
