"""A disk that fails: SQLite's own calls to the system are replaced by ones that refuse.

By `xSetSystemCall` (sqlite.org/c3ref/vfs.html), which SQLite has for its own tests: real SQLite code over
real files meets a real error number, without privileges or a compiler. Only what SQLite writes goes this
way; a limit on the size of files stands in for all else (`smaller_files`).
"""

from __future__ import annotations

import ctypes
import errno
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_long, c_size_t, c_ssize_t, c_void_p
from dataclasses import dataclass
from typing import Any

import sqlcipher3._sqlite3 as library

from tests.support.failing_files import failing_files

_METHODS_BEFORE = 13
_Write = CFUNCTYPE(c_ssize_t, c_int, c_void_p, c_size_t, c_long, use_errno=True)
_Truncate = CFUNCTYPE(c_int, c_int, c_long, use_errno=True)
_Sync = CFUNCTYPE(c_int, c_int, use_errno=True)
_SetCall = CFUNCTYPE(c_int, c_void_p, c_char_p, c_void_p)


class _Vfs(Structure):
    _fields_ = (
        ("version", c_int),
        ("file_size", c_int),
        ("longest_path", c_int),
        ("following", c_void_p),
        ("name", c_char_p),
        ("data", c_void_p),
        ("methods", c_void_p * _METHODS_BEFORE),
        ("set_call", _SetCall),
    )


@dataclass
class FailingDisk:
    """Counts what is written, and refuses from the `fail_at`-th call on (`once`: only that one)."""

    fail_at: int = 0
    once: bool = False
    error: int = errno.ENOSPC
    count: int = 0

    @property
    def has_failed(self) -> bool:
        """Whether a call was refused since it was armed."""
        return 0 < self.fail_at <= self.count

    @property
    def is_just_full(self) -> bool:
        """Whether the last call counted is the one that met the end of the room."""
        return not self.once and self.count == self.fail_at

    def arm(self, fail_at: int) -> None:
        """Count from now on, and refuse at the `fail_at`-th call."""
        self.count, self.fail_at = 0, fail_at

    def mend(self) -> None:
        """Make room again."""
        self.fail_at = 0

    def refuses(self) -> bool:
        """Count a call, and tell whether it fails."""
        self.count += 1
        failing = self.count == self.fail_at if self.once else self.has_failed
        if failing:
            ctypes.set_errno(self.error)
        return failing


@contextmanager
def failing_disk(
    *, once: bool = False, error: int = errno.ENOSPC, databases: bool = True
) -> Iterator[FailingDisk]:
    """Put a disk that can fail under every file of this process, and unless told otherwise every database."""
    disk = FailingDisk(once=once, error=error)
    libc = ctypes.CDLL(None, use_errno=True)
    libc.pwrite.argtypes = (c_int, c_void_p, c_size_t, c_long)
    libc.pwrite.restype = c_ssize_t
    libc.ftruncate.argtypes = (c_int, c_long)

    def write(handle: int, data: int, size: int, offset: int) -> int:
        return -1 if disk.refuses() else int(libc.pwrite(handle, data, size, offset))

    def truncate(handle: int, size: int) -> int:
        return -1 if disk.refuses() else int(libc.ftruncate(handle, size))

    def sync(handle: int) -> int:
        if disk.refuses():
            return -1
        return int(libc.fsync(handle))

    calls: dict[bytes, Any] = {
        b"pwrite": _Write(write),
        b"pwrite64": _Write(write),
        b"ftruncate": _Truncate(truncate),
        b"fsync": _Sync(sync),
    }
    vfs = _default_vfs()
    for name, call in calls.items() if databases else ():
        vfs.contents.set_call(vfs, name, ctypes.cast(call, c_void_p))
    try:
        with failing_files(disk):
            yield disk
    finally:
        for name in calls:
            vfs.contents.set_call(vfs, name, None)


@contextmanager
def smaller_files(limit: int) -> Iterator[None]:
    """Let every write beyond so many bytes of a file fail, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)


def _default_vfs() -> Any:
    found = ctypes.CDLL(library.__file__).sqlite3_vfs_find
    found.restype = POINTER(_Vfs)
    return found(None)
