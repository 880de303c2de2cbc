"""Files of a folder on a stick or a shared drive: written whole or not at all, read with care."""

from __future__ import annotations

import errno
import os
import re
import stat
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sync.folder.errors import (
    FolderFullError,
    FolderGoneError,
    FolderMissingError,
    FolderReadOnlyError,
    FolderUnwritableError,
)

_NAME: Final = re.compile(r"[0-9a-f]{64}")
_PART: Final = ".part"
_BINARY: Final = getattr(os, "O_BINARY", 0)
_NO_LINKS: Final = getattr(os, "O_NOFOLLOW", 0)
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_FORBIDDEN: Final = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})


@dataclass(frozen=True)
class Listing:
    """The files that bear a name of ours, with their sizes, and how many others lie there."""

    sizes: Mapping[bytes, int]
    others: int


class FolderFiles:
    """One folder. `mark` is part of the names of files that this device is still writing."""

    def __init__(self, folder: Path, mark: str) -> None:
        """Use `folder` as it is: it must exist."""
        self._folder = folder
        self._spelled: dict[bytes, str] = {}
        self._mark = f".{mark}{_PART}"

    def listing(self) -> Listing:
        """Look what is there; raises FolderMissingError."""
        sizes: dict[bytes, int] = {}
        others = 0
        try:
            with os.scandir(self._folder) as entries:
                for entry in entries:
                    name = entry.name.lower()
                    if _NAME.fullmatch(name) and entry.is_file(follow_symlinks=False):
                        sizes[bytes.fromhex(name)] = entry.stat(follow_symlinks=False).st_size
                        self._spelled[bytes.fromhex(name)] = entry.name
                    elif not name.endswith(_PART):
                        others += 1
        except OSError as error:
            raise FolderMissingError(reason=_reason(error)) from error
        return Listing(sizes, others)

    def read(self, name: bytes, limit: int) -> bytes | None:
        """Give a file's bytes, or None when it is larger than `limit` or cannot be read; never a link's.

        Raises FolderGoneError when the whole folder went away.
        """
        try:
            handle = os.open(self._path(name), os.O_RDONLY | _BINARY | _NO_LINKS)
            with os.fdopen(handle, "rb") as file:
                if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                    return None
                content = file.read(limit + 1)
        except OSError as error:
            if not self._folder.is_dir():
                raise FolderGoneError from error
            return None
        return content if len(content) <= limit else None

    def write(self, name: bytes, content: bytes) -> None:
        """Put a file there: aside, flushed, renamed, read back.

        Raises FolderFullError, FolderReadOnlyError, FolderGoneError, FolderUnwritableError; then nothing
        that was there before is touched.
        """
        aside = self._folder / (name.hex() + self._mark)
        with self._explaining(aside):
            handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _BINARY | _NO_LINKS, 0o666)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
                _forget_pages(file.fileno())
            aside.replace(self._path(name))
        if self.read(name, len(content)) != content:
            raise FolderUnwritableError(reason="not_read_back")

    def remove(self, name: bytes) -> None:
        """Take an own file away; one that cannot go stays."""
        try:
            self._path(name).unlink(missing_ok=True)
        except OSError:
            return

    def flush(self) -> None:
        """Make the names of the written files last; where a folder cannot be flushed, its files were."""
        try:
            handle = os.open(self._folder, os.O_RDONLY)
        except OSError:
            return
        try:
            os.fsync(handle)
        except OSError:
            return
        finally:
            os.close(handle)

    def clear_asides(self) -> None:
        """Take away what this device itself left half written."""
        for path in self._folder.glob(f"*{self._mark}"):
            path.unlink(missing_ok=True)

    def _path(self, name: bytes) -> Path:
        """Give a file's path as the folder spells it: some file systems write names in capitals."""
        return self._folder / self._spelled.get(name, name.hex())

    @contextmanager
    def _explaining(self, aside: Path) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self._drop(aside)
            if error.errno in _FULL:
                raise FolderFullError from error
            if not self._folder.is_dir():
                raise FolderGoneError from error
            if error.errno in _FORBIDDEN:
                raise FolderReadOnlyError from error
            raise FolderUnwritableError(reason=_reason(error)) from error

    @staticmethod
    def _drop(aside: Path) -> None:
        try:
            aside.unlink(missing_ok=True)
        except OSError:
            return


def _forget_pages(handle: int) -> None:
    """Let the system forget what it remembers of a file, so that reading back asks the stick itself."""
    if sys.platform == "linux":
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)


def _reason(error: OSError) -> str:
    return errno.errorcode.get(error.errno or 0, "EIO")
