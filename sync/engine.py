"""What every part of the engine works with: the store, the keys, the roster of the moment, the time."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from app.domain.audience import Member
from app.services.ports import Clock, Entropy
from sync.channel import X_WING, KeyAgreement
from sync.encoding.signing import Sign
from sync.ports import PostOffice
from sync.removal.order_cache import OrderCache
from sync.roster import Device, Roster

_MS = 1000


@dataclass
class Engine:
    """One unlocked device: `index` is its place in the roster, `sign` its identity key in use.

    `relay_ahead_ms` is how much the relay's clock was ahead of this device's when it last answered.
    """

    office: PostOffice
    clock: Clock
    entropy: Entropy
    sign: Sign
    roster: Roster
    index: int
    new_prekey: Callable[[], tuple[bytes, bytes]]
    """Draws a prekey: private and public half."""
    agreement: KeyAgreement = X_WING
    relay_ahead_ms: int = 0
    read_orders: OrderCache = field(default_factory=OrderCache)
    at_rest: dict[str, Hashable] = field(default_factory=dict)
    """The state in which something was last found to need nothing; see `sync.rounds.rest`."""

    @property
    def device(self) -> Device:
        """This device as the roster names it."""
        found = self.roster.device(self.index)
        if found is None:
            raise LookupError("the roster does not name this device")
        return found

    @property
    def me(self) -> Member:
        """The member to whom this device belongs."""
        found = self.roster.member(self.device.member)
        if found is None:
            raise LookupError("the roster does not name the member of this device")
        return found

    def now_ms(self) -> int:
        """Give this device's time in milliseconds since 1970."""
        return int(self.clock.now().timestamp() * _MS)

    def relay_now_ms(self) -> int:
        """Give the relay's time as far as it is known, else this device's."""
        return self.now_ms() + self.relay_ahead_ms
