"""Failures of the files beside the database, in the words of the database's own."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from app.storage.errors import DiskFullError, StorageUnavailableError

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@contextmanager
def explaining_disk() -> Iterator[None]:
    """Turn what the system refuses into DiskFullError or StorageUnavailableError."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFullError from error
        raise StorageUnavailableError(code=errno.errorcode.get(error.errno or 0, "EIO")) from error
