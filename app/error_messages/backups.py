"""Answers for errors of backups and of bringing one back (`app.storage`, `sync.recovery.backups`)."""

from typing import Final

from app.error_messages.entry import NOTHING_CHANGED, Entry
from app.i18n import N_

_OLDER_STAY: Final = N_("Your case files are untouched, and the backups made before are still there.")
_NOT_BROUGHT_BACK: Final = N_("Nothing was brought back and nothing was changed on this computer.")

ENTRIES: Final[dict[str, Entry]] = {
    "backup_folder_unset": Entry(
        N_("No folder for backups was chosen yet."),
        NOTHING_CHANGED,
        N_("Please choose a folder on a stick or a shared drive on the page “Backups”."),
    ),
    "backup_folder_missing": Entry(
        N_("The folder for backups cannot be reached at the moment."),
        _OLDER_STAY,
        N_("Please plug in the stick or connect to the shared drive, then back up again."),
    ),
    "backup_not_written": Entry(
        N_("The backup could not be written there; it may be full or read-only ({reason})."),
        _OLDER_STAY,
        N_("Please make room or choose another folder, then back up again."),
    ),
    "backup_stopped": Entry(
        N_("The backup was stopped before it was complete."),
        _OLDER_STAY,
        N_("Please back up again when there is time."),
    ),
    "backup_damaged": Entry(
        N_("This file is not a whole backup: it was cut off or altered, or it is something else."),
        _NOT_BROUGHT_BACK,
        N_("Please choose another backup; an older one is better than none."),
    ),
    "backup_not_read": Entry(
        N_("The backup cannot be read at the moment ({reason})."),
        _NOT_BROUGHT_BACK,
        N_("Please check whether the stick or the shared drive is connected, then try again."),
    ),
    "backup_newer": Entry(
        N_("This backup was made by a newer version of this program."),
        _NOT_BROUGHT_BACK,
        N_("Please install the newer version and bring the backup back with it."),
    ),
    "backup_foreign": Entry(
        N_("This backup belongs to another person or computer than the case files that are here."),
        _NOT_BROUGHT_BACK,
        N_("Please choose a backup of this computer, or bring it back on a computer that is empty."),
    ),
    "restored_not_agreed": Entry(
        N_("This computer works with a backup that was brought back; nobody has agreed yet to sync it."),
        NOTHING_CHANGED,
        N_("Please answer the question on the page “Sync” first."),
    ),
}
