"""What the model of the relay holds."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field, replace
from typing import Any

from sync.rounds.exchange import Kind

GRACE_MS = 14 * 24 * 3600 * 1000
_KEPT_MS = 90 * 24 * 3600 * 1000
Place = tuple[int, int, bytes, int]
Epoch = tuple[int, bytes, int]


@dataclass
class Item:
    """Something sealed that a device brought."""

    kind: Kind
    size: int
    body: bytes | None
    stored: int
    free_at: int | None = None

    @property
    def due_at(self) -> int:
        """From when on its bytes are not kept any more."""
        old = self.stored + _KEPT_MS + 1
        return old if self.free_at is None else min(old, self.free_at)


@dataclass
class State:
    """Everything the relay knows."""

    rosters: list[bytes] = field(default_factory=list)
    items: dict[bytes, Item] = field(default_factory=dict)
    delivered: dict[int, dict[int, bytes]] = field(default_factory=dict)
    cursors: dict[tuple[int, int], bytes] = field(default_factory=dict)
    known: set[tuple[int, bytes]] = field(default_factory=set)
    places: dict[Place, list[bytes]] = field(default_factory=dict)
    epochs: dict[Epoch, list[bytes]] = field(default_factory=dict)
    granted: dict[Epoch, dict[int, bool]] = field(default_factory=dict)
    acked: dict[tuple[int, int, bytes], dict[int, tuple[int, bytes]]] = field(default_factory=dict)
    prekeys: dict[int, bytes] = field(default_factory=dict)
    asks: dict[int, bytes] = field(default_factory=dict)
    purges: dict[Epoch, list[bytes]] = field(default_factory=dict)
    voided: set[Place] = field(default_factory=set)
    taken: dict[int, int] = field(default_factory=dict)
    number: int = 0
    due_at: int = 0
    """Before this moment nothing is due to be freed."""

    def copied(self) -> State:
        """Give a state that has nothing changeable in common with this one."""
        parts = {name: _copied(part) for name, part in vars(self).items() if name != "items"}
        return State(items={digest: replace(item) for digest, item in self.items.items()}, **parts)


def _copied(part: Any) -> Any:
    return {key: copy(inner) for key, inner in part.items()} if isinstance(part, dict) else copy(part)
