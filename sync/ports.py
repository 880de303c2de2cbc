"""What the engine needs from the store and the way to the relay: protocols that others fulfil."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from app.domain.dots import Dot
from app.domain.merge import Change
from app.services.mailbox import (
    ChannelKey,
    DueAck,
    KnownPrekey,
    OutGrant,
    OwnPrekey,
    Place,
    ReceivedEnvelope,
    RelayRun,
    RoundReport,
    SealedEnvelope,
    StoredParcel,
    StreamGap,
    StreamHead,
)
from app.services.ports import UnitOfWork


class Keyring(Protocol):
    """Rosters, prekeys, channel keys and grants."""

    def own_key(self, name: str) -> bytes | None:
        """Give what this device keeps under `name`, or None."""
        ...

    def put_own_key(self, name: str, value: bytes) -> None:
        """Keep something that only this device needs."""
        ...

    def drop_own_key(self, name: str) -> None:
        """Forget what was kept under `name`."""
        ...

    def rosters(self) -> tuple[bytes, ...]:
        """Give every accepted roster, oldest first."""
        ...

    def put_roster(self, version: int, sealed: bytes, supervisor_devices: Iterable[int]) -> None:
        """Keep a verified roster and which devices are supervisors' by it."""
        ...

    def own_prekeys(self) -> tuple[OwnPrekey, ...]:
        """Give this device's prekeys, newest first."""
        ...

    def put_own_prekey(self, prekey: OwnPrekey) -> None:
        """Keep a new prekey."""
        ...

    def newest_prekey(self, device: int) -> KnownPrekey | None:
        """Give another device's newest prekey, or None while none has come."""
        ...

    def put_prekey(self, prekey: KnownPrekey) -> bool:
        """Keep another device's verified prekey; tells whether it is new."""
        ...

    def channel_key(self, device: int, channel: bytes, epoch: int) -> ChannelKey | None:
        """Give a channel's key of an epoch, or None."""
        ...

    def newest_epoch(self, device: int, audience: frozenset[int]) -> ChannelKey | None:
        """Give the newest epoch of a device's channel for exactly this set of members."""
        ...

    def put_channel_key(self, key: ChannelKey) -> bool:
        """Keep a channel's key; one already held is never replaced. Tells whether it is new."""
        ...

    def epochs_in_use(self, device: int) -> tuple[ChannelKey, ...]:
        """Give own channel keys under which something is sealed that not everybody has acknowledged."""
        ...

    def unsent_grants(self) -> tuple[OutGrant, ...]:
        """Give the grants that the relay has not said it holds."""
        ...

    def granted_devices(self, channel: bytes, epoch: int) -> frozenset[int]:
        """Give the devices that hold a grant of this device's channel and epoch."""
        ...

    def put_grant(self, grant: OutGrant) -> None:
        """Keep a grant that was made."""
        ...


class MailboxOut(Protocol):
    """The way out."""

    def outbox(self, after: Dot | None, limit: int) -> tuple[Change, ...]:
        """Give the next own changes that wait for somebody, oldest first, behind `after`."""
        ...

    def leave_outbox(self, dots: Iterable[Dot]) -> None:
        """Take changes out of the outbox."""
        ...

    def requeue_all(self, device: int) -> None:
        """Put every own change back into the outbox."""
        ...

    def sealed_audiences(self, dots: Iterable[Dot], device: int) -> dict[Dot, frozenset[int]]:
        """Give the members for whom each change was sealed before."""
        ...

    def own_head(self, channel: bytes) -> StreamHead | None:
        """Give the last envelope sealed in a channel."""
        ...

    def put_sealed(self, envelope: SealedEnvelope, dots: Iterable[Dot]) -> None:
        """Keep a sealed envelope with the changes in it."""
        ...

    def unsent(self) -> tuple[SealedEnvelope, ...]:
        """Give the sealed envelopes that the relay has not said it holds, oldest first."""
        ...

    def kept(self) -> tuple[SealedEnvelope, ...]:
        """Give the envelopes whose sealed copy is still kept, without its bytes."""
        ...

    def envelope(self, session: int, channel: bytes, n: int) -> SealedEnvelope | None:
        """Give an own envelope by its place."""
        ...

    def changes_in(self, envelope: SealedEnvelope) -> tuple[Change, ...]:
        """Give the own changes that were sealed into an envelope."""
        ...

    def void(self, envelopes: Sequence[SealedEnvelope]) -> None:
        """Drop sealed envelopes that did not leave; their changes wait again."""
        ...

    def runs(self) -> tuple[RelayRun, ...]:
        """Give the own streams as the relay holds them, by its own last word."""
        ...

    def replace_runs(self, runs: Iterable[RelayRun]) -> None:
        """Take the relay's inventory of own streams in place of what was known."""
        ...

    def lost(self) -> tuple[StreamGap, ...]:
        """Give the places at which the relay holds own envelopes that this store does not know."""
        ...

    def put_recovered(self, envelope: SealedEnvelope, dots: Iterable[Dot]) -> None:
        """Keep an own envelope that came back; the head of its channel stays what it is."""
        ...

    def note_at_relay(self, envelope: SealedEnvelope) -> None:
        """Take the relay's word that it holds an envelope."""
        ...

    def at_relay(self, digest: bytes) -> bool:
        """Tell whether the relay said that it holds a grant or prekey."""
        ...

    def note_item_at_relay(self, digest: bytes) -> None:
        """Take the relay's word that it holds a grant or prekey."""
        ...

    def put_ack(self, recipient: int, session: int, channel: bytes, n: int, at_ms: int) -> None:
        """Note that another device signed for an own stream up to `n`."""
        ...

    def acks(self, session: int, channel: bytes) -> dict[int, int]:
        """Give for each device how far it signed for an own stream."""
        ...

    def free(self, envelope: SealedEnvelope) -> None:
        """Let a sealed copy go: every recipient has signed for it."""
        ...


class MailboxIn(Protocol):
    """The way in."""

    def is_applied(self, digest: bytes) -> bool:
        """Tell whether exactly this envelope was applied before."""
        ...

    def digest_at(self, place: Place) -> bytes | None:
        """Give the hash of the envelope that was applied at a place."""
        ...

    def put_received(self, envelope: ReceivedEnvelope) -> None:
        """Note an applied envelope and how far its stream is now read without a hole."""
        ...

    def due_acks(self) -> tuple[DueAck, ...]:
        """Give the streams that were read further than was signed for."""
        ...

    def note_acked(self, ack: DueAck) -> None:
        """Note that the relay took an ack."""
        ...

    def ack_all_again(self) -> None:
        """Sign for everything once more."""
        ...

    def moved_heads(self, since_ms: int, limit: int) -> tuple[DueAck, ...]:
        """Give the heads of streams read on since a moment, the newest first."""
        ...

    def witness(self, place: Place) -> None:
        """Note that somebody has read a stream up to a place."""
        ...

    def gaps(self) -> tuple[StreamGap, ...]:
        """Give the places that have not come though somebody says they exist."""
        ...

    def parcels(self) -> tuple[StoredParcel, ...]:
        """Give everything held or quarantined, oldest first."""
        ...

    def parcel(self, digest: bytes) -> StoredParcel | None:
        """Give one held or quarantined item."""
        ...

    def put_parcel(self, parcel: StoredParcel) -> None:
        """Keep an item that cannot be applied."""
        ...

    def drop_parcel(self, digest: bytes) -> None:
        """Forget a parcel that was applied."""
        ...

    def assignments(self, case: Dot) -> Iterator[tuple[str, str, bytes]]:
        """Go through all that was ever written about who works in a case file: type, register, value."""
        ...

    def creation(self, record: Dot) -> tuple[str, Dot | None] | None:
        """Give type and case file of the change that made a record, or None while it has not come."""
        ...

    def mark_clock_wrong(self, dots: Iterable[Dot]) -> None:
        """Note changes that claim to be of the day after tomorrow."""
        ...

    def clock_wrong(self) -> frozenset[Dot]:
        """Give the changes whose clock was wrong when they came."""
        ...


class Rounds(Protocol):
    """What is remembered from one round to the next."""

    def state(self, name: str) -> bytes | None:
        """Give what was remembered under `name`, or None."""
        ...

    def put_state(self, name: str, value: bytes | None) -> None:
        """Remember a value; None forgets it."""
        ...

    def put_report(self, report: RoundReport) -> None:
        """Keep a report; the last ten stay."""
        ...

    def reports(self) -> tuple[RoundReport, ...]:
        """Give the last ten reports, newest first."""
        ...


class Post(Protocol):
    """One transaction's parts."""

    @property
    def records(self) -> UnitOfWork:
        """Records and settings."""
        ...

    @property
    def keys(self) -> Keyring:
        """Rosters and keys."""
        ...

    @property
    def out(self) -> MailboxOut:
        """The way out."""
        ...

    @property
    def into(self) -> MailboxIn:
        """The way in."""
        ...

    @property
    def rounds(self) -> Rounds:
        """The rounds' memory."""
        ...


class PostOffice(Protocol):
    """Opens transactions of one store."""

    @property
    def device(self) -> int:
        """Roster index of the device that the store belongs to."""
        ...

    @property
    def session(self) -> int:
        """The session under which changes are named and sealed."""
        ...

    def transaction(self) -> AbstractContextManager[Post]:
        """Begin a transaction: all of it is kept at the end of the block, or nothing."""
        ...

    def new_session(self, session: int) -> None:
        """Go on under another session number."""
        ...
