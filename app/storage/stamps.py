"""Names and times for this session's changes."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.dots import Dot, next_hlc, received_hlc
from app.domain.merge import Change
from app.services.ports import Clock

_MS = 1000


class Stamps:
    """Counts this session's dots and keeps its clock; numbers that were rolled back are given again."""

    def __init__(self, device: int, session: int, author: int, clock: Clock, hlc: int = 0) -> None:
        """Begin a session: its number was drawn at random at the unlock, so no dot is ever used twice."""
        self.device = device
        self.session = session
        self.author = author
        self.hlc = hlc
        self.clock = clock
        self._seq = 0
        self._kept = (0, hlc)

    def now_ms(self) -> int:
        """Give the present moment in milliseconds since 1970."""
        return int(self.clock.now().timestamp() * _MS)

    def following_dot(self) -> Dot:
        """Give the dot that the next change will have."""
        return Dot(self.device, self.session, self._seq + 1)

    def next_dot(self) -> Dot:
        """Name the next change."""
        self._seq += 1
        return Dot(self.device, self.session, self._seq)

    def next_hlc(self) -> int:
        """Give the time stamp of the next change."""
        self.hlc = next_hlc(self.hlc, self.now_ms())
        return self.hlc

    def saw(self, changes: Iterable[Change], relay_ms: int | None = None) -> None:
        """Move the clock past remote changes, so that what is written next is shown after them.

        `relay_ms`: the relay's time as far as it is known. By the own clock, which may be years behind,
        others' clocks would seem to run ahead, and what is written here would be shown before them.
        """
        now = self.now_ms() if relay_ms is None else relay_ms
        for change in changes:
            self.hlc = received_hlc(self.hlc, change.hlc, now)

    @property
    def clock_moved(self) -> bool:
        """Whether a time stamp was given or seen since the last commit."""
        return self.hlc != self._kept[1]

    def keep(self) -> None:
        """Note that the transaction was committed."""
        self._kept = (self._seq, self.hlc)

    def take_back(self) -> None:
        """Return to the last commit: nobody has seen the numbers given since."""
        self._seq, self.hlc = self._kept
