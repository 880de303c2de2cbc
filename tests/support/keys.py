"""Randomness and a settable clock for tests of keys, and an Argon2id cost that costs nothing."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.security.slots import Argon2Parameters
from app.security.vault import OpenVault, create_vault

CHEAP = Argon2Parameters(memory_kib=32, iterations=1, lanes=1)
PASSPHRASE = "sechs Birnen fallen leise vom Dach"


class RandomBytes:
    """The system's randomness as a port."""

    def bytes(self, count: int) -> bytes:
        return os.urandom(count)


class SetClock:
    """A clock that moves only when told; `reboot` starts the monotonic side anew."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
        self.since_start = 5000.0

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.since_start

    def pass_time(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)
        self.since_start += seconds

    def set_wall(self, seconds: float) -> None:
        """Somebody sets the clock, forward or back; no time passes."""
        self.moment += timedelta(seconds=seconds)

    def reboot(self) -> None:
        self.since_start = 0.0


def make_vault(path: Path) -> tuple[OpenVault, str]:
    """A vault under PASSPHRASE at a cost for tests, and its recovery key as printed."""
    vault, recovery_key = create_vault(path, PASSPHRASE, RandomBytes(), CHEAP)
    return vault, recovery_key.text
