"""Clock, entropy and members that a test can steer; they fulfil the ports of the services."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.domain.audience import Member, Role

MORNING = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)


class SteeredClock:
    """A clock that stands still until it is moved."""

    def __init__(self, start: datetime = MORNING) -> None:
        self._now = start
        self._seconds = 0.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._seconds

    def move(self, **delta: float) -> None:
        step = timedelta(**delta)
        self._now += step
        self._seconds += max(step.total_seconds(), 0.0)


class SeededEntropy:
    """Random bytes that a seed replays."""

    def __init__(self, seed: str | int) -> None:
        self._seed = str(seed).encode()
        self._count = 0

    def bytes(self, count: int) -> bytes:
        out = b""
        while len(out) < count:
            self._count += 1
            out += hashlib.sha256(self._seed + self._count.to_bytes(8, "big")).digest()
        return out[:count]


@dataclass(frozen=True)
class FixedMembers:
    """A roster for tests of services alone."""

    known: tuple[Member, ...]

    def member(self, member_id: int) -> Member | None:
        return next((item for item in self.known if item.id == member_id), None)

    def members(self) -> tuple[Member, ...]:
        return self.known


ANNA = Member(1, "Anna Berg", "kreis", Role.CASE_MANAGER, supervisor=3)
BEN = Member(2, "Ben Kaya", "verein", Role.CASE_MANAGER, supervisor=3)
SINA = Member(3, "Sina Vogt", "kreis", Role.SUPERVISOR, cleared=True)
CORA = Member(4, "Cora Lenz", "kreis", Role.COORDINATOR)
MEMBERS = FixedMembers((ANNA, BEN, SINA, CORA))
