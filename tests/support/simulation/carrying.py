"""What a relay is to histories: the model and the real one behind one face."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sync.rounds.exchange import RoundAnswer, RoundRequest


class Relay(Protocol):
    """What lines and histories need of a relay."""

    def answer(self, device: int, request: RoundRequest) -> RoundAnswer:
        """Make one exchange; raises what the HTTP carrier raises for the same refusal."""
        ...

    def put_rosters(self, device: int, sealed: Sequence[bytes]) -> None:
        """Store what a device brings of the chain; raises RelayRefusedError."""
        ...

    def get_roster(self) -> tuple[bytes, ...]:
        """Give all rosters."""
        ...

    def prekey_of(self, device: int) -> bytes | None:
        """Give a device's published prekey, where this relay tells it."""
        ...

    def keep_copy(self) -> None:
        """Remember the state of now, as a backup of the relay would."""
        ...

    def set_back(self) -> None:
        """Go back to the copy, if there is one."""
        ...

    def empty(self) -> None:
        """Lose everything."""
        ...

    def close(self) -> None:
        """Let go."""
        ...
