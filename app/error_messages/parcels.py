"""Answers for parcels, rosters and invitations that cannot be taken (`sync.errors`)."""

from typing import Final

from app.error_messages.entry import NOTHING_CHANGED, TELL_KI, Entry
from app.i18n import N_

_KEPT_CLOSED: Final = N_(
    "The sealed parcel is kept as it came; it is read again as soon as what is missing is here."
)
_SET_ASIDE: Final = N_(
    "It was set aside unopened where you can see it; nothing was taken from it, nothing else is touched."
)
_ROSTER_STANDS: Final = N_("The list of members and computers known here still counts; saving goes on.")
_SYNC_AGAIN: Final = N_("Please sync again later. If it stays, tell your KI and name this word: {error_id}.")
_UPDATE: Final = N_("Please install the newer version of the program.")

ENTRIES: Final[dict[str, Entry]] = {
    "not_readable": Entry(N_("Something that arrived could not be read."), _SET_ASIDE, TELL_KI),
    "held": Entry(N_("A parcel waits: something is missing to open it."), _KEPT_CLOSED, _SYNC_AGAIN),
    "lacks_grant": Entry(
        N_("A parcel waits: this computer has not been given its key yet."), _KEPT_CLOSED, _SYNC_AGAIN
    ),
    "lacks_roster": Entry(
        N_("A parcel waits: it comes from a computer that the list of members known here does not have yet."),
        _KEPT_CLOSED,
        _SYNC_AGAIN,
    ),
    "lacks_assignment": Entry(
        N_("A parcel waits: it is not known here yet that its author may write in this case file."),
        _KEPT_CLOSED,
        _SYNC_AGAIN,
    ),
    "lacks_following": Entry(
        N_(
            "A parcel of a suspended computer waits: it must be shown first that it was sent before the"
            " suspension."
        ),
        _KEPT_CLOSED,
        _SYNC_AGAIN,
    ),
    "lacks_parts": Entry(
        N_("A parcel waits: it is the last of several, and one of the others has not come yet."),
        _KEPT_CLOSED,
        _SYNC_AGAIN,
    ),
    "lacks_program": Entry(
        N_("A parcel waits: a newer version of the program wrote it."), _KEPT_CLOSED, _UPDATE
    ),
    "quarantined": Entry(N_("A parcel that arrived is not in order."), _SET_ASIDE, TELL_KI),
    "wrong_structure": Entry(
        N_("A parcel that arrived is damaged or was not made by this program."), _SET_ASIDE, TELL_KI
    ),
    "wrong_size": Entry(N_("A parcel that arrived is larger than a parcel may be."), _SET_ASIDE, TELL_KI),
    "wrong_district": Entry(N_("A parcel that arrived belongs to another district."), _SET_ASIDE, TELL_KI),
    "wrong_version": Entry(
        N_("A parcel that arrived was sealed in an old way that your district no longer accepts."),
        _SET_ASIDE,
        N_("Please ask the sender to install the newer version of the program."),
    ),
    "wrong_sender": Entry(
        N_("A parcel that arrived names a computer that does not belong to your district."),
        _SET_ASIDE,
        TELL_KI,
    ),
    "wrong_recipient": Entry(N_("A key that arrived is not meant for its recipient."), _SET_ASIDE, TELL_KI),
    "wrong_signature": Entry(
        N_("A parcel that arrived was altered on its way, or was not signed by the computer that it names."),
        _SET_ASIDE,
        TELL_KI,
    ),
    "sender_suspended": Entry(
        N_("A parcel that arrived comes from a computer that is suspended or revoked."),
        _SET_ASIDE,
        N_("A keeper can release it, with a reason; please ask first the person whose computer it is."),
    ),
    "wrong_commitment": Entry(
        N_("The key of a parcel is not the one that was promised for it."), _SET_ASIDE, TELL_KI
    ),
    "wrong_content": Entry(N_("The content of a parcel is not as it must be."), _SET_ASIDE, TELL_KI),
    "wrong_dot": Entry(N_("A parcel holds entries that its sender cannot have made."), _SET_ASIDE, TELL_KI),
    "wrong_author": Entry(N_("A parcel holds entries that its author may not make."), _SET_ASIDE, TELL_KI),
    "roster_rollback": Entry(
        N_("An older list of members was offered (version {offered}, known here: {known})."),
        _ROSTER_STANDS,
        TELL_KI,
    ),
    "roster_gap": Entry(
        N_("Versions of the list of members are missing (offered: {offered}, known here: {known})."),
        _ROSTER_STANDS,
        _SYNC_AGAIN,
    ),
    "roster_fork": Entry(
        N_("Two different lists of members bear the same version ({version})."),
        _ROSTER_STANDS,
        N_("Please tell your keepers at once: one of the two lists is not theirs."),
    ),
    "roster_signatures": Entry(
        N_("A new list of members does not bear enough valid signatures ({valid} of {needed})."),
        _ROSTER_STANDS,
        TELL_KI,
    ),
    "roster_expired": Entry(
        N_("A new list of members takes people in though the list before it had expired."),
        _ROSTER_STANDS,
        N_("A keeper extends the list first, then repeats the step."),
    ),
    "roster_change": Entry(
        N_("A new list of members changes something that may never change."), _ROSTER_STANDS, TELL_KI
    ),
    "invitation": Entry(
        N_("This file is not an invitation, or it is damaged."),
        NOTHING_CHANGED,
        N_("Please ask your KI for the invitation file once more."),
    ),
    "invitation_expired": Entry(
        N_("This invitation has expired."), NOTHING_CHANGED, N_("Please ask your KI for a new invitation.")
    ),
    "enrolment_file": Entry(
        N_("This file is no application or admission for this, or it is damaged ({reason})."),
        NOTHING_CHANGED,
        N_("Please ask for the file once more, and hand it over unchanged."),
    ),
    "not_alone": Entry(
        N_("This computer belongs to a district with others already, or nothing was applied for."),
        NOTHING_CHANGED,
        N_("Please set up an empty computer for the other district, or tell your KI."),
    ),
    "enrolment": Entry(
        N_("The application does not fit its invitation."),
        N_("Nobody was admitted; the list of members is unchanged."),
        N_("Please compare the six words again, or make a new invitation."),
    ),
}
