"""The vault: the random data key behind everything stored, opened by passphrase or recovery key.

Changing the passphrase wraps the same data key anew and so can never strand data. A wrong passphrase
costs time and nothing else.
"""

from __future__ import annotations

import hmac
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.security.attempts import Attempts, attempts_path, wait_after
from app.security.errors import (
    VaultClosedError,
    VaultDamagedError,
    VaultExistsError,
    VaultMismatchError,
    WrongPassphraseError,
    WrongRecoveryKeyError,
)
from app.security.recovery_key import RecoveryKey, make_recovery_key, read_recovery_key
from app.security.slots import (
    KEY_BYTES,
    STANDARD,
    Argon2Parameters,
    Slot,
    unwrap_with_passphrase,
    unwrap_with_recovery,
    wipe,
    wrap_for_passphrase,
    wrap_for_recovery,
)
from app.security.vault_file import VaultFile, read_vault, write_vault
from app.services.ports import Clock, Entropy

_ID_BYTES: Final = 16
_CHECK_BYTES: Final = 16
_PURPOSES: Final = b"kim-mobil/vault/1/"
_DATABASE: Final = b"database"
_CHECK: Final = b"check"


class OpenVault:
    """The data key in memory, until `close`; hands out keys derived from it, never the key itself."""

    def __init__(self, vault_id: bytes, data_key: bytearray) -> None:
        """Take over `data_key`: it is overwritten when this vault is closed."""
        self.vault_id = vault_id
        self._data_key = data_key
        self._open = True

    @property
    def is_open(self) -> bool:
        """Whether the data key is still in memory."""
        return self._open

    @property
    def database_key(self) -> bytes:
        """The raw 256-bit key for SQLCipher. Raises VaultClosedError."""
        return self.derive(_DATABASE)

    def derive(self, purpose: bytes) -> bytes:
        """A 256-bit key for one purpose (HKDF-SHA256), the same each time. Raises VaultClosedError."""
        self._refuse_closed()
        return HKDF(SHA256(), KEY_BYTES, None, _PURPOSES + purpose).derive(self._data_key)

    def slot_for_passphrase(self, passphrase: str, entropy: Entropy, cost: Argon2Parameters) -> Slot:
        """The data key wrapped under `passphrase`. Raises VaultClosedError."""
        self._refuse_closed()
        return wrap_for_passphrase(self._data_key, passphrase, self.vault_id, entropy, cost)

    def slot_for_recovery(self, recovery_key: RecoveryKey, entropy: Entropy) -> Slot:
        """The data key wrapped under `recovery_key`. Raises VaultClosedError."""
        self._refuse_closed()
        return wrap_for_recovery(self._data_key, recovery_key.secret, self.vault_id, entropy)

    @property
    def key_check(self) -> bytes:
        """Sixteen bytes that recognise the data key. Raises VaultClosedError."""
        return self.derive(_CHECK)[:_CHECK_BYTES]

    def close(self) -> None:
        """Overwrite the data key, as far as Python allows: keys already handed out are their holder's."""
        wipe(self._data_key)
        self._open = False

    def _refuse_closed(self) -> None:
        if not self._open:
            raise VaultClosedError

    def __enter__(self) -> Self:
        """Close the vault at the end of the block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the vault."""
        self.close()


def create_vault(
    path: Path, passphrase: str, entropy: Entropy, cost: Argon2Parameters = STANDARD
) -> tuple[OpenVault, RecoveryKey]:
    """Make a vault with a new data key; the recovery key is given once and must be printed.

    The caller has had the passphrase accepted by `check_passphrase`. Raises VaultExistsError,
    VaultNotWrittenError.
    """
    if path.exists():
        raise VaultExistsError
    vault = OpenVault(entropy.bytes(_ID_BYTES), bytearray(entropy.bytes(KEY_BYTES)))
    recovery_key = make_recovery_key(entropy)
    slots = (
        vault.slot_for_passphrase(passphrase, entropy, cost),
        vault.slot_for_recovery(recovery_key, entropy),
    )
    write_vault(path, VaultFile(vault.vault_id, vault.key_check, *slots))
    return vault, recovery_key


def open_with_passphrase(path: Path, passphrase: str, clock: Clock) -> OpenVault:
    """The open vault. Raises WrongPassphraseError, TooManyTriesError, and what `read_vault` raises.

    Five wrong tries in a row are free, then each costs a growing wait that outlives the program.
    """
    file = read_vault(path)
    attempts = Attempts(attempts_path(path), clock)
    attempts.refuse_while_waiting()
    attempts.count()
    data_key = unwrap_with_passphrase(file.passphrase, passphrase, file.vault_id)
    if data_key is None:
        raise WrongPassphraseError(free_tries=attempts.free_tries, wait_seconds=wait_after(attempts.failures))
    attempts.forget()
    return _checked(file, data_key)


def open_with_recovery_key(path: Path, typed: str) -> OpenVault:
    """The open vault, by the printed key; 160 random bits need no wait between tries.

    Raises WrongRecoveryKeyError, and what `read_recovery_key` and `read_vault` raise.
    """
    key = read_recovery_key(typed)
    file = read_vault(path)
    data_key = unwrap_with_recovery(file.recovery, key.secret, file.vault_id)
    if data_key is None:
        raise WrongRecoveryKeyError
    return _checked(file, data_key)


def change_passphrase(
    path: Path,
    vault: OpenVault,
    new_passphrase: str,
    entropy: Entropy,
    clock: Clock,
    cost: Argon2Parameters = STANDARD,
) -> None:
    """Wrap the same data key under a new passphrase; the recovery key stays valid, a running wait ends.

    Killed at any instruction, one of the two passphrases opens the vault. Raises VaultMismatchError,
    VaultClosedError, VaultNotWrittenError.
    """
    file = read_vault(path)
    if not hmac.compare_digest(vault.key_check, file.key_check) or vault.vault_id != file.vault_id:
        raise VaultMismatchError
    write_vault(path, replace(file, passphrase=vault.slot_for_passphrase(new_passphrase, entropy, cost)))
    Attempts(attempts_path(path), clock).forget()


def _checked(file: VaultFile, data_key: bytearray) -> OpenVault:
    vault = OpenVault(file.vault_id, data_key)
    if not hmac.compare_digest(vault.key_check, file.key_check):
        vault.close()
        raise VaultDamagedError
    return vault
