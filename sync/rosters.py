"""The chain of rosters on this device: taken when it follows the known one, refused and shown when not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Protocol

from app.domain.audience import Role
from app.services.mailbox import ParcelKind, ParcelState, StoredParcel
from sync.engine import Engine
from sync.errors import HeldError, ReadingError
from sync.ports import Keyring
from sync.roster import DeviceState, Roster, decode_roster, encode_roster
from sync.roster_chain import verify_successor
from sync.signing import sha256

AT_RELAY: Final = "roster_at_relay"
"""Version of the roster that the relay has; kept by a device whose relay may lack one."""


class RosterRelay(Protocol):
    """What publishing needs of a carrier."""

    def put_roster(self, roster: bytes) -> None:
        """Give the relay the next roster, or a district's first."""
        ...


class Rosters:
    """Takes and publishes rosters of one device."""

    def __init__(self, engine: Engine, relay: RosterRelay) -> None:
        """Publish by `relay`."""
        self._engine = engine
        self._relay = relay

    def publish(self) -> None:
        """Give the relay what it lacks: a district set up without network, or one that the relay lost."""
        if self._at_relay() >= self._engine.roster.version:
            return
        with self._engine.office.transaction() as post:
            known = post.keys.rosters()
        for sealed in known[self._at_relay() :]:
            self._relay.put_roster(sealed)
        self.note_at_relay(self._engine.roster.version)

    def post(self, roster: Roster) -> None:
        """Give the relay a new roster and, only once it is taken there, go by it here.

        Raises what the carrier raises; then nothing has changed, so that two keepers never make two
        successors of one roster.
        """
        sealed = encode_roster(roster)
        verify_successor(self._engine.roster, roster)
        self._relay.put_roster(sealed)
        self.take((sealed,))

    def take(self, offered: Iterable[bytes]) -> bool:
        """Take those that follow the known one; tells whether there was a new one."""
        before = self._engine.roster.version
        with self._engine.office.transaction() as post:
            known = frozenset(post.keys.rosters())
        for sealed in offered:
            if sealed in known:
                continue
            try:
                self._take_one(sealed)
            except ReadingError as error:
                self._refuse(sealed, error)
                break
        return self._engine.roster.version > before

    def note_at_relay(self, version: int) -> None:
        """Take the relay's word how new its roster is."""
        if version != self._at_relay():
            with self._engine.office.transaction() as post:
                post.keys.put_own_key(AT_RELAY, version.to_bytes(4, "big"))

    def _at_relay(self) -> int:
        with self._engine.office.transaction() as post:
            known = post.keys.own_key(AT_RELAY)
        return self._engine.roster.version if known is None else int.from_bytes(known, "big")

    def _take_one(self, sealed: bytes) -> None:
        roster = decode_roster(sealed)
        verify_successor(self._engine.roster, roster)
        if roster.version == self._engine.roster.version:
            return
        with self._engine.office.transaction() as post:
            keep_roster(post.keys, roster, sealed)
            post.out.requeue_all(self._engine.device.id)
            post.into.drop_parcel(sha256(sealed))
        self._engine.roster = roster

    def _refuse(self, sealed: bytes, error: ReadingError) -> None:
        state = ParcelState.HELD if isinstance(error, HeldError) else ParcelState.QUARANTINED
        now = self._engine.now_ms()
        parcel = StoredParcel(sha256(sealed), ParcelKind.ROSTER, state, error.error_id, now, sealed)
        with self._engine.office.transaction() as post:
            post.into.put_parcel(parcel)


def keep_roster(keys: Keyring, roster: Roster, sealed: bytes) -> None:
    """Keep a verified roster, and whose signature makes "with the KI" true by it."""
    keys.put_roster(roster.version, sealed, supervisor_devices(roster))


def supervisor_devices(roster: Roster) -> tuple[int, ...]:
    """Give the active devices of active supervisors."""
    supervisors = {item.id for item in roster.members if item.active and item.role is Role.SUPERVISOR}
    return tuple(
        device.index
        for device in roster.devices
        if device.member in supervisors and device.state is DeviceState.ACTIVE
    )
