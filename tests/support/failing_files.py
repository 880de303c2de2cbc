"""What the program writes without SQLite (keys, settings, stages, backups, sticks), on a disk that fails.

Python's files come down to a few functions of `os`, which are replaced; a file opened for writing is
Python's own (`_pyio`), since the built-in one asks the system itself. The files are real, and torn: at
the moment the disk is full, half of what was to be written stands.
"""

from __future__ import annotations

import _pyio  # type: ignore[import-not-found]  # the standard library's, without stubs
import builtins
import io
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.support.failing_disk import FailingDisk

_NEW_NAMES = ("mkdir", "rename", "replace", "link", "symlink")
_FLUSHES = ("fsync", "fdatasync", "ftruncate", "truncate", "posix_fallocate")
_real_open, _real_write, _built_in_open = os.open, os.write, io.open


@contextmanager
def failing_files(disk: FailingDisk) -> Iterator[None]:
    """Let what Python writes fail with `disk` too."""

    def refused(real: Any) -> Any:
        def call(*given: Any, **named: Any) -> Any:
            _refuse(disk)
            return real(*given, **named)

        return call

    def opened(path: Any, flags: int, *given: Any, **named: Any) -> int:
        if flags & os.O_CREAT and not os.path.lexists(path):
            _refuse(disk)
        return _real_open(path, flags, *given, **named)

    def written(handle: int, data: Any) -> int:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return _real_write(handle, data)
        if disk.refuses():
            if disk.is_just_full and len(data) > 1 and _grows(handle):
                return _real_write(handle, bytes(data)[: len(data) // 2])
            raise OSError(disk.error, os.strerror(disk.error))
        return _real_write(handle, data)

    def file(path: Any, mode: str = "r", *given: Any, **named: Any) -> Any:
        takes = set(mode) & set("wax+")
        return (_pyio.open if takes else _built_in_open)(path, mode, *given, **named)

    with pytest.MonkeyPatch.context() as patch:
        for name in (*_NEW_NAMES, *_FLUSHES):
            patch.setattr(os, name, refused(getattr(os, name)))
        patch.setattr(os, "open", opened)
        patch.setattr(os, "write", written)
        patch.setattr(io, "open", file)
        patch.setattr(builtins, "open", file)
        yield


def _grows(handle: int) -> bool:
    return os.lseek(handle, 0, os.SEEK_CUR) >= os.fstat(handle).st_size


def _refuse(disk: FailingDisk) -> None:
    if disk.refuses():
        raise OSError(disk.error, os.strerror(disk.error))
