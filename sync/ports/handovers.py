"""What is known of a handed over case file's changes, as the engine needs it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from app.domain.dots import Context, Dot
from app.domain.stand_in import Today


class HandoverMemory(Protocol):
    """Changes held and covered by receipts, case file by case file."""

    def stand_ins_begun(self, then: Today, now: Today) -> tuple[Dot, ...]:
        """Give the case files in which it is somebody's time as a stand-in now, and was not then."""
        ...

    def cases(self) -> tuple[Dot, ...]:
        """Give the case files of which a handover is known."""
        ...

    def stand_in_cases(self) -> tuple[Dot, ...]:
        """Give the case files in which a stand-in was ever named."""
        ...

    def stand_ins_over(self, before: str) -> tuple[tuple[Dot, str], ...]:
        """Give the stand-in entries whose last day was before a day (ISO), with that last day."""
        ...

    def refusing_cases(self, responsible: int) -> tuple[Dot, ...]:
        """Give the case files of a case manager in which a client said no to a reader, or withdrew."""
        ...

    def offered_to(self, member: int) -> tuple[Dot, ...]:
        """Give the case files that a member was ever asked to take over."""
        ...

    def offered_by(self, member: int) -> tuple[Dot, ...]:
        """Give the case files that somebody was ever asked to take over from a member."""
        ...

    def taken_by(self, member: int) -> tuple[Dot, ...]:
        """Give the case files that a member ever took over."""
        ...

    def given_by(self, member: int) -> tuple[Dot, ...]:
        """Give the case files that a member ever handed over."""
        ...

    def held(self, case: Dot, authors: Iterable[int] | None = None) -> Context:
        """Give every change held here that may travel (of these authors), receipts left out."""
        ...

    def is_unread(self, case: Dot) -> bool:
        """Tell whether something written here of a case file was not yet read by all for whom it is."""
        ...

    def sensitive(self, case: Dot) -> int:
        """Give how many changes held here only reach who is cleared."""
        ...

    def superseded(self, case: Dot) -> Context:
        """Give every change of a case file that some change held here covers."""
        ...

    def receipts(self, case: Dot, member: int) -> Context:
        """Give what a member's receipts for a case file name."""
        ...

    def has_identity_data(self, case: Dot) -> bool:
        """Tell whether contact data or attachments of a case file are here."""
        ...

    def covered_since(self, case: Dot) -> tuple[int, int | None] | None:
        """Give since when receipts cover all, by own clock and relay; None while they do not."""
        ...

    def put_covered_since(self, case: Dot, since: tuple[int, int | None] | None) -> None:
        """Note since when receipts cover all, the first time only; None forgets it."""
        ...
