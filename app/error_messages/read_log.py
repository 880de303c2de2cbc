"""Answers for the log of reads, prints and exports (`sync.read_log`)."""

from typing import Final

from app.error_messages.entry import NOTHING_CHANGED, Entry
from app.i18n import N_

_CLOSED: Final = N_("The log stays closed; nothing of it was shown.")

ENTRIES: Final[dict[str, Entry]] = {
    "read_log": Entry(
        N_("The read log cannot be opened."),
        _CLOSED,
        N_("Please look at the steps of the opening once more."),
    ),
    "opening_incomplete": Entry(
        N_("A reason and the names of both who are present are needed to open the read log."),
        NOTHING_CHANGED,
        N_("Please fill in all three fields."),
    ),
    "opening_not_agreed": Entry(
        N_("No second keeper has agreed to this opening, or it was asked for by somebody else."),
        _CLOSED,
        N_("Please ask another keeper to agree on her computer, and sync; or use the key from the safe."),
    ),
    "own_opening": Entry(
        N_("Nobody can agree to an opening that they asked for themselves."),
        _CLOSED,
        N_("Please ask another keeper, or use the key from the safe."),
    ),
}
