"""Names of changes: dots, the contexts made of them, and the clock that orders the display."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import NamedTuple

HLC_COUNTER_BITS = 16
HLC_MAX_LEAD_MS = 24 * 3600 * 1000
_WORD = 8


class Dot(NamedTuple):
    """The name of one change: device (64 bit), session (64 bit, random), number within the session from 1.

    The id of a record is the dot of its first change.
    """

    device: int
    session: int
    seq: int

    def to_bytes(self) -> bytes:
        """Give the 17 to 24 bytes that stand for this dot in stored and sent values."""
        seq = self.seq.to_bytes((self.seq.bit_length() + 7) // 8 or 1, "big")
        return self.device.to_bytes(_WORD, "big") + self.session.to_bytes(_WORD, "big") + seq

    @classmethod
    def from_bytes(cls, data: bytes) -> Dot:
        """Read what `to_bytes` wrote; raises ValueError on anything else."""
        if not 2 * _WORD < len(data) <= 3 * _WORD or (len(data) > 2 * _WORD + 1 and data[2 * _WORD] == 0):
            raise ValueError("not a dot")
        number = int.from_bytes
        return cls(
            number(data[:_WORD], "big"),
            number(data[_WORD : 2 * _WORD], "big"),
            number(data[2 * _WORD :], "big"),
        )

    def __str__(self) -> str:
        """Give the text form used in exports and as keys of the screen."""
        return f"{self.device:016x}.{self.session:016x}.{self.seq}"


class Span(NamedTuple):
    """A run of numbers `first … last` (both included) of one device and session."""

    device: int
    session: int
    first: int
    last: int


@dataclass(frozen=True)
class Context:
    """The dots of one register that a change supersedes: what was shown, and all that it covers."""

    dots: frozenset[Dot] = frozenset()

    @classmethod
    def of(cls, dots: Iterable[Dot]) -> Context:
        """Give the context made of these dots."""
        return cls(frozenset(dots))

    @classmethod
    def from_spans(cls, spans: Iterable[Span]) -> Context:
        """Give the context that `spans` describes."""
        return cls.of(Dot(s.device, s.session, seq) for s in spans for seq in range(s.first, s.last + 1))

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """Runs of consecutive numbers, sorted: the one form in which a context is stored and sent."""
        return tuple(_spans(sorted(self.dots)))

    def __contains__(self, dot: Dot) -> bool:
        """Tell whether the change named `dot` is superseded."""
        return dot in self.dots

    def __or__(self, other: Context) -> Context:
        """Give what either covers."""
        if self.dots >= other.dots:
            return self
        return Context(self.dots | other.dots)

    def __bool__(self) -> bool:
        """Tell whether anything is covered."""
        return bool(self.dots)


def _spans(dots: list[Dot]) -> Iterator[Span]:
    for _, run in groupby(enumerate(dots), key=lambda item: (*item[1][:2], item[1].seq - item[0])):
        members = [dot for _, dot in run]
        yield Span(members[0].device, members[0].session, members[0].seq, members[-1].seq)


def next_hlc(last: int, now_ms: int) -> int:
    """Give the time stamp of a new change: after `last`, not before `now_ms` (milliseconds since 1970)."""
    return max(last + 1, now_ms << HLC_COUNTER_BITS)


def received_hlc(last: int, remote: int, now_ms: int) -> int:
    """Give the clock after a remote change was seen; one more than 24 h ahead is not taken over."""
    if hlc_ms(remote) > now_ms + HLC_MAX_LEAD_MS:
        return last
    return max(last, remote)


def hlc_ms(hlc: int) -> int:
    """Give the milliseconds since 1970 that a time stamp names."""
    return hlc >> HLC_COUNTER_BITS
