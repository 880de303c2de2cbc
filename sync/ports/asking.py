"""What was asked of others, what others asked, and the states that were told, as the engine needs them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Protocol

from app.domain.dots import Dot
from app.domain.merge import Change
from app.services.mailbox import Place, SealedEnvelope, Stream


class Asking(Protocol):
    """Wishes, asks and states of one store."""

    def told(self) -> dict[bytes, tuple[int, int]]:
        """Give each wish that was told: how often, and when last."""
        ...

    def note_told(self, wishes: Collection[bytes], at_ms: int) -> None:
        """Note that exactly these wishes stand and were told now; others were fulfilled."""
        ...

    def is_answered(self, ask: bytes) -> bool:
        """Tell whether an ask (its hash) was answered before."""
        ...

    def note_answered(self, ask: bytes) -> None:
        """Note that an ask was answered."""
        ...

    def offer_again(self, envelope: SealedEnvelope) -> None:
        """Bring an envelope to the relay once more."""
        ...

    def want_state(self, device: int, ask: bytes) -> None:
        """Note that a device waits for the state of all it may read."""
        ...

    def state_due(self) -> tuple[tuple[int, bytes], ...]:
        """Give the devices that wait for it, with the hashes of their asks."""
        ...

    def note_state_told(self, device: int, place: Place, at_ms: int, ask: bytes) -> None:
        """Note where the last part of a device's state stands, and which ask it answers."""
        ...

    def take_state_ack(self, device: int, stream: Stream, n: int) -> int | None:
        """Give when the newest state was told that an ack of a device covers, and forget it."""
        ...

    def tellers(self) -> frozenset[int]:
        """Give the devices that told the whole state since it was asked for."""
        ...

    def note_teller(self, device: int) -> None:
        """Note that a device told the whole state."""
        ...

    def forget_tellers(self) -> None:
        """Begin anew: the state is wanted from everybody."""
        ...

    def is_given(self, change: Change, member: int) -> bool:
        """Tell whether an own change went to a member within a case file's state."""
        ...

    def is_in_state(self, change: Change, member: int) -> bool:
        """Tell whether a change, own or another's, went to a member in an own checkpoint."""
        ...

    def note_heard(self, cases: Iterable[Dot]) -> None:
        """Note case files in which others wrote: it is to be asked whom that did not reach."""
        ...

    def heard(self) -> tuple[Dot, ...]:
        """Give the case files of which that is still to be asked."""
        ...

    def forget_heard(self, cases: Iterable[Dot]) -> None:
        """Note that it was asked, and answered."""
        ...

    def writers(self, case: Dot) -> frozenset[int]:
        """Give the devices (by the numbers in their dots) that ever wrote what is, or was, in a case file."""
        ...

    def moved_records(self) -> tuple[Dot, ...]:
        """Give the records that were ever moved, wherever they belong by now."""
        ...

    def sent_to(self, device: int, member: int) -> frozenset[bytes]:
        """Give what a device (by roster index) itself sent in channels that are for a member too: dots."""
        ...

    def note_voided(self, digest: bytes) -> None:
        """Note that an envelope that was read here was voided by who had sent it."""
        ...

    def sent_in(self, device: int, envelopes: Collection[bytes]) -> frozenset[bytes]:
        """Give what a device (by roster index) sent in these envelopes (their hashes): dots."""
        ...

    def note_given(self, case: Dot, members: Iterable[int], device: int) -> None:
        """Note that these members were told a case file's state as it is now, by the device with this id."""
        ...

    def note_in_state(self, envelope: SealedEnvelope, changes: Iterable[Dot]) -> None:
        """Note which changes, own and others', went into an own checkpoint."""
        ...

    def changes_in_state(self, envelope: SealedEnvelope) -> tuple[Change, ...]:
        """Give the changes that went into an own checkpoint; none for an ordinary envelope."""
        ...

    def void_states(self, envelopes: Iterable[SealedEnvelope]) -> None:
        """Forget that checkpoints told what they held: they did not leave."""
        ...

    def case_files(self) -> tuple[Dot, ...]:
        """Give the case files that this store knows."""
        ...

    def state_of_case(self, case: Dot | None, lasting: Iterable[str]) -> tuple[Change, ...]:
        """Give what a case file's state is made of (None: of all records outside case files).

        Every head, each record's first change, and every change of the `lasting` registers, by record.
        """
        ...

    def proofs_of(self, changes: Iterable[Change], senders: Iterable[int]) -> tuple[bytes, ...]:
        """Give the stored proofs (header, signature, leaves) in which any of these changes occurs.

        `senders`: the devices (roster indexes) that made them; nobody else's envelopes are looked through.
        """
        ...

    def proven_responsible(self, case: Dot) -> frozenset[int]:
        """Give the members whom a proven change ever made responsible for a case file."""
        ...

    def attester(self, change: Change) -> int | None:
        """Give the member whose word alone vouches for a change, or None when it is proven."""
        ...

    def change(self, dot: Dot) -> tuple[Change, ...]:
        """Give the changes known under a dot."""
        ...

    def is_covered(self, change: Change) -> bool:
        """Tell whether a change that stands here was written by somebody who was shown this one."""
        ...
