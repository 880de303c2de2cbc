"""Signatures and suites: every signed kind has a tag of its own, every sent thing names its suite."""

from __future__ import annotations

import builtins
import hashlib
from collections.abc import Callable
from enum import StrEnum
from typing import Final, Protocol

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sync.errors import LacksProgramError, WrongSignatureError

Sign = Callable[[bytes], bytes]
"""A device's signing key in use: message in, 64 bytes of Ed25519 out."""

COMMITMENT_TAG: Final = b"kim-mobil/key-commitment/1"
_NONCE: Final = bytes(12)


class Kind(StrEnum):
    """What is signed; the word is part of the tag."""

    ROSTER = "roster"
    PREKEY = "prekey"
    GRANT = "grant"
    ENVELOPE = "envelope"
    ACK = "ack"
    ENROLMENT = "enrolment"
    ASK = "ask"
    ORDER = "order"
    ORDER_LIST = "order_list"
    PURGE = "purge"
    CHECKPOINT = "checkpoint"
    FOLDER = "folder"
    SAFE_SEAL = "safe_seal"


class Entropy(Protocol):
    """Randomness from outside, so that a history can be replayed from a seed."""

    def bytes(self, count: int) -> builtins.bytes:
        """Give `count` random bytes."""
        ...


class Suite(Protocol):
    """One set of algorithms under one number; a simulation may bring a cheap one."""

    @property
    def id(self) -> int:
        """The number that stands on the wire."""
        ...

    def verify(self, public: bytes, signature: bytes, message: bytes) -> bool:
        """Tell whether the holder of `public` signed `message`."""
        ...

    def derive(self, key: bytes, info: bytes, length: int) -> bytes:
        """Give `length` bytes that follow from a key for the use named by `info`."""
        ...

    def seal(self, key: bytes, plaintext: bytes, aad: bytes) -> bytes:
        """Encrypt under a key that is used once."""
        ...

    def open(self, key: bytes, ciphertext: bytes, aad: bytes) -> bytes | None:
        """Decrypt, or None when anything was altered."""
        ...


class StandardSuite:
    """Suite 1: Ed25519, HKDF-SHA-256, AES-256-GCM; grants by HPKE MLKEM768-X25519 (see `sync.channel`)."""

    id = 1

    def verify(self, public: bytes, signature: bytes, message: bytes) -> bool:
        """Tell whether the holder of `public` (32 bytes) signed `message`."""
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True

    def derive(self, key: bytes, info: bytes, length: int) -> bytes:
        """Give HKDF-SHA-256 (RFC 5869) with an empty salt."""
        return HKDF(SHA256(), length, salt=None, info=info).derive(key)

    def seal(self, key: bytes, plaintext: bytes, aad: bytes) -> bytes:
        """Encrypt by AES-256-GCM; the nonce is zero, for every envelope has a key of its own."""
        return AESGCM(key).encrypt(_NONCE, plaintext, aad)

    def open(self, key: bytes, ciphertext: bytes, aad: bytes) -> bytes | None:
        """Decrypt, or None when anything was altered."""
        try:
            return AESGCM(key).decrypt(_NONCE, ciphertext, aad)
        except (InvalidTag, ValueError):
            return None


SUITE: Final[Suite] = StandardSuite()
"""What this program writes."""
_suites: Final[dict[int, Suite]] = {SUITE.id: SUITE}


def suite_of(suite_id: int) -> Suite:
    """Give the suite of that number; raises LacksProgramError for one this program does not know."""
    if suite_id not in _suites:
        raise LacksProgramError(suite=suite_id)
    return _suites[suite_id]


def add_suite(suite: Suite) -> None:
    """Make another suite known in this process."""
    _suites[suite.id] = suite


def tagged(kind: Kind, message: bytes) -> bytes:
    """Give what is signed: the tag of the kind, then the message."""
    return b"kim-mobil/" + kind.value.encode() + b"/1" + message


def sign_kind(sign: Sign, kind: Kind, message: bytes) -> bytes:
    """Give the signature over a message of that kind."""
    return sign(tagged(kind, message))


def check_signature(suite: Suite, public: bytes, kind: Kind, message: bytes, signature: bytes) -> None:
    """Raise WrongSignatureError unless the holder of `public` signed this message as that kind."""
    if not suite.verify(public, signature, tagged(kind, message)):
        raise WrongSignatureError(kind=kind.value)


def key_commitment(channel_key: bytes) -> bytes:
    """Give the 32 bytes that commit to a channel key: a ciphertext opens under one key only."""
    return sha256(COMMITMENT_TAG + channel_key)


def sha256(data: bytes) -> bytes:
    """Give the hash by which everything is named."""
    return hashlib.sha256(data).digest()
