"""Bringing a backup back: into an empty home, or in the place of a store, which is kept beside it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from app.domain.errors import KimError
from app.security.errors import NewerVaultError, VaultDamagedError, VaultMissingError
from app.security.slots import STANDARD, Argon2Parameters
from app.security.vault import (
    OpenVault,
    change_passphrase,
    open_with_passphrase,
    open_with_recovery_key,
)
from app.security.vault_file import decode_vault, read_vault, write_vault
from app.services.numbers import forget_block
from app.services.ports import Clock, Entropy
from app.storage.backup_reading import extract_database, open_backup
from app.storage.errors import BackupDamagedError, ForeignBackupError
from sync.compose import BACKUP_KEY, locked, opened
from sync.home import Home, HomeState
from sync.recovery.backups import ORDERS_ENDING
from sync.workplace import Workplace

__all__ = ["BackupFacts", "look_at", "restore", "restore_with_recovery_key"]

_OpenVault = Callable[[Path], OpenVault]


@dataclass(frozen=True)
class BackupFacts:
    """What can be told of a backup without its keys: when it was made (ms since 1970), and its bytes."""

    made_ms: int
    size: int


def look_at(backup: Path) -> BackupFacts:
    """Tell what a file is; raises BackupDamagedError, NewerBackupError, BackupNotReadError."""
    header = open_backup(backup).header
    return BackupFacts(header.made_ms, header.size)


def restore(home: Path, backup: Path, passphrase: str, *, clock: Clock, entropy: Entropy) -> Workplace:
    """Bring a backup back and open it; what lay in `home` is kept there in a folder of its own.

    No round runs before a person agreed. Raises BackupDamagedError, NewerBackupError, ForeignBackupError,
    BackupNotWrittenError, WrongPassphraseError, SecondInstanceError; then nothing was changed. DiskFullError
    and StorageUnavailableError can also come once it is decided: the next opening finishes it.
    """

    def open_vault(path: Path) -> OpenVault:
        return open_with_passphrase(path, passphrase, clock)

    return _restored(home, backup, open_vault, clock, entropy)


def restore_with_recovery_key(
    home: Path,
    backup: Path,
    recovery_key_text: str,
    new_passphrase: str,
    *,
    clock: Clock,
    entropy: Entropy,
    cost: Argon2Parameters = STANDARD,
) -> Workplace:
    """Bring a backup back by the printed key, under a new passphrase from now on; raises as `restore`.

    WrongRecoveryKeyError and what `read_recovery_key` raises stand for the wrong passphrase.
    """

    def open_vault(path: Path) -> OpenVault:
        vault = open_with_recovery_key(path, recovery_key_text)
        change_passphrase(path, vault, new_passphrase, entropy, clock, cost)
        return vault

    return _restored(home, backup, open_vault, clock, entropy)


def _restored(home: Path, backup: Path, open_vault: _OpenVault, clock: Clock, entropy: Entropy) -> Workplace:
    with locked(Home(home)) as (folder, stack):
        front = open_backup(backup)
        staged = Home(folder.restoring.begin())
        try:
            write_vault(staged.vault, decode_vault(front.header.vault))
            vault = open_vault(staged.vault)
            stack.callback(vault.close)
            if not front.is_authentic(vault.derive(BACKUP_KEY)):
                raise BackupDamagedError
            _refuse_foreign(folder, vault)
            extract_database(backup, front, staged.database, vault.database_key)
            _make_ready(staged, vault, front.header.made_ms, clock, entropy)
        except BaseException:
            folder.restoring.discard()
            raise
        folder.restoring.decide(f"{clock.now():%Y%m%dT%H%M%SZ}")
        place = opened(folder, vault, clock, entropy, stack)
        _take_orders(place, backup.parent)
        return place


def _take_orders(place: Workplace, folder: Path) -> None:
    """Take the signed lists of orders beside the backup; what was ordered since comes by the first round."""
    for path in sorted(folder.glob(f"*{ORDERS_ENDING}")):
        with suppress(KimError, OSError):
            place.orders.take_order_list(path)


def _refuse_foreign(home: Home, vault: OpenVault) -> None:
    """Raise ForeignBackupError if another store than the backup's lies here, as far as can be told."""
    if home.state() is HomeState.EMPTY:
        return
    with suppress(VaultMissingError, VaultDamagedError, NewerVaultError):
        if read_vault(home.vault).vault_id != vault.vault_id:
            raise ForeignBackupError


def _make_ready(staged: Home, vault: OpenVault, made_ms: int, clock: Clock, entropy: Entropy) -> None:
    """Give the store a session, a prekey and a number block of its own, and note that it was restored."""
    with ExitStack() as stack:
        place = opened(staged, vault, clock, entropy, stack)
        try:
            with place.session.store.unit_of_work() as work:
                forget_block(work)
            place.backups.begin_anew(made_ms)
        finally:
            place.close()
