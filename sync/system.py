"""This computer's clock and randomness."""

from __future__ import annotations

import builtins
import secrets
import time
from datetime import UTC, datetime


class SystemClock:
    """The computer's own clock."""

    def now(self) -> datetime:
        """Give the present moment, UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Give seconds that never run backwards."""
        return time.monotonic()


class SystemEntropy:
    """The operating system's randomness."""

    def bytes(self, count: int) -> builtins.bytes:
        """Give so many random bytes."""
        return secrets.token_bytes(count)
