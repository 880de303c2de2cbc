"""Answers for errors of syncing, enrolment and the relay (`sync`)."""

from typing import Final

from app.error_messages.entry import NOTHING_CHANGED, TELL_KI, Entry
from app.i18n import N_

_SAVED_AND_WAITS: Final = N_("All you saved is on this computer; what has not gone out yet waits.")
_SYNC_LATER: Final = N_("Please sync again later.")

ENTRIES: Final[dict[str, Entry]] = {
    "relay_unreachable": Entry(
        N_("The KI's relay does not answer."),
        _SAVED_AND_WAITS,
        N_("Please go on working and sync again when there is network."),
    ),
    "line_cut": Entry(
        N_("The line to the KI's relay broke."),
        N_("What had come or gone before stays; the rest waits."),
        N_("Please go on working; syncing goes on from there next time."),
    ),
    "relay_refused": Entry(
        N_("The KI's relay refused the request ({reason})."),
        _SAVED_AND_WAITS,
        N_("Please try again later; if it stays, tell your KI and name this word: {reason}."),
    ),
    "relay_cursor_unknown": Entry(
        N_("The KI's relay has lost track of what this computer has already read."),
        _SAVED_AND_WAITS,
        _SYNC_LATER,
    ),
    "exchange_unreadable": Entry(
        N_("What the relay answered cannot be read; something between may have altered it."),
        _SAVED_AND_WAITS,
        N_("Please try another network; if it stays, tell your KI and name this word: {error_id}."),
    ),
    "round_cancelled": Entry(
        N_("You stopped syncing."),
        N_("What had come or gone before stays; the rest waits."),
        _SYNC_LATER,
    ),
    "not_yet_admitted": Entry(
        N_("The keeper has not admitted this computer yet."),
        N_("Your application waits at the relay."),
        N_("Please compare the six words with the keeper by telephone, then try again."),
    ),
    "not_a_keeper": Entry(
        N_("Only a keeper of the list of members may invite and admit."),
        NOTHING_CHANGED,
        N_("Please ask a keeper of your district."),
    ),
    "roster_moved": Entry(
        N_("Another keeper changed the list of members at the same moment."),
        NOTHING_CHANGED,
        N_("Please look at the applications again and repeat the step."),
    ),
    "lacks_record": Entry(
        N_("A parcel waits: what it changes has not come yet, or does not belong to its case file."),
        N_("It is kept as it came and read again as soon as something new is here."),
        N_("Please sync again later. If it stays, tell your KI and name this word: {error_id}."),
    ),
    "lacks_prekey": Entry(
        N_("A key came for this computer that was made for one of its earlier keys."),
        N_("It is kept; nothing else is touched."),
        N_("Please sync once more, then ask its sender to sync."),
    ),
    "stream_fork": Entry(
        N_("Two different parcels came for one place: a computer may have been copied or set back."),
        N_("The first one stands; the other was set aside unopened where you can see it."),
        TELL_KI,
    ),
    "file_not_written": Entry(
        N_("The file could not be written ({reason})."),
        NOTHING_CHANGED,
        N_("Please choose another folder or make room, and try again."),
    ),
    "unexpected": Entry(
        N_("Something happened that nobody foresaw ({kind})."),
        N_("What you saved before is still there."),
        TELL_KI,
    ),
}
