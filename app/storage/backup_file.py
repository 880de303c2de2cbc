"""The file format of a backup: a header that can be read without keys, then the encrypted database.

    "KIMBACKUP" | version, 2 bytes | length of the header, 4 bytes | header, canonical CBOR
    | HMAC-SHA-256 over all before it | SHA-256 over all before it | database

The HMAC key is derived from the data key, so that nobody can put a header of their own before an old
database; the checksum tells damage from a wrong key. Mark, version and checksum keep their places.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

import cbor2

from app.storage.errors import BackupDamagedError, NewerBackupError

MARK: Final = b"KIMBACKUP"
VERSION: Final = 1
HEADER_LIMIT: Final = 64 * 1024
CHUNK: Final = 1 << 20
_NUMBER: Final = 2
_LENGTH: Final = 4
_SUM: Final = 32
_FRONT: Final = len(MARK) + _NUMBER + _LENGTH


@dataclass(frozen=True)
class BackupHeader:
    """What a backup says of itself: no names, no words of case files.

    `generation`: how often backups were made anew because something was erased; `schema`: number of the
    last migration; `vault`: the vault file's bytes; `size`, `digest`: of the
    database that follows.
    """

    made_ms: int
    generation: int
    district: bytes
    device: int
    schema: int
    vault: bytes
    size: int
    digest: bytes


@dataclass(frozen=True)
class BackupFront:
    """A header as it was read: where the database begins, and what its maker's key says of it."""

    header: BackupHeader
    begins: int
    signed: bytes
    mac: bytes

    def is_authentic(self, key: bytes) -> bool:
        """Tell whether the holder of `key` (32 bytes, derived from the data key) wrote the header."""
        return hmac.compare_digest(hmac.digest(key, self.signed, "sha256"), self.mac)


def encode_front(header: BackupHeader, key: bytes) -> bytes:
    """Give all that stands before the database."""
    body = cbor2.dumps(vars(header), canonical=True)
    head = MARK + VERSION.to_bytes(_NUMBER, "big") + len(body).to_bytes(_LENGTH, "big") + body
    head += hmac.digest(key, head, "sha256")
    return head + hashlib.sha256(head).digest()


def read_front(file: BinaryIO) -> BackupFront:
    """Read the header; raises BackupDamagedError, NewerBackupError, OSError."""
    front = file.read(_FRONT)
    if len(front) < _FRONT or not front.startswith(MARK):
        raise BackupDamagedError
    length = int.from_bytes(front[-_LENGTH:], "big")
    rest = file.read(length + 2 * _SUM) if length <= HEADER_LIMIT else b""
    whole = front + rest
    if len(rest) < length + 2 * _SUM or hashlib.sha256(whole[:-_SUM]).digest() != whole[-_SUM:]:
        raise BackupDamagedError
    version = int.from_bytes(front[len(MARK) : len(MARK) + _NUMBER], "big")
    if version > VERSION:
        raise NewerBackupError
    header = _header(rest[:length])
    return BackupFront(header, len(whole), whole[: -2 * _SUM], whole[-2 * _SUM : -_SUM])


def read_backup_header(path: Path) -> BackupFront:
    """Read a file's header and compare its length with what the header says; raises as `read_front`."""
    with path.open("rb") as file:
        front = read_front(file)
        if os.fstat(file.fileno()).st_size != front.begins + front.header.size:
            raise BackupDamagedError
    return front


def pieces(file: BinaryIO, header: BackupHeader) -> Iterator[bytes]:
    """Go through the database behind the header; raises BackupDamagedError at its end if it is another."""
    found = hashlib.sha256()
    left = header.size
    while left:
        piece = file.read(min(CHUNK, left))
        if not piece:
            raise BackupDamagedError
        found.update(piece)
        left -= len(piece)
        yield piece
    if file.read(1) or found.digest() != header.digest:
        raise BackupDamagedError


def _header(body: bytes) -> BackupHeader:
    try:
        found = cbor2.loads(body)
        header = BackupHeader(**found)
    except (cbor2.CBORDecodeError, TypeError, ValueError, RecursionError, OverflowError) as error:
        raise BackupDamagedError from error
    numbers = (header.made_ms, header.generation, header.device, header.schema, header.size)
    texts = (header.district, header.vault, header.digest)
    fit = all(type(item) is int and 0 <= item < 1 << 62 for item in numbers)
    if not fit or not all(type(item) is bytes for item in texts) or len(header.digest) != _SUM:
        raise BackupDamagedError
    # Not before the kinds are known: what is the same by reference would be written out without end.
    if cbor2.dumps(found, canonical=True) != body:
        raise BackupDamagedError
    return header
