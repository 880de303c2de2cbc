"""Prekeys: short-lived X-Wing keys to which other devices seal channel keys by HPKE.

Pure functions over bytes. Private: ML-KEM-768 seed (64) and X25519 scalar (32); public: ML-KEM-768
encapsulation key (1184) and X25519 point (32), the order of draft-connolly-cfrg-xwing-kem.
"""

from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from app.security.errors import PrekeyMalformedError, SealBrokenError
from app.services.ports import Entropy

SUITE_NAME: Final = "mlkem768-x25519/hkdf-sha256/aes-256-gcm"
_SEED_BYTES: Final = 64
_SCALAR_BYTES: Final = 32
_ENCAPSULATION_KEY_BYTES: Final = 1184
PRIVATE_BYTES: Final = _SEED_BYTES + _SCALAR_BYTES
PUBLIC_BYTES: Final = _ENCAPSULATION_KEY_BYTES + 32
OVERHEAD_BYTES: Final = 1120 + 16
"""What sealing adds: the encapsulated key and the tag; 1,168 bytes for a 32-byte key."""

_SUITE: Final = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def generate_prekey(entropy: Entropy) -> bytes:
    """The 96 private bytes of a new prekey, to be kept inside the encrypted store."""
    return entropy.bytes(PRIVATE_BYTES)


def public_half(private: bytes) -> bytes:
    """The 1,216 public bytes, to be signed and published. Raises PrekeyMalformedError."""
    mlkem, x25519 = _private_parts(private)
    return mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()


def seal(public: bytes, info: bytes, plaintext: bytes) -> bytes:
    """`plaintext` for the holder of the prekey, bound to `info`: encapsulated key, then ciphertext.

    Says nothing about who sealed it: sign `info` beside it. Draws the library's own randomness, so the
    bytes differ each time. Raises PrekeyMalformedError.
    """
    try:
        key = MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(public[:_ENCAPSULATION_KEY_BYTES]),
            X25519PublicKey.from_public_bytes(public[_ENCAPSULATION_KEY_BYTES:]),
        )
        return _SUITE.encrypt(plaintext, key, info=info)
    except ValueError as error:
        raise PrekeyMalformedError from error


def open_sealed(private: bytes, info: bytes, sealed: bytes) -> bytes:
    """What was sealed to the prekey under the same `info`. Raises SealBrokenError, PrekeyMalformedError."""
    key = MLKEM768X25519PrivateKey(*_private_parts(private))
    try:
        return _SUITE.decrypt(sealed, key, info=info)
    except (InvalidTag, ValueError) as error:
        raise SealBrokenError from error


def _private_parts(private: bytes) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
    try:
        return (
            MLKEM768PrivateKey.from_seed_bytes(private[:_SEED_BYTES]),
            X25519PrivateKey.from_private_bytes(private[_SEED_BYTES:]),
        )
    except ValueError as error:
        raise PrekeyMalformedError from error
