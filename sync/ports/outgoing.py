"""The way out, as the engine needs it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from app.domain.dots import Dot
from app.domain.merge import Change
from app.services.mailbox import RelayRun, SealedEnvelope, StreamGap, StreamHead


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

    def cases_sealed_for(self, recipient: int) -> Iterator[Dot]:
        """Go through the case files of which something was sealed under a key granted to a device."""
        ...

    def own_head(self, channel: bytes) -> StreamHead | None:
        """Give the last envelope sealed in a channel."""
        ...

    def put_sealed(self, envelope: SealedEnvelope, dots: Iterable[Dot]) -> None:
        """Keep a sealed envelope with the changes in it."""
        ...

    def unsent(self, limit: int = -1) -> tuple[SealedEnvelope, ...]:
        """Give the sealed envelopes that the relay has not said it holds, oldest first, so many at most."""
        ...

    def unsent_places(self) -> tuple[SealedEnvelope, ...]:
        """Give what `unsent` gives, without the bytes."""
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

    def own_sessions(self) -> frozenset[int]:
        """Give the sessions that this store drew itself."""
        ...

    def runs(self) -> tuple[RelayRun, ...]:
        """Give the own streams as the relay holds them, by its own last word."""
        ...

    def replace_runs(self, runs: Iterable[RelayRun]) -> None:
        """Take the relay's inventory of own streams in place of what was known."""
        ...

    def lost(self) -> tuple[StreamGap, ...]:
        """Give the places of own envelopes that this store does not know, though they were sent."""
        ...

    def told_again(self) -> dict[tuple[int, bytes], int]:
        """Give up to where own streams are in this store though their envelopes are not: session, channel."""
        ...

    def put_recovered(self, envelope: SealedEnvelope, dots: Iterable[Dot]) -> None:
        """Keep an own envelope that came back, and let its changes wait for who may read them by now."""
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

    def streams_to(
        self, device: int, member: int, before_ms: int | None = None
    ) -> tuple[tuple[int, bytes, int], ...]:
        """Give the own streams that were meant for a member, with their last place: session, channel, n."""
        ...

    def put_ack(self, recipient: int, session: int, channel: bytes, n: int, at_ms: int) -> None:
        """Note that another device signed for an own stream up to `n`."""
        ...

    def last_read(self) -> dict[int, int]:
        """Give for each device when it last signed for something of this one."""
        ...

    def acks(self, session: int, channel: bytes) -> dict[int, int]:
        """Give for each device how far it signed for an own stream."""
        ...

    def free(self, envelope: SealedEnvelope) -> None:
        """Let a sealed copy go: every recipient has signed for it."""
        ...
