"""The roster as the services see it."""

from __future__ import annotations

from collections.abc import Callable

from app.domain.audience import Member
from sync.roster import Roster


class RosterMembers:
    """Implements `app.services.ports.Members` over the roster of the moment."""

    def __init__(self, current: Callable[[], Roster]) -> None:
        """Read members from what `current` gives."""
        self._current = current

    def member(self, member_id: int) -> Member | None:
        """Give a member by id."""
        return self._current().member(member_id)

    def members(self) -> tuple[Member, ...]:
        """Give all members, in the order of their ids."""
        return self._current().members
