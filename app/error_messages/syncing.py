"""Answers for errors of syncing, enrolment and the relay (`sync`)."""

from typing import Final

from app.error_messages.entry import NOTHING_CHANGED, TELL_KI, Entry
from app.i18n import N_

_SAVED_AND_WAITS: Final = N_("All you saved is on this computer; what has not gone out yet waits.")
_KEPT: Final = N_("It stays set aside as it came; nothing else is touched.")
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
    "device_suspended": Entry(
        N_("A keeper has suspended this computer: it no longer takes part in syncing."),
        N_("Nothing was deleted. All you saved is here, and what has not gone out yet waits."),
        N_("Please ring your KI. When the suspension is lifted, all that waits goes out."),
    ),
    "device_revoked": Entry(
        N_("The keepers have revoked this computer: it no longer takes part in syncing."),
        N_("Nothing was deleted. All you saved is here."),
        N_("Please ring your KI about what has not gone out yet."),
    ),
    "proposal": Entry(
        N_("This proposal can no longer be signed ({reason})."),
        N_("The list of members is unchanged."),
        N_("Please look at the list of members, and propose the step once more where it is still needed."),
    ),
    "offline_key": Entry(
        N_("This is not the offline keeper key of your district."),
        NOTHING_CHANGED,
        N_("Please look at the sheet in the safe: it names the district and the day it was printed."),
    ),
    "not_releasable": Entry(
        N_("This parcel cannot be released."),
        _KEPT,
        N_("Only what was rightly signed and set aside because of its sender can be released."),
    ),
    "not_a_keeper": Entry(
        N_("Only a keeper of the list of members may invite and admit."),
        NOTHING_CHANGED,
        N_("Please ask a keeper of your district."),
    ),
    "roster_date": Entry(
        N_("This computer's clock is ahead: the relay does not take a list of members from the future."),
        NOTHING_CHANGED,
        N_("Please set the computer's date and time, sync once, and repeat the step."),
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
    "about_others": Entry(
        N_("A parcel tells where something belongs that was never meant for this computer."),
        N_("It is kept as it came and read once what it is about should come here."),
        N_("You need not do anything."),
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
