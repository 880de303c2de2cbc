"""What the store keeps for the folder carrier, as values."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.domain.dots import Dot
from app.domain.errors import KimError


@dataclass(frozen=True)
class FolderItem:
    """A file of a folder by its name (32 bytes), and whose item is in it.

    `kind`: number of the item's kind; `device`: roster index of its sender; `stream`: (session, channel,
    epoch, n) of an envelope; `recipient`: the one device it is for, or None.
    """

    name: bytes
    kind: int
    digest: bytes
    size: int
    device: int
    stream: tuple[int, bytes, int, int] | None = None
    recipient: int | None = None
    taken: bool = False
    placed: bool = False


@dataclass(frozen=True)
class FolderReport:
    """What one exchange with a folder did; `changed` names (type, record, case) of what moved here.

    `lists`: other devices whose list was found; `older`: those whose list is older than one seen before.
    `missing`: parcels that exist and have not come; `broken`: files of ours that are not whole;
    `foreign`: other files. `problem`: what stopped the writing, with `left` items still to be written.
    """

    at_ms: int
    read: int = 0
    written: int = 0
    removed: int = 0
    lists: int = 0
    older: int = 0
    missing: int = 0
    broken: int = 0
    foreign: int = 0
    applied: int = 0
    held: int = 0
    quarantined: int = 0
    left: int = 0
    problem: KimError | None = None
    changed: frozenset[tuple[str, Dot, Dot | None]] = field(default_factory=frozenset)


@dataclass(frozen=True)
class FolderStatus:
    """The folder used last, when, and how many of this device's items were left in folders unread by some."""

    path: str = ""
    at_ms: int | None = None
    placed: int = 0
