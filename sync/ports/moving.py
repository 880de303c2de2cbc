"""Making a store that worked alone one of a district, as the engine needs it."""

from __future__ import annotations

from typing import Protocol


class Moves(Protocol):
    """Changes a store's district."""

    def leave_district(self) -> None:
        """Forget rosters, keys, traffic and the number block."""
        ...

    def become(self, old: int, new: int, device: int) -> None:
        """Let member `old` be `new` wherever `device` wrote it, and put all it wrote into the outbox."""
        ...

    def write_as(self, old: int, new: int) -> None:
        """Let `new` be the author of all that `old` wrote here."""
        ...

    def drop_records(self, types: tuple[str, ...]) -> None:
        """Forget every record of these types."""
        ...
