"""The memory from one round to the next, as the engine needs it."""

from __future__ import annotations

from typing import Protocol

from app.services.mailbox import RoundReport


class Rounds(Protocol):
    """What is remembered from one round to the next."""

    def state(self, name: str) -> bytes | None:
        """Give what was remembered under `name`, or None."""
        ...

    def put_state(self, name: str, value: bytes | None) -> None:
        """Remember a value; None forgets it."""
        ...

    def put_mark(self, name: str, value: bytes | None) -> None:
        """Remember how far the rounds are: a value from which nothing but a round or a day follows."""
        ...

    def put_report(self, report: RoundReport) -> None:
        """Keep a report; the last ten stay."""
        ...

    def reports(self) -> tuple[RoundReport, ...]:
        """Give the last ten reports, newest first."""
        ...
