"""A suite that exists in the test code only: the forms and sizes of the real one, none of its cost.

It stands under number 1 while `cheap_cryptography` holds, so that the engine writes what it always
writes. Whoever knows a public key can sign for it: no history forges, and every 20th runs with the
real suite.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from app.security.errors import SealBrokenError
from app.security.identity import DeviceIdentity
from app.security.prekeys import OVERHEAD_BYTES, PUBLIC_BYTES
from sync import compose
from sync.channel import XWing
from sync.encoding.signing import StandardSuite

_TAG = 16


def _sign(public: bytes, message: bytes) -> bytes:
    return hashlib.sha512(public + message).digest()


def _verify(_self: StandardSuite, public: bytes, signature: bytes, message: bytes) -> bool:
    return signature == _sign(public, message)


def _derive(_self: StandardSuite, key: bytes, info: bytes, length: int) -> bytes:
    return hashlib.blake2b(info, key=key[:64], digest_size=length).digest()


def _masked(key: bytes, data: bytes) -> bytes:
    mask = hashlib.shake_128(key).digest(len(data))
    return (int.from_bytes(data, "big") ^ int.from_bytes(mask, "big")).to_bytes(len(data), "big")


def _tag(key: bytes, data: bytes, aad: bytes) -> bytes:
    return hashlib.blake2b(data + aad, key=key[:64], digest_size=_TAG).digest()


def _seal(_self: StandardSuite, key: bytes, plaintext: bytes, aad: bytes) -> bytes:
    return _masked(key, plaintext) + _tag(key, plaintext, aad)


def _open(_self: StandardSuite, key: bytes, ciphertext: bytes, aad: bytes) -> bytes | None:
    plaintext = _masked(key, ciphertext[:-_TAG])
    return plaintext if _tag(key, plaintext, aad) == ciphertext[-_TAG:] else None


def _public(private: bytes) -> bytes:
    return hashlib.shake_128(b"prekey" + private).digest(PUBLIC_BYTES)


def _seal_to(public: bytes, info: bytes, plaintext: bytes) -> bytes:
    key = hashlib.sha256(public).digest()
    sealed = _masked(key, plaintext)
    return sealed + hashlib.shake_128(sealed + public + info).digest(OVERHEAD_BYTES)


def _open_sealed(private: bytes, info: bytes, sealed: bytes) -> bytes:
    public = _public(private)
    body, proof = sealed[:-OVERHEAD_BYTES], sealed[-OVERHEAD_BYTES:]
    if hashlib.shake_128(body + public + info).digest(OVERHEAD_BYTES) != proof:
        raise SealBrokenError
    return _masked(hashlib.sha256(public).digest(), body)


_publics: dict[bytes, bytes] = {}


def _sign_as(self: DeviceIdentity, message: bytes) -> bytes:
    private = self.private_bytes
    if private not in _publics:
        _publics[private] = self.public_bytes
    return _sign(_publics[private], message)


_CHEAP: tuple[tuple[Any, str, Any], ...] = (
    (StandardSuite, "verify", _verify),
    (StandardSuite, "derive", _derive),
    (StandardSuite, "seal", _seal),
    (StandardSuite, "open", _open),
    (XWing, "seal", staticmethod(_seal_to)),
    (XWing, "open_sealed", staticmethod(_open_sealed)),
    (DeviceIdentity, "sign", _sign_as),
    (compose, "public_half", _public),
)


@contextmanager
def cheap_cryptography() -> Iterator[None]:
    """Let every device of this process use the cheap suite."""
    patches = [patch.object(where, name, new) for where, name, new in _CHEAP]
    for one in patches:
        one.start()
    try:
        yield
    finally:
        for one in patches:
            one.stop()
