"""One running program for each database: a lock that the system takes back when the program dies."""

import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from app.storage.errors import SecondInstanceError

_OWNER_ONLY = 0o600


def lock_path(database: Path) -> Path:
    """The lock file beside `database`; it stays when the lock is given up, because removing it would race."""
    return database.with_name(database.name + ".lock")


class InstanceLock:
    """Holds the lock from `take` to `release` or the end of the process, however it ends."""

    def __init__(self, database: Path) -> None:
        """Prepare the lock of `database`, without taking it."""
        self._path = lock_path(database)
        self._handle: int | None = None

    def take(self) -> None:
        """Take the lock. Raises SecondInstanceError if another holder lives."""
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, _OWNER_ONLY)
        try:
            _lock(handle)
        except OSError as error:
            os.close(handle)
            raise SecondInstanceError from error
        self._handle = handle

    def release(self) -> None:
        """Give the lock up; harmless when it isn't held."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def __enter__(self) -> Self:
        """Take the lock for a block."""
        self.take()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the lock up."""
        self.release()


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
