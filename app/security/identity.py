"""A device's identity: the Ed25519 key that stands in the roster and signs what the device says."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from app.services.ports import Entropy

PRIVATE_BYTES = 32
PUBLIC_BYTES = 32
SIGNATURE_BYTES = 64


class DeviceIdentity:
    """A device's signing key. What is signed begins with a tag of its kind, which the caller puts there."""

    def __init__(self, private: bytes) -> None:
        """Take the 32 private bytes. Raises ValueError for another length."""
        self._key = Ed25519PrivateKey.from_private_bytes(private)

    @classmethod
    def create(cls, entropy: Entropy) -> DeviceIdentity:
        """A new identity."""
        return cls(entropy.bytes(PRIVATE_BYTES))

    @property
    def private_bytes(self) -> bytes:
        """The 32 bytes to keep inside the encrypted store, and nowhere else."""
        return self._key.private_bytes_raw()

    @property
    def public_bytes(self) -> bytes:
        """The 32 bytes for the roster."""
        return self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """The signature over `message`, 64 bytes."""
        return self._key.sign(message)


def is_signed_by(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `signature` over `message` was made with the key to `public`; False for malformed input."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
