"""Answers for errors of handovers, stand-ins and attachments."""

from typing import Final

from app.error_messages.entry import NOTHING_CHANGED, STILL_IN_FORM, Entry
from app.i18n import N_

_FILE_UNTOUCHED: Final = N_("The file you chose was only read; nothing of it was kept.")

ENTRIES: Final[dict[str, Entry]] = {
    "handover_recipient": Entry(
        N_("This member cannot take the case file over."),
        NOTHING_CHANGED,
        N_("Please choose another case manager of your district, without duties in an immigration office."),
    ),
    "handover_agreement": Entry(
        N_("The new case manager works for another employer, and the client has not agreed yet."),
        NOTHING_CHANGED,
        N_("Please ask the client first and note the yes, or choose a colleague of the same employer."),
    ),
    "handover_state": Entry(
        N_("This handover is no longer where this step begins: somebody has answered it meanwhile."),
        NOTHING_CHANGED,
        N_("Please look at the list of handovers again."),
    ),
    "handed_over": Entry(
        N_("This case file is not yours to write in or to give: another case manager has it."),
        STILL_IN_FORM,
        N_("Please tell the case manager who has it now, or have it handed back."),
    ),
    "access_ended": Entry(
        N_("You no longer read this case file, so nothing new can be written in it here."),
        STILL_IN_FORM,
        N_("Please copy what matters and tell whoever leads the case file, or ask to be named for it."),
    ),
    "stand_in_time": Entry(
        N_("Your time as a stand-in for this case file has not begun, or is over."),
        STILL_IN_FORM,
        N_("Please ask the supervisor to name you as a stand-in for these days."),
    ),
    "stand_in_member": Entry(
        N_("This member cannot stand in for a case manager."),
        NOTHING_CHANGED,
        N_("Please choose a case manager or a supervisor, without duties in an immigration office."),
    ),
    "attachment_too_large": Entry(
        N_("This file is too large to be added ({size} of at most {limit} bytes)."),
        _FILE_UNTOUCHED,
        N_("Please make it smaller, for example by scanning with fewer dots, or add it in parts."),
    ),
    "attachment_empty": Entry(
        N_("This file is empty."), _FILE_UNTOUCHED, N_("Please look whether it is the right file.")
    ),
    "attachment_unreadable": Entry(
        N_("This file could not be read."),
        _FILE_UNTOUCHED,
        N_("Please look whether it is still there and may be opened, and try again."),
    ),
    "attachment_cancelled": Entry(
        N_("Stopped, as you wished."), NOTHING_CHANGED, N_("Please add the file again when there is time.")
    ),
    "attachment_gone": Entry(
        N_("The content of this attachment is not on this computer."),
        NOTHING_CHANGED,
        N_("Please ask the case manager who added it; attachments never travel by themselves."),
    ),
    "attachment_damaged": Entry(
        N_("The content of this attachment is not what was added."),
        N_("Nothing was written outside; the attachment is kept as it is."),
        N_("Please restore the last backup, and tell your KI."),
    ),
    "attachment_not_written": Entry(
        N_("The file could not be written there."),
        N_("The attachment is still in the case file."),
        N_("Please choose another folder, or make room, and try again."),
    ),
}
