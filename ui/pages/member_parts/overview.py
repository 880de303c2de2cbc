"""What one look at the store gives to all parts of the members page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.i18n import _, format_date

if TYPE_CHECKING:
    from sync.workplace import Computer, Proposal, RosterNews, RosterState, Workplace


@dataclass(frozen=True)
class Overview:
    """What one look at the store gives to all parts."""

    state: RosterState
    computers: tuple[Computer, ...]
    proposals: tuple[Proposal, ...]
    news: tuple[RosterNews, ...]
    unread: int


def look(place: Workplace) -> Overview:
    """Look; for a lane."""
    keepers = place.keepers
    proposals = keepers.proposals() if place.is_keeper else ()
    return Overview(keepers.state(), keepers.computers(), proposals, keepers.news(), keepers.unread())


def state_text(state: RosterState) -> str:
    """Tell how long the list of members is good, and which key in the safe counts."""
    day = format_date(state.expires)
    if state.expired:
        text = _(
            "The list of members expired on {day}: nobody can be taken in and no role changed until the"
            " keepers extend it. Saving and syncing go on."
        )
    elif state.expires_soon:
        text = _("The list of members expires on {day}. The keepers should extend it before.")
    else:
        text = _("The list of members is good until {day}.")
    safe = _("The key in the safe has the check words {words}.").format(words=state.safe_words)
    return f"{text.format(day=day)} {safe if state.safe_words else _('There is no key in the safe.')}"
