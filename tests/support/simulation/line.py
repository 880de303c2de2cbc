"""Lines to a relay that lose, repeat, reorder, cut and delay what they carry."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from sync.carriers import Cancelled, Progress, never_cancelled, no_progress
from sync.carriers.http import LineCutError, RelayUnreachableError
from sync.channel import X_WING
from sync.encoding import wire
from sync.encoding.signing import key_commitment
from sync.rounds.exchange import Delivery, Kind, RoundAnswer, RoundRequest
from sync.signed.grant import assemble_grant, read_grant
from sync.signed.prekey import read_prekey
from tests.support.simulation.carrying import Relay

_SEEN = 40
_NEVER = datetime(1970, 1, 2, tzinfo=UTC)


def _with_another_key(sealed: bytes, prekey: bytes) -> bytes:
    key = bytes(wire.CHANNEL_KEY_BYTES)
    fields = replace(read_grant(sealed).fields, key_commitment=key_commitment(key))
    nobody = bytes(wire.SIGNATURE_BYTES)
    return assemble_grant(
        fields, X_WING.seal(read_prekey(prekey).public, fields.info, key), lambda _message: nobody
    )


class RoughLine:
    """One device's way to the relay; `badness`: the share of exchanges to which something happens."""

    def __init__(self, relay: Relay, device: int) -> None:
        """Carry for the roster's device `device`."""
        self._relay, self._device = relay, device
        self._seen: list[Delivery] = []
        self._late: list[Delivery] = []
        self.chance = random.Random(0)
        self.badness = 0.0
        self.unsent: set[str] = set()
        """What the device's people wrote since a request last got through; the oracle's."""
        self.heard = _NEVER
        """The newest time that an answer which came through told."""

    def round(
        self, request: RoundRequest, progress: Progress = no_progress, cancelled: Cancelled = never_cancelled
    ) -> RoundAnswer:
        """Carry a request and its answer, if the line is in the mood."""
        del progress, cancelled  # nobody watches
        if self._happens():
            raise RelayUnreachableError(status=0)
        self.unsent.clear()
        answer = self._relay.answer(self._device, request)
        if self._happens():
            # It came twice: a try whose answer was late, and its repetition.
            answer = self._relay.answer(self._device, request)
        if self._happens():
            raise LineCutError(status=0) if self.chance.random() < 0.5 else RelayUnreachableError(status=0)
        self.heard = max(self.heard, datetime.fromtimestamp(answer.time / 1000, UTC))
        return replace(answer, deliveries=self._carried(answer.deliveries))

    def put_rosters(self, rosters: Iterable[bytes], cancelled: Cancelled = never_cancelled) -> None:
        """Carry rosters."""
        del cancelled  # nobody watches
        self._relay.put_rosters(self._device, tuple(rosters))

    def get_roster(self, cancelled: Cancelled = never_cancelled) -> tuple[bytes, ...]:
        """Fetch all rosters."""
        del cancelled
        return self._relay.get_roster()

    def close(self) -> None:
        """Nothing to let go of."""

    def under_way(self) -> tuple[Delivery, ...]:
        """Give what the relay has handed out and the device has not got yet."""
        return tuple(self._late)

    def bring_again(self, deliveries: tuple[Delivery, ...]) -> None:
        """Bring what was under way when a copy was made: the copy counts it as fetched.

        And has perhaps heard of no time that was told since.
        """
        self._late += deliveries
        self.heard = _NEVER

    def _carried(self, deliveries: tuple[Delivery, ...]) -> tuple[Delivery, ...]:
        coming, self._late = [*deliveries, *self._late], []
        if self._happens():
            self._late = [item for item in coming if self.chance.random() < 0.5]
            coming = [item for item in coming if item not in self._late]
        if self._happens():
            coming = [*self._forged(coming), *coming]
        if self._happens() and self._seen:
            coming += self.chance.choices(self._seen, k=3)
        if self._happens():
            self.chance.shuffle(coming)
        self._seen = [*self._seen, *deliveries][-_SEEN:]
        return tuple(coming)

    def _forged(self, coming: list[Delivery]) -> list[Delivery]:
        """Give a copy of each grant that holds another key: whoever keeps the relay can make those."""
        prekey = self._relay.prekey_of(self._device)
        grants = [item for item in coming if item.kind is Kind.GRANT] if prekey else []
        return [replace(item, sealed=_with_another_key(item.sealed, prekey or b"")) for item in grants]

    def _happens(self) -> bool:
        return self.chance.random() < self.badness
