"""Answers for folders that carry parcels: sticks and shared drives (`sync.folder`)."""

from typing import Final

from app.error_messages.entry import TELL_KI, Entry
from app.i18n import N_

_KEPT_HERE: Final = N_("All you saved is on this computer; what was already taken from the folder stays.")
_ONCE_MORE: Final = N_("Please choose the folder once more, or another one.")

ENTRIES: Final[dict[str, Entry]] = {
    "folder": Entry(N_("The folder could not be used."), _KEPT_HERE, _ONCE_MORE),
    "folder_missing": Entry(N_("This folder is not there, or cannot be opened."), _KEPT_HERE, _ONCE_MORE),
    "folder_gone": Entry(
        N_("The folder went away meanwhile: the stick was pulled out, or the drive lost its network."),
        _KEPT_HERE,
        N_("Please put the stick in again and repeat the exchange; it goes on from there."),
    ),
    "folder_full": Entry(
        N_("There is no room left in the folder."),
        N_("What was in the folder was taken over. What did not fit waits on this computer."),
        N_("Please make room or take another stick, and repeat the exchange; it goes on from there."),
    ),
    "folder_read_only": Entry(
        N_("Nothing may be written in this folder."),
        N_("What was in the folder was taken over. What is yours waits on this computer."),
        N_("Please take away the write protection, or choose another folder."),
    ),
    "folder_unwritable": Entry(
        N_("A file could not be written in the folder ({reason})."),
        N_("What was in the folder was taken over. What is yours waits on this computer."),
        N_("Please take another stick or folder: this one may be damaged."),
    ),
    "folder_key_missing": Entry(
        N_("This computer does not have the key for folders of your district yet."),
        _KEPT_HERE,
        N_("Please sync once by network; then sticks and folders can be used."),
    ),
    "folder_file": Entry(
        N_("A file in the folder is damaged, half copied, or not of your district."),
        N_("It was left where it lies; nothing was taken from it."),
        TELL_KI,
    ),
}
