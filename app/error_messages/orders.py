"""Answers for errors of orders: erasing, redacting, restricting (`app.domain.orders`)."""

from typing import Final

from app.error_messages.entry import NOTHING_CHANGED, STILL_IN_FORM, Entry
from app.i18n import N_

ENTRIES: Final[dict[str, Entry]] = {
    "order_basis": Entry(
        N_("This order cannot be given for this reason, or names nothing."),
        NOTHING_CHANGED,
        N_("Please choose another reason, and what the order is about."),
    ),
    "case_erased": Entry(
        N_("This case file was erased by an order."),
        N_("Nothing more is kept of it on this computer; all other case files are untouched."),
        N_("If the client comes again, please open a new case file."),
    ),
    "case_restricted": Entry(
        N_("This case file is restricted: it is kept, and nothing may be written into it."),
        STILL_IN_FORM,
        N_("If the reason is gone, the case manager or the supervisor lifts the restriction."),
    ),
    "store_busy": Entry(
        N_("The traces of what was erased could not be taken out yet, because something is being read."),
        N_("What was erased is no longer shown anywhere, and the order is not confirmed before it is done."),
        N_("Please close other windows of this program and try again; it also tries again by itself."),
    ),
}
