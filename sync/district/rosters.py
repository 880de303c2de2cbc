"""The chain of rosters on this device: taken when it follows the known one, refused and shown when not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, Protocol

from app.domain.audience import Role
from app.domain.errors import KimError
from sync.carriers import Cancelled, never_cancelled
from sync.carriers.http import RelayRefusedError
from sync.district.roster_chain import verify_successor
from sync.district.roster_shelf import parked_rosters, shelve
from sync.encoding.wire import ENVELOPE_LIMIT
from sync.engine import Engine
from sync.ports import Keyring, Post
from sync.roster import DeviceState, Roster, decode_roster, encode_roster
from sync.sending.vouching import note_suspended
from sync.taking.asking import want_state

AT_RELAY: Final = "roster_at_relay"
"""Version of the roster that the relay has; kept by a device whose relay may lack one."""


class RosterMovedError(KimError):
    """Another keeper changed the roster at the same moment: look at it, and repeat the step."""

    error_id = "roster_moved"


class RosterDateError(KimError):
    """The relay refuses a roster of a day that has not come: this device's clock is ahead."""

    error_id = "roster_date"


class DeviceSuspendedError(KimError):
    """A keeper has suspended this device; all it holds and has not sent stays."""

    error_id = "device_suspended"


class DeviceRevokedError(DeviceSuspendedError):
    """The keepers have revoked this device for good."""

    error_id = "device_revoked"


class RosterRelay(Protocol):
    """What publishing needs of a carrier."""

    def put_rosters(self, rosters: Iterable[bytes], cancelled: Cancelled = never_cancelled) -> None:
        """Give the relay the rosters that it lacks, ascending; the newest of them names this device."""
        ...

    def get_roster(self, cancelled: Cancelled = never_cancelled) -> tuple[bytes, ...]:
        """Give all rosters that the relay holds of the district."""
        ...


class Rosters:
    """Takes and publishes rosters of one device."""

    def __init__(self, engine: Engine, relay: RosterRelay | None) -> None:
        """Publish by `relay`; with none a new roster counts here at once and leaves with the next round."""
        self._engine = engine
        self._relay = relay

    def publish(self, cancelled: Cancelled = never_cancelled) -> None:
        """Give the relay what it lacks: a district set up without network, or one that the relay lost.

        Raises what the carrier raises.
        """
        if self._relay is None or self._at_relay() >= self._engine.roster.version:
            return
        with self._engine.office.transaction() as post:
            known = post.keys.rosters()
        try:
            for piece in pieces(known[self._at_relay() :], self._engine.index):
                self._relay.put_rosters(piece, cancelled)
                self.note_at_relay(decode_roster(piece[-1]).version)
        except RelayRefusedError as error:
            if error.params.get("reason") != "roster_conflict":
                raise
            # Another keeper's went there first: both are shown, and syncing goes on.
            self.take(self._relay.get_roster(cancelled))
        self.note_at_relay(self._engine.roster.version)

    def post(self, roster: Roster, before: Roster | None = None) -> None:
        """Give the relay a new roster and, only once it is taken there, go by it here.

        `before`: the one that it follows, where that is not the one in force. Raises RosterMovedError
        and what the carrier raises; then nothing has changed, so that two keepers never make two
        successors of one roster.
        """
        sealed = encode_roster(roster)
        verify_successor(before or self._engine.roster, roster)
        if self._relay is None:
            self._lag()
        else:
            self._put(sealed, self._relay)
        self.take((sealed,))

    def _put(self, sealed: bytes, relay: RosterRelay) -> None:
        try:
            relay.put_rosters((sealed,))
        except RelayRefusedError as error:
            reason = error.params.get("reason")
            if reason == "roster_date":
                raise RosterDateError from error
            if reason != "roster_conflict":
                raise
            self.take(relay.get_roster())
            raise RosterMovedError from error

    def take(self, offered: Iterable[bytes]) -> bool:
        """Take what may follow, in whatever order it came; tells whether another roster is in force."""
        new = tuple(dict.fromkeys(offered))
        if not new:
            return False
        before = self._engine.roster.content
        with self._engine.office.transaction() as post:
            here = {*post.keys.rosters(), *parked_rosters(post)}
            fresh = [sealed for sealed in new if sealed not in here]
            found = shelve(self._engine, post, fresh) if fresh else None
            if found is not None and found.roster.content != before:
                post.keys.put_supervisors(supervisor_devices(found.roster))
                post.out.requeue_all(self._engine.device.id)
                _note_gone(post, self._engine.roster, found.roster)
                note_suspended(post, self._engine.roster, found.roster)
                if self._was_lifted(post, found.roster):
                    want_state(post, "lifted")
        if found is not None:
            self._engine.roster = found.roster
        return self._engine.roster.content != before

    def learn_own_state(self, cancelled: Cancelled) -> None:
        """Fetch the rosters, for the relay refuses this device; raises DeviceSuspendedError where they do."""
        if self._relay is not None:
            self.take(self._relay.get_roster(cancelled))
        state = self._engine.device.state
        if state is not DeviceState.ACTIVE:
            raise DeviceSuspendedError if state is DeviceState.SUSPENDED else DeviceRevokedError

    def _was_lifted(self, post: Post, roster: Roster) -> bool:
        """Tell whether this device was suspended, and is so no more: meanwhile all went out without it.

        It may learn of both at once.
        """
        index, since = self._engine.index, self._engine.roster.version
        known = (decode_roster(sealed) for sealed in post.keys.rosters())
        meanwhile = [item.device(index) for item in known if item.version >= since]
        now = roster.device(index)
        put_out = any(item is not None and item.state is not DeviceState.ACTIVE for item in meanwhile)
        return put_out and now is not None and now.state is DeviceState.ACTIVE

    def note_at_relay(self, version: int) -> None:
        """Take the relay's word how new its roster is."""
        if version != self._at_relay():
            with self._engine.office.transaction() as post:
                post.keys.put_own_key(AT_RELAY, version.to_bytes(4, "big"))

    def _lag(self) -> None:
        with self._engine.office.transaction() as post:
            if post.keys.own_key(AT_RELAY) is None:
                post.keys.put_own_key(AT_RELAY, self._engine.roster.version.to_bytes(4, "big"))

    def _at_relay(self) -> int:
        with self._engine.office.looking() as post:
            known = post.keys.own_key(AT_RELAY)
        return self._engine.roster.version if known is None else int.from_bytes(known, "big")


def pieces(chain: Iterable[bytes], index: int) -> Iterator[tuple[bytes, ...]]:
    """Cut a chain of rosters into what a poor line carries at once: 64 KiB.

    A piece becomes longer where it must: the relay knows who brings it by its last roster, so that one
    names the device `index`. The first piece of a relay that lost everything may be the whole chain.
    """
    piece: list[bytes] = []
    for sealed in chain:
        if sum(map(len, piece)) + len(sealed) > ENVELOPE_LIMIT and _is_named(piece, index):
            yield tuple(piece)
            piece.clear()
        piece.append(sealed)
    if piece:
        yield tuple(piece)


def _is_named(piece: list[bytes], index: int) -> bool:
    device = decode_roster(piece[-1]).device(index) if piece else None
    return device is not None and device.state is not DeviceState.REVOKED


def _note_gone(post: Post, before: Roster, roster: Roster) -> None:
    """Note where it is to be asked whom lines did not reach: their computers send nothing any more."""
    known = {member.id: member for member in before.members}
    if any(known.get(member.id, member) != member for member in roster.members):
        post.asking.note_heard(tuple(post.into.case_files()))
    for device in roster.devices:
        old = before.device(device.index)
        if old is not None and old.state is DeviceState.ACTIVE and device.state is not DeviceState.ACTIVE:
            post.asking.note_heard(tuple(post.into.cases_written_on(device.id)))


def keep_roster(keys: Keyring, roster: Roster, sealed: bytes) -> None:
    """Keep a verified roster, and whose signature makes "with the KI" true by it."""
    keys.put_roster(roster.version, sealed)
    keys.put_supervisors(supervisor_devices(roster))


def supervisor_devices(roster: Roster) -> tuple[int, ...]:
    """Give the active devices of active supervisors."""
    supervisors = {item.id for item in roster.members if item.active and item.role is Role.SUPERVISOR}
    return tuple(
        device.index
        for device in roster.devices
        if device.member in supervisors and device.state is DeviceState.ACTIVE
    )
