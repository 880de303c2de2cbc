"""The way in, as the engine needs it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from app.domain.dots import Dot
from app.services.mailbox import (
    DueAck,
    ParcelState,
    Place,
    ReceivedEnvelope,
    StoredParcel,
    Stream,
    StreamGap,
)


class MailboxIn(Protocol):
    """The way in."""

    def is_applied(self, digest: bytes) -> bool:
        """Tell whether exactly this envelope was applied before."""
        ...

    def digest_at(self, place: Place) -> bytes | None:
        """Give the hash of the envelope that was applied at a place."""
        ...

    def put_received(self, envelope: ReceivedEnvelope) -> None:
        """Note an applied envelope and how far its stream is now read without a hole.

        Of one that is noted already more was applied: that has more to prove.
        """
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

    def waiting(self, state: ParcelState | None = None) -> tuple[tuple[bytes, str], ...]:
        """Give hash and reason of everything held or quarantined (or of one of both), oldest first."""
        ...

    def read_streams(self, device: int) -> tuple[tuple[int, bytes, int], ...]:
        """Give the streams of a device that were read, with how far: session, channel, n."""
        ...

    def tell_through(self, stream: Stream, n: int, at_ms: int) -> None:
        """Note that envelopes of a stream (OWN: of this device) up to `n` need not come any more."""
        ...

    def is_told(self, place: Place) -> bool:
        """Tell whether what stands at a place need not come: its sender has told everything since."""
        ...

    def parcel(self, digest: bytes) -> StoredParcel | None:
        """Give one held or quarantined item."""
        ...

    def links(self, device: int, channel: bytes) -> dict[bytes, bytes]:
        """Give for each applied envelope of a device's channel the hash of the one before it."""
        ...

    def heads_of(self, device: int) -> tuple[ReceivedEnvelope, ...]:
        """Give the applied envelopes of a device that no other applied one of their channel follows."""
        ...

    def last_heard(self) -> dict[int, int]:
        """Give for each device when something of it was last applied here."""
        ...

    def case_files(self) -> Iterator[Dot]:
        """Go through the case files that are known here."""
        ...

    def cases_written_on(self, device: int) -> Iterator[Dot]:
        """Go through the case files in which a device (by the number in its dots) wrote."""
        ...

    def parcels_of(self, device: int) -> tuple[StoredParcel, ...]:
        """Give what is held or quarantined of one sender's envelopes."""
        ...

    def put_parcel(self, parcel: StoredParcel) -> None:
        """Keep an item that cannot be applied."""
        ...

    def drop_parcel(self, digest: bytes) -> None:
        """Forget a parcel that was applied."""
        ...

    def assignments(self, case: Dot) -> tuple[tuple[str, str, bytes], ...]:
        """Give all that was ever written about who works in a case file: type, register, value."""
        ...

    def creation(self, record: Dot) -> tuple[str, Dot | None] | None:
        """Give type and case file of the change that made a record, or None while it has not come."""
        ...

    def was_made_as(self, record: Dot, kind: str, case: Dot | None) -> bool:
        """Tell whether a record was made with this type in this case file; a copied device may say both."""
        ...

    def mark_clock_wrong(self, dots: Iterable[Dot]) -> None:
        """Note changes that claim to be of the day after tomorrow."""
        ...

    def clock_wrong(self) -> frozenset[Dot]:
        """Give the changes whose clock was wrong when they came."""
        ...
