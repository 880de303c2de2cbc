"""Answers for errors of the database and the disk (`app.storage`)."""

from typing import Final

from app.error_messages.entry import NOTHING_CHANGED, STILL_IN_FORM, TELL_KI, Entry
from app.i18n import N_

_NOT_OPENED: Final = N_("The database was not opened and not changed.")

ENTRIES: Final[dict[str, Entry]] = {
    "cipher_missing": Entry(
        N_("This program was put together without encryption, so it opens no data."),
        _NOT_OPENED,
        N_("Please install the program again from the source that your KI names."),
    ),
    "sqlite_unfit": Entry(
        N_("This program contains a database version ({version}) that can damage data."),
        _NOT_OPENED,
        N_("Please install the program again from the source that your KI names."),
    ),
    "database_missing": Entry(
        N_("There is a key file, but the database that belongs to it is gone."),
        N_("Nothing was made in its place. What was synced is still with the KI."),
        N_("Please bring back the database from a backup; do not set up anew before that."),
    ),
    "database_plaintext": Entry(
        N_("The database in this folder is not encrypted, so it is not one of this program."),
        N_("It was not changed, and nothing was written into it."),
        TELL_KI,
    ),
    "database_wrong_key": Entry(
        N_("The database belongs to another key file, or its beginning is damaged."),
        _NOT_OPENED,
        N_("Please check whether key file and database come from the same folder, else bring back a backup."),
    ),
    "database_damaged": Entry(
        N_("Part of the database is damaged, for example by a failing disk."),
        N_("Nothing was written since. What was synced is still with the KI."),
        N_("Please close the program, keep the folder as it is, and bring back a backup with your KI."),
    ),
    "database_setting": Entry(
        N_("A protection of the database cannot be switched on here ({setting}); is this a network drive?"),
        _NOT_OPENED,
        N_("Please keep the program's folder on this computer's own disk."),
    ),
    "disk_full": Entry(
        N_("The disk is full; the last step was not saved."),
        STILL_IN_FORM,
        N_("Please make room on the disk and save again."),
    ),
    "storage_unavailable": Entry(
        N_("The disk cannot be read or written at the moment ({code})."),
        NOTHING_CHANGED,
        N_("Please check whether the disk is connected and not read-only, then try again."),
    ),
    "second_instance": Entry(
        N_("The program is already open with this database."),
        NOTHING_CHANGED,
        N_("Please go on in the window that is open, or close it first."),
    ),
    "newer_database": Entry(
        N_("The database was written by a newer version of this program."),
        _NOT_OPENED,
        N_("Please install the newer version and unlock again."),
    ),
}
