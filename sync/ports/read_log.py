"""What the log of reads needs of the store."""

from __future__ import annotations

from typing import Protocol

from app.domain.dots import Dot
from app.services.read_log import ReadNote


class ReadLogMemory(Protocol):
    """Entries that wait to be sealed, and this keeper device's shares of log keys."""

    def note(self, note: ReadNote, session: int) -> None:
        """Note an act, once for a case file and session."""
        ...

    def waiting(self, limit: int) -> tuple[ReadNote, ...]:
        """Give entries that were not sealed yet, oldest first."""
        ...

    def sealed(self, notes: tuple[ReadNote, ...], session: int) -> None:
        """Note that entries were sealed: what they say is forgotten but for the session that is open."""
        ...

    def share(self, key: Dot) -> bytes | None:
        """Give this device's share of a log key, or None."""
        ...

    def put_share(self, key: Dot, share: bytes) -> None:
        """Keep this device's share of a log key; empty when it has none."""
        ...
