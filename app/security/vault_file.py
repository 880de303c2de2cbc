"""The vault file's format: mark, version, canonical CBOR, SHA-256 over all before it.

Mark, version and checksum keep their places in every later version, so that a damaged file and a
newer one can always be told apart. The layout is written down in `docs/decisions/0003-vault-file.md`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cbor2

from app.security.errors import NewerVaultError, VaultDamagedError
from app.security.files import read_whole, write_atomically
from app.security.slots import (
    PASSPHRASE,
    PASSPHRASE_SUITE,
    RECOVERY,
    RECOVERY_SUITE,
    Argon2Parameters,
    Slot,
)

MARK: Final = b"KIMVAULT"
VERSION: Final = 1
_VERSION_BYTES: Final = 2
_CHECKSUM_BYTES: Final = 32
_LEAST_BYTES: Final = len(MARK) + _VERSION_BYTES + _CHECKSUM_BYTES
_SUITES: Final = {PASSPHRASE: PASSPHRASE_SUITE, RECOVERY: RECOVERY_SUITE}


@dataclass(frozen=True)
class VaultFile:
    """What the vault file holds; `key_check` recognises the data key without telling anything of it."""

    vault_id: bytes
    key_check: bytes
    passphrase: Slot
    recovery: Slot


def read_vault(path: Path) -> VaultFile:
    """The vault at `path`. Raises VaultMissingError, VaultDamagedError, NewerVaultError."""
    return decode_vault(read_whole(path))


def write_vault(path: Path, vault: VaultFile) -> None:
    """Put the vault at `path`, atomically. Raises VaultNotWrittenError; then the old file stands."""
    write_atomically(path, encode_vault(vault))


def encode_vault(vault: VaultFile) -> bytes:
    """The file's bytes."""
    body = {
        "id": vault.vault_id,
        "check": vault.key_check,
        PASSPHRASE: _slot_map(vault.passphrase),
        RECOVERY: _slot_map(vault.recovery),
    }
    head = MARK + VERSION.to_bytes(_VERSION_BYTES, "big") + cbor2.dumps(body, canonical=True)
    return head + hashlib.sha256(head).digest()


def decode_vault(data: bytes) -> VaultFile:
    """The vault in `data`. Raises VaultDamagedError, NewerVaultError."""
    head, checksum = data[:-_CHECKSUM_BYTES], data[-_CHECKSUM_BYTES:]
    if len(data) < _LEAST_BYTES or not data.startswith(MARK) or hashlib.sha256(head).digest() != checksum:
        raise VaultDamagedError
    version = int.from_bytes(head[len(MARK) : len(MARK) + _VERSION_BYTES], "big")
    if version > VERSION:
        raise NewerVaultError(version=version)
    try:
        body = cbor2.loads(head[len(MARK) + _VERSION_BYTES :])
        slots = {name: _slot(name, body[name]) for name in _SUITES}
        return VaultFile(_blob(body["id"]), _blob(body["check"]), slots[PASSPHRASE], slots[RECOVERY])
    except (cbor2.CBORDecodeError, KeyError, TypeError, ValueError, RecursionError, OverflowError) as error:
        raise VaultDamagedError from error


def _slot_map(slot: Slot) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "suite": slot.suite,
        "salt": slot.salt,
        "nonce": slot.nonce,
        "wrapped": slot.wrapped,
    }
    if slot.cost:
        fields["cost"] = [slot.cost.memory_kib, slot.cost.iterations, slot.cost.lanes]
    return fields


def _slot(name: str, fields: Any) -> Slot:
    if fields["suite"] != _SUITES[name]:
        raise NewerVaultError(version=VERSION)
    cost = _cost(*fields["cost"]) if name == PASSPHRASE else None
    salt, nonce, wrapped = (_blob(fields[part]) for part in ("salt", "nonce", "wrapped"))
    return Slot(name, fields["suite"], salt, nonce, wrapped, cost)


def _blob(value: object) -> bytes:
    """Give byte strings alone: `bytes` would make terabytes of zeros of a number."""
    if type(value) is not bytes:
        raise TypeError("not a byte string")
    return value


def _cost(memory_kib: int, iterations: int, lanes: int) -> Argon2Parameters:
    if any(type(figure) is not int for figure in (memory_kib, iterations, lanes)):
        raise TypeError("not a whole number")
    return Argon2Parameters(memory_kib, iterations, lanes)  # no default may stand in for what is missing
