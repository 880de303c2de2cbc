"""One way into the vault: the data key wrapped under what a person knows or holds."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from typing import Final

import cbor2
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.services.ports import Entropy

KEY_BYTES: Final = 32
_SALT_BYTES: Final = 16
_NONCE_BYTES: Final = 12
_TAG_BYTES: Final = 16
_MOST_MEMORY_KIB: Final = 4 * 1024 * 1024

PASSPHRASE: Final = "passphrase"  # noqa: S105 - the name of a slot
RECOVERY: Final = "recovery"
PASSPHRASE_SUITE: Final = "argon2id/aes-256-gcm"  # noqa: S105 - the name of a suite
RECOVERY_SUITE: Final = "hkdf-sha256/aes-256-gcm"


@dataclass(frozen=True)
class Argon2Parameters:
    """The cost of one passphrase try; by default 64 MiB, three passes, four lanes (RFC 9106, section 4)."""

    memory_kib: int = 64 * 1024
    iterations: int = 3
    lanes: int = 4

    def __post_init__(self) -> None:
        """Raise ValueError for a cost that cannot be meant, such as one from a damaged file."""
        lanes_fit = 1 <= self.lanes <= 255 and 1 <= self.iterations <= 1000
        if not (lanes_fit and 8 * self.lanes <= self.memory_kib <= _MOST_MEMORY_KIB):
            raise ValueError("Argon2id parameters out of range")


STANDARD: Final = Argon2Parameters()


@dataclass(frozen=True)
class Slot:
    """A wrapped data key and everything needed to unwrap it but the secret; `cost` only with a passphrase."""

    name: str
    suite: str
    salt: bytes
    nonce: bytes
    wrapped: bytes
    cost: Argon2Parameters | None = None

    def __post_init__(self) -> None:
        """Raise ValueError unless all sizes are those that this program writes."""
        sizes = (len(self.salt), len(self.nonce), len(self.wrapped))
        if sizes != (_SALT_BYTES, _NONCE_BYTES, KEY_BYTES + _TAG_BYTES):
            raise ValueError("vault slot of the wrong size")


def wrap_for_passphrase(
    data_key: bytearray, passphrase: str, vault_id: bytes, entropy: Entropy, cost: Argon2Parameters
) -> Slot:
    """A slot that the passphrase opens."""
    slot = _empty(PASSPHRASE, PASSPHRASE_SUITE, entropy, cost)
    return _filled(slot, data_key, _passphrase_key(passphrase, slot.salt, cost), vault_id)


def wrap_for_recovery(data_key: bytearray, secret: bytes, vault_id: bytes, entropy: Entropy) -> Slot:
    """A slot that the recovery key opens; 160 random bits need no costly hash."""
    slot = _empty(RECOVERY, RECOVERY_SUITE, entropy, None)
    return _filled(slot, data_key, _recovery_key(secret, slot.salt), vault_id)


def unwrap_with_passphrase(slot: Slot, passphrase: str, vault_id: bytes) -> bytearray | None:
    """The data key, or None if the passphrase is another one."""
    if slot.cost is None:
        return None
    return _unwrapped(slot, _passphrase_key(passphrase, slot.salt, slot.cost), vault_id)


def unwrap_with_recovery(slot: Slot, secret: bytes, vault_id: bytes) -> bytearray | None:
    """The data key, or None if the recovery key is another one."""
    return _unwrapped(slot, _recovery_key(secret, slot.salt), vault_id)


def wipe(secret: bytearray) -> None:
    """Overwrite a secret in memory, as far as Python allows: copies made by libraries are not reached."""
    secret[:] = bytes(len(secret))


def _passphrase_key(passphrase: str, salt: bytes, cost: Argon2Parameters) -> bytearray:
    # NFKC, so that another keyboard's way of writing ü opens the same vault (NIST SP 800-63B-4, 3.1.1.2).
    typed = unicodedata.normalize("NFKC", passphrase).encode()
    key = bytearray(KEY_BYTES)
    Argon2id(
        salt=salt,
        length=KEY_BYTES,
        iterations=cost.iterations,
        lanes=cost.lanes,
        memory_cost=cost.memory_kib,
    ).derive_into(typed, key)
    return key


def _recovery_key(secret: bytes, salt: bytes) -> bytearray:
    key = bytearray(KEY_BYTES)
    HKDF(SHA256(), KEY_BYTES, salt, b"kim-mobil/vault/recovery/1").derive_into(secret, key)
    return key


def _empty(name: str, suite: str, entropy: Entropy, cost: Argon2Parameters | None) -> Slot:
    salt, nonce = entropy.bytes(_SALT_BYTES), entropy.bytes(_NONCE_BYTES)
    return Slot(name, suite, salt, nonce, bytes(KEY_BYTES + _TAG_BYTES), cost)


def _filled(slot: Slot, data_key: bytearray, key: bytearray, vault_id: bytes) -> Slot:
    wrapped = AESGCM(key).encrypt(slot.nonce, data_key, _bound_to(slot, vault_id))
    wipe(key)
    return replace(slot, wrapped=wrapped)


def _unwrapped(slot: Slot, key: bytearray, vault_id: bytes) -> bytearray | None:
    data_key = bytearray(KEY_BYTES)
    try:
        AESGCM(key).decrypt_into(slot.nonce, slot.wrapped, _bound_to(slot, vault_id), data_key)
    except InvalidTag:
        return None
    finally:
        wipe(key)
    return data_key


def _bound_to(slot: Slot, vault_id: bytes) -> bytes:
    """The associated data: a slot can't be moved, renamed or made cheaper."""
    figures = [slot.cost.memory_kib, slot.cost.iterations, slot.cost.lanes] if slot.cost else []
    bound_to = ["kim-mobil/vault/slot/1", slot.name, slot.suite, vault_id, slot.salt, figures]
    return cbor2.dumps(bound_to, canonical=True)
