"""The key of a database from its vault file and passphrase, by docs/decisions/0003-vault-file.md alone."""

from __future__ import annotations

import hashlib
from pathlib import Path

import cbor2
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_HEAD = len(b"KIMVAULT") + 2
_CHECKSUM = 32


def database_key(vault: Path, passphrase: str) -> bytes:
    """Give the raw key of the database beside a vault file.

    Raises ValueError for a damaged file, InvalidTag for another passphrase.
    """
    data = vault.read_bytes()
    if hashlib.sha256(data[:-_CHECKSUM]).digest() != data[-_CHECKSUM:]:
        raise ValueError("damaged vault file")
    body = cbor2.loads(data[_HEAD:-_CHECKSUM])
    slot = body["passphrase"]
    memory, passes, lanes = slot["cost"]
    wrapping = Argon2id(
        salt=slot["salt"], length=32, iterations=passes, lanes=lanes, memory_cost=memory
    ).derive(passphrase.encode())
    bound_to = ["kim-mobil/vault/slot/1", "passphrase", slot["suite"], body["id"], slot["salt"], slot["cost"]]
    aad = cbor2.dumps(bound_to, canonical=True)
    data_key = AESGCM(wrapping).decrypt(slot["nonce"], slot["wrapped"], aad)
    return HKDF(SHA256(), 32, None, b"kim-mobil/vault/1/database").derive(data_key)
