"""Names of changes: dots, the contexts made of them, and the clock that orders the display."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final, NamedTuple

HLC_COUNTER_BITS = 16
HLC_MAX_LEAD_MS = 24 * 3600 * 1000
_WORD = 8
_NO_END: Final = 1 << 64
"""Behind every number that a run may end with."""


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
    """The dots of one register that a change supersedes: what was shown, and all that it covers.

    It is kept and worked with as runs, never as single dots: a register that was edited a thousand times
    in a row has one run. `spans` are sorted and as long as possible, the one form in which a context is
    stored and sent; `of` and `from_spans` make it of anything.
    """

    spans: tuple[Span, ...] = ()

    @classmethod
    def of(cls, dots: Iterable[Dot]) -> Context:
        """Give the context made of these dots."""
        return cls.from_spans(Span(*dot, dot.seq) for dot in dots)

    @classmethod
    def from_spans(cls, spans: Iterable[Span]) -> Context:
        """Give the context that `spans` describes, whatever their order, and where they overlap."""
        return cls(tuple(_joined(sorted(spans))))

    @classmethod
    def union(cls, contexts: Iterable[Context]) -> Context:
        """Give what any of these covers."""
        return cls.from_spans(span for context in contexts for span in context.spans)

    def __contains__(self, dot: Dot) -> bool:
        """Tell whether the change named `dot` is superseded."""
        at = self._after(dot)
        return at > 0 and self.spans[at - 1].last >= dot.seq and self.spans[at - 1][:2] == dot[:2]

    def __iter__(self) -> Iterator[Dot]:
        """Go through every dot, in order; there may be very many."""
        for device, session, first, last in self.spans:
            for seq in range(first, last + 1):
                yield Dot(device, session, seq)

    def __len__(self) -> int:
        """Give how many dots are covered."""
        return sum(last - first + 1 for _device, _session, first, last in self.spans)

    def __bool__(self) -> bool:
        """Tell whether anything is covered."""
        return bool(self.spans)

    @property
    def newest(self) -> Dot:
        """The last dot of the last run, the newest of its session; IndexError where nothing is covered."""
        device, session, _first, last = self.spans[-1]
        return Dot(device, session, last)

    def __or__(self, other: Context) -> Context:
        """Give what either covers; mostly one holds every run of the other, and is given itself."""
        mine, theirs = frozenset(self.spans), frozenset(other.spans)
        if mine <= theirs:
            return other
        return self if theirs <= mine else Context.from_spans(mine | theirs)

    def __and__(self, other: Context) -> Context:
        """Give what both cover."""
        return self - (self - other)

    def __sub__(self, other: Context) -> Context:
        """Give what only this one covers."""
        known = frozenset(other.spans)
        return Context(
            tuple(part for span in self.spans if span not in known for part in other._left_of(span))
        )

    def __le__(self, other: Context) -> bool:
        """Tell whether the other covers all that this one does."""
        return not self - other

    def _after(self, dot: Dot) -> int:
        """Give the place of the first run that begins behind `dot`."""
        return bisect_right(self.spans, Span(*dot, _NO_END))

    def _left_of(self, span: Span) -> Iterator[Span]:
        """Give the parts of a run that are not covered."""
        device, session, first, last = span
        for cut in islice(self.spans, max(0, self._after(Dot(device, session, first)) - 1), None):
            if cut[:3] > (device, session, last):
                break
            if cut[:2] == (device, session):
                if first < cut.first:
                    yield Span(device, session, first, cut.first - 1)
                first = max(first, cut.last + 1)
        if first <= last:
            yield Span(device, session, first, last)


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    """Give sorted runs without those that touch or overlap: as few as describe the same."""
    before: Span | None = None
    for span in spans:
        if before is None:
            before = span
        elif span.first > before.last + 1 or span[:2] != before[:2]:
            yield before
            before = span
        elif span.last > before.last:
            before = before._replace(last=span.last)
    if before is not None:
        yield before


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
