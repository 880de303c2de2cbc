"""Batches that grow and shrink with the measured speed of the line."""

from __future__ import annotations

from typing import Final

LEAST: Final = 64 * 1024
MOST: Final = 1024 * 1024
_SHORT_SECONDS: Final = 4.0
_LONG_SECONDS: Final = 15.0


class Pace:
    """How many bytes one exchange may carry each way: few on a poor line, so that little is lost with it."""

    def __init__(self) -> None:
        """Begin carefully."""
        self.budget = 4 * LEAST

    def slow_down(self) -> bool:
        """Carry half as much after the line was cut; False when it was already the least."""
        before, self.budget = self.budget, max(LEAST, self.budget // 2)
        return self.budget < before

    def learn(self, seconds: float, carried: int) -> None:
        """Take one exchange's time (seconds) and bytes into account."""
        if seconds > _LONG_SECONDS:
            self.slow_down()
        elif seconds < _SHORT_SECONDS and 2 * carried > self.budget:
            self.budget = min(MOST, 2 * self.budget)
