"""The growing wait after wrong passphrases, kept in a small file beside the vault.

It slows a person at the keyboard. Against somebody who copies the disk stands Argon2id alone: who
can delete this file can also guess elsewhere. Nothing is ever wiped, whatever the count.
"""

import hashlib
import struct
from math import ceil
from pathlib import Path

from app.security.errors import TooManyTriesError
from app.security.files import overwrite_in_place
from app.services.ports import Clock

FREE_TRIES = 5
FIRST_WAIT_SECONDS = 5
LONGEST_WAIT_SECONDS = 15 * 60

# Fixed size, so that it can be written over in place even on a full disk.
_RECORD = struct.Struct(">4sIqq")
_MAGIC = b"KIMA"
_CHECKSUM_BYTES = 8


def attempts_path(vault: Path) -> Path:
    """Where the count of wrong tries for `vault` is kept."""
    return vault.with_name(vault.name + ".attempts")


def wait_after(failures: int) -> int:
    """Seconds to wait after so many wrong tries: none for four, then 5 s doubling up to 15 min."""
    if failures < FREE_TRIES:
        return 0
    doublings = min(failures - FREE_TRIES, 16)
    return min(FIRST_WAIT_SECONDS << doublings, LONGEST_WAIT_SECONDS)


class Attempts:
    """The tries made on one vault, read from its file and written before each try."""

    def __init__(self, path: Path, clock: Clock) -> None:
        """Read what was kept; an unreadable record counts as the free tries used up just now."""
        self._path = path
        self._clock = clock
        self.failures = 0
        self._at, self._at_monotonic = clock.now().timestamp(), clock.monotonic()
        self._read()

    @property
    def free_tries(self) -> int:
        """Wrong tries left before a wait begins."""
        return max(0, FREE_TRIES - self.failures)

    def refuse_while_waiting(self) -> None:
        """Raise TooManyTriesError while the wait runs."""
        remaining = self._remaining_seconds()
        if remaining > 0:
            raise TooManyTriesError(wait_seconds=ceil(remaining))

    def count(self) -> None:
        """Note a try as wrong before it is made, so that killing the program gives none for free."""
        self._keep(self.failures + 1)

    def forget(self) -> None:
        """The right passphrase was given: start again from nothing."""
        self._keep(0)

    def _remaining_seconds(self) -> float:
        wait = wait_after(self.failures)
        if wait == 0:
            return 0.0
        return wait - self._elapsed_seconds()

    def _elapsed_seconds(self) -> float:
        """The least that has passed; a clock that went back counts nothing and restarts the wait."""
        by_clock = self._clock.now().timestamp() - self._at
        by_monotonic = self._clock.monotonic() - self._at_monotonic
        if by_monotonic < 0:  # the computer was started anew, only the clock is left
            if by_clock < 0:
                self._keep(self.failures)
                return 0.0
            return by_clock
        return by_monotonic if by_clock < 0 else min(by_clock, by_monotonic)

    def _keep(self, failures: int) -> None:
        self.failures = failures
        self._at, self._at_monotonic = self._clock.now().timestamp(), self._clock.monotonic()
        record = _RECORD.pack(_MAGIC, failures, int(self._at * 1000), int(self._at_monotonic * 1000))
        overwrite_in_place(self._path, record + _checksum(record))

    def _read(self) -> None:
        try:
            data = self._path.read_bytes()
        except FileNotFoundError:
            return
        record, checksum = data[: _RECORD.size], data[_RECORD.size :]
        if len(record) < _RECORD.size or _checksum(record) != checksum or not record.startswith(_MAGIC):
            self._keep(FREE_TRIES)
            return
        _, self.failures, at, at_monotonic = _RECORD.unpack(record)
        self._at, self._at_monotonic = at / 1000, at_monotonic / 1000


def _checksum(record: bytes) -> bytes:
    return hashlib.sha256(record).digest()[:_CHECKSUM_BYTES]
