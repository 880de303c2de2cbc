"""Answers for errors of keys, passphrase and recovery key (`app.security`)."""

from typing import Final

from app.error_messages.entry import NOTHING_CHANGED, TELL_KI, Entry
from app.i18n import N_

_NEVER_WIPED: Final = N_("Nothing is ever deleted because of a wrong passphrase.")

ENTRIES: Final[dict[str, Entry]] = {
    "vault_missing": Entry(
        N_("There is no key file in the program's folder."),
        N_("Nothing was changed. A database beside it is still there, but closed."),
        N_("Please bring back the folder from a backup, or set up or join a district."),
    ),
    "vault_exists": Entry(
        N_("There is a key file in this folder already."),
        N_("It was left as it is."),
        N_("Please unlock with its passphrase, or choose another folder."),
    ),
    "vault_damaged": Entry(
        N_("The key file is damaged."),
        N_("The database was not touched."),
        N_("Please bring back the key file from a backup."),
    ),
    "vault_newer": Entry(
        N_("The key file was written by a newer version of this program."),
        N_("Nothing was changed."),
        N_("Please install the newer version and unlock again."),
    ),
    "vault_mismatch": Entry(
        N_("The key file on the disk is not the one that you unlocked."),
        N_("It was not touched."),
        N_("Please lock, check which folder the program uses, and unlock again."),
    ),
    "vault_not_written": Entry(
        N_("The key file could not be written; the disk may be full or read-only."),
        N_("The key file from before still stands, and so does your passphrase from before."),
        N_("Please make room on the disk and try again."),
    ),
    "vault_closed": Entry(
        N_("The program is locked."),
        N_("What you saved is still there, and so are your drafts."),
        N_("Please unlock with your passphrase."),
    ),
    "wrong_passphrase": Entry(
        N_("This is not the passphrase."),
        _NEVER_WIPED,
        N_("Please type it again; mind capital letters and the keyboard's language."),
    ),
    "too_many_tries": Entry(
        N_("There were several wrong tries; the passphrase was not looked at now."),
        _NEVER_WIPED,
        N_("Please wait {wait_seconds} seconds, then try again, or use the recovery key."),
    ),
    "wrong_recovery_key": Entry(
        N_("This recovery key is typed without a mistake, but it belongs to other data."),
        NOTHING_CHANGED,
        N_("Please look for the recovery sheet that was printed for this computer."),
    ),
    "recovery_key_length": Entry(
        N_("The recovery key has {given} characters; it needs {wanted}."),
        NOTHING_CHANGED,
        N_("Please compare it with the recovery sheet, group by group."),
    ),
    "recovery_key_mistyped": Entry(
        N_("There is a mistake in group {group} of the recovery key."),
        NOTHING_CHANGED,
        N_("Please compare this group with the recovery sheet and type it again."),
    ),
    "prekey_malformed": Entry(
        N_("A key that came from another computer cannot be read."),
        N_("Nothing was sent to it. What you saved is still there and waits."),
        TELL_KI,
    ),
    "seal_broken": Entry(
        N_("Something sealed cannot be opened: it was changed on the way or is meant for another key."),
        NOTHING_CHANGED,
        TELL_KI,
    ),
}
