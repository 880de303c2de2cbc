"""Orders that were read and verified, so that a round does not verify all of them again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from app.domain.audience import Role
from sync.errors import ReadingError
from sync.roster import Roster, decode_roster
from sync.signed.order import SignedOrder, read_order, verify_order

Roles = dict[int, frozenset[Role]]

MOST: Final = 4096
"""Documents kept; more are verified anew each time, for orders are never given up and none is older."""


class OrderCache:
    """What was rightly signed under the roster in force, by the bytes of its document."""

    def __init__(self) -> None:
        """Start empty."""
        # Replaced as a whole, so that a thread never finds what counted under another roster.
        self._kept: tuple[bytes, dict[bytes, SignedOrder]] = (b"", {})
        self._roles: tuple[bytes, Roles] = (b"", {})

    def roles(self, roster: Roster, rosters: Callable[[], tuple[bytes, ...]]) -> Roles:
        """Give every role that each member ever held; `rosters` gives the chain that ends with `roster`."""
        under, roles = self._roles
        if under != roster.hash:
            roles = _roles_ever(map(decode_roster, rosters()))
            self._roles = roster.hash, roles
        return roles

    def signed(self, document: bytes, roster: Roster) -> SignedOrder | None:
        """Give an order as its document says it, or None when it cannot be read or its signature is wrong."""
        under, kept = self._kept
        if under != roster.hash:
            kept = {}
            self._kept = roster.hash, kept
        found = kept.get(document)
        if found is None:
            found = _signed(document, roster)
            # What is wrong now may only lack something, so it is never kept.
            if found is not None and len(kept) < MOST:
                kept[document] = found
        return found


def _roles_ever(rosters: Iterable[Roster]) -> Roles:
    found: Roles = {}
    for roster in rosters:
        for member in roster.members:
            found[member.id] = found.get(member.id, frozenset()) | {member.role}
    return found


def _signed(document: bytes, roster: Roster) -> SignedOrder | None:
    try:
        signed = read_order(document)
        verify_order(signed, roster)
    except ReadingError:
        return None
    return signed
