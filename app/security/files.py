"""Small key files written so that a crash or a full disk leaves the old one or the new one, whole."""

import errno
import os
import sys
from contextlib import suppress
from pathlib import Path

from app.security.errors import VaultMissingError, VaultNotWrittenError

_BINARY = getattr(os, "O_BINARY", 0)
_OWNER_ONLY = 0o600


def read_whole(path: Path) -> bytes:
    """The file's bytes. Raises VaultMissingError where there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise VaultMissingError from error


def write_atomically(path: Path, data: bytes) -> None:
    """Put `data` in the place of `path`: aside, flushed, renamed. Raises VaultNotWrittenError."""
    aside = path.with_name(path.name + ".new")
    try:
        _write_flushed(aside, data, os.O_TRUNC)
        os.replace(aside, path)
        _flush_folder(path.parent)
    except OSError as error:
        raise VaultNotWrittenError(reason=_reason(error)) from error


def overwrite_in_place(path: Path, data: bytes) -> None:
    """Write `data` over the start of `path`: needs no free block, so it works on a full disk.

    A file that could not be begun is not left behind. Raises VaultNotWrittenError.
    """
    is_new = not path.exists()
    try:
        _write_flushed(path, data, 0)
    except OSError as error:
        if is_new:
            with suppress(OSError):
                path.unlink(missing_ok=True)
        raise VaultNotWrittenError(reason=_reason(error)) from error


def _write_flushed(path: Path, data: bytes, flags: int) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | _BINARY | flags, _OWNER_ONLY)
    try:
        if os.write(handle, data) != len(data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(handle)
    finally:
        os.close(handle)


def _flush_folder(folder: Path) -> None:
    if sys.platform == "win32":
        return  # Windows flushes the entry with the rename and opens no folders
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _reason(error: OSError) -> str:
    return errno.errorcode.get(error.errno or 0, "EIO")
