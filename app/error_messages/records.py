"""Answers for errors of records, rules and case numbers (`app.domain`, `app.services`)."""

from typing import Final

from app.error_messages.entry import NOTHING_CHANGED, STILL_IN_FORM, TELL_KI, Entry
from app.i18n import N_

ENTRIES: Final[dict[str, Entry]] = {
    "unknown": Entry(N_("This did not work."), N_("What you saved before is still there."), TELL_KI),
    "schema": Entry(N_("A part of this program is put together wrongly."), NOTHING_CHANGED, TELL_KI),
    "validation": Entry(
        N_("“{field}” is missing, or what it says does not fit."),
        STILL_IN_FORM,
        N_("Please correct this field and save again."),
    ),
    "register_too_large": Entry(
        N_("“{register}” holds more text than can be saved ({size} of at most {limit} bytes)."),
        STILL_IN_FORM,
        N_("Please shorten the text, or write a part of it into a new contact."),
    ),
    "add_only": Entry(
        N_("This entry was made once and for all; it cannot be edited."),
        N_("The entry stands as it was."),
        N_("Please add a later entry that corrects it."),
    ),
    "gate_closed": Entry(
        N_("Nothing about a person may be saved yet: the information sheet or the consent is missing."),
        STILL_IN_FORM,
        N_("Please note first how the information sheet was given and what the client agreed to."),
    ),
    "case_number": Entry(
        N_("This case number cannot be right."),
        NOTHING_CHANGED,
        N_("Please compare it with the paper, letter by letter, and type it again."),
    ),
    "numbers_used_up": Entry(
        N_("This computer has no case numbers left for {year}."),
        N_("All case files are still there and can be worked on."),
        N_("Please sync; if that gives no new numbers, ask your KI for another block."),
    ),
    "phase": Entry(
        N_("The case file cannot go into this phase from where it is."),
        N_("The case file stays in the phase it was in."),
        N_("Please choose another phase, or give a reason for the step."),
    ),
    "withheld": Entry(
        N_("“{register}” is not for you to see, and so not for you to change."),
        N_("What somebody else wrote there stands as it was."),
        N_("Please ask the case manager or the supervisor, who may read it."),
    ),
    "not_deletable": Entry(
        N_("“{record_type}” stays for good; it cannot be deleted."),
        N_("The entry stands as it was."),
        N_("Please add a later entry that corrects it."),
    ),
    "case_merge": Entry(
        N_("These two case files cannot be put together or taken apart like this."),
        N_("Both case files stand as they were."),
        N_("Please choose another case file, one that is on this computer and not the same."),
    ),
    "case_split": Entry(
        N_("These persons cannot leave this case file like this."),
        N_("The case file stands as it was."),
        N_("Please choose at least one person, and leave at least one in the case file."),
    ),
    "not_found": Entry(
        N_("What you asked for is not on this computer."),
        NOTHING_CHANGED,
        N_("Please sync and look again; it may not have arrived yet, or it is not meant for you."),
    ),
}
