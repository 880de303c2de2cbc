"""The log of reads, prints and exports, as values."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.dots import Dot


@dataclass(frozen=True)
class ReadNote:
    """One case file was opened, printed from or exported in this session; noted once, at its first time."""

    case: Dot
    number: str
    act: str
    at_ms: int


@dataclass(frozen=True)
class LogLine:
    """One entry of an opened log: who did what with which case file, by her own device's clock."""

    member: int | None
    act: str
    case: Dot
    number: str
    at_ms: int


@dataclass(frozen=True)
class LogOpening:
    """A keeper's request to open the log; `agreed` other keepers, `safe`: the key in the safe."""

    id: Dot
    by: int | None
    at_ms: int
    reason: str
    officer: str
    council: str
    agreed: tuple[int, ...] = ()
    safe: bool = False
