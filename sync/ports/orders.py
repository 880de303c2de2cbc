"""Orders in force, as the engine needs them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from app.domain.dots import Dot
from app.domain.merge import Change
from app.domain.orders import Order
from app.services.mailbox import KeptProof, LostEnvelope, OutPurge
from app.services.orders import StandingOrder


class OrderMemory(Protocol):
    """Orders in force, what they take out and what they refuse."""

    def standing(self) -> tuple[StandingOrder, ...]:
        """Give every order in force, the newest first."""
        ...

    def is_in_force(self, order_id: bytes) -> bool:
        """Tell whether an order counts here already."""
        ...

    def put_in_force(self, order_id: bytes, order: Order, content: bytes, at_ms: int) -> None:
        """Let an order count from now on, and note what it names."""
        ...

    def falling(self, order: Order) -> tuple[Change, ...]:
        """Give the changes held here that an order takes out or empties."""
        ...

    def count_unsent(self, order_id: bytes, falling: Iterable[Change]) -> None:
        """Count the entries among these changes that hold something nobody else can have read."""
        ...

    def take_out(self, order_id: bytes, order: Order) -> None:
        """Delete what an order of erasure names, and count it."""
        ...

    def empty(self, order_id: bytes, dots: Iterable[Dot]) -> None:
        """Empty redacted changes."""
        ...

    def give_up(self, case: Dot) -> int:
        """Delete a case file here only, because it was handed over; gives its entries."""
        ...

    def made_here(self, case: Dot, device: int) -> tuple[Dot, ...]:
        """Give what stands in a case file and was made on the device with this id, without contact data."""
        ...

    def admit(self, changes: Sequence[Change]) -> tuple[Change, ...]:
        """Give the changes that may be stored: without those of erased case files, redacted ones emptied."""
        ...

    def holds(self, case: Dot) -> bool:
        """Tell whether anything of a case file is here."""
        ...

    def is_erased(self, case: Dot) -> bool:
        """Tell whether a case file was erased by an order."""
        ...

    def is_restricted(self, case: Dot) -> bool:
        """Tell whether a case file is locked."""
        ...

    def restricted_cases(self) -> tuple[Dot, ...]:
        """Give the case files that are locked."""
        ...

    def note_done(self, order_id: bytes, at_ms: int) -> None:
        """Note that an order was carried out, down to the last page."""
        ...

    def note_told(self, order_id: bytes) -> None:
        """Note that this device has confirmed an order with its counts of now."""
        ...

    def note_seen(self) -> None:
        """Note that the person has seen what was erased here."""
        ...

    def moved(self, case: Dot) -> tuple[frozenset[Dot], frozenset[Dot]]:
        """Give the entries that belong to a case file but were made in another, and the other way round."""
        ...

    def envelopes_with(self, dots: Iterable[Dot]) -> tuple[LostEnvelope, ...]:
        """Give the own envelopes that hold any of these changes."""
        ...

    def void(self, envelope: LostEnvelope) -> None:
        """Drop an own envelope's sealed copy; what else was in it waits again unless everybody read it."""
        ...

    def put_document(self, document: bytes) -> None:
        """Keep a signed order that came by an order list."""
        ...

    def documents(self) -> tuple[bytes, ...]:
        """Give the signed orders that came by an order list."""
        ...

    def put_purge(self, purge: OutPurge) -> None:
        """Keep a signed purge."""
        ...

    def purges(self) -> tuple[OutPurge, ...]:
        """Give the own purges, oldest first."""
        ...

    def proofs(self, sessions: Iterable[int]) -> tuple[KeptProof, ...]:
        """Give the proofs of the envelopes that came in these sessions."""
        ...

    def put_proof(self, proof: KeptProof) -> None:
        """Write a proof anew."""
        ...
