"""The offline keeper key: printed once for the district's safe, never stored, typed in to sign a roster."""

from __future__ import annotations

from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.security import prekeys
from app.security.identity import PRIVATE_BYTES, DeviceIdentity
from app.security.recovery_key import RecoveryKey

OFFLINE_KEEPER_INFO: Final = b"kim-mobil/offline-keeper/1"
SAFE_SEAL_INFO: Final = b"kim-mobil/offline-keeper-seal/1"


def offline_sealing_key(printed: RecoveryKey) -> bytes:
    """Give the private half (as of a prekey) to which shares of the read log are sealed for the safe."""
    return HKDF(SHA256(), prekeys.PRIVATE_BYTES, salt=None, info=SAFE_SEAL_INFO).derive(printed.secret)


def offline_identity(printed: RecoveryKey) -> DeviceIdentity:
    """Give the signing key that follows from the 160 bits on the sheet: HKDF-SHA-256, then Ed25519."""
    derived = HKDF(SHA256(), PRIVATE_BYTES, salt=None, info=OFFLINE_KEEPER_INFO).derive(printed.secret)
    return DeviceIdentity(derived)
