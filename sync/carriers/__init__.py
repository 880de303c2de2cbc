"""Ways to carry sealed items between devices; a round does not know which it uses."""

from collections.abc import Callable
from typing import Protocol

from app.domain.errors import KimError
from sync.rounds.exchange import RoundAnswer, RoundRequest

Progress = Callable[[int, int], None]
"""Told with the bytes sent and received so far in this exchange."""
Cancelled = Callable[[], bool]
"""Asked often during an exchange; True ends it."""


class RoundCancelledError(KimError):
    """The person stopped the round; what was taken over before stays."""

    error_id = "round_cancelled"


def no_progress(_sent: int, _received: int) -> None:
    """For who does not watch."""


def never_cancelled() -> bool:
    """For what nobody can stop."""
    return False


class Carrier(Protocol):
    """What a round needs of a relay, a folder or a stick."""

    def round(
        self, request: RoundRequest, progress: Progress = no_progress, cancelled: Cancelled = never_cancelled
    ) -> RoundAnswer:
        """Bring the request's items and give what is there for this device.

        Raises RoundCancelledError, or the carrier's own KimErrors.
        """
        ...

    def close(self) -> None:
        """Let go of connections and files."""
        ...
