"""The shape of an entry, and the answers that many of them share."""

from typing import Final, NamedTuple

from app.i18n import N_

NOTHING_CHANGED: Final = N_("Nothing was changed; what you saved before is still there.")
STILL_IN_FORM: Final = N_("What you typed is still in the form; what you saved before is untouched.")
TELL_KI: Final = N_("Please tell your KI and name this word: {error_id}.")


class Entry(NamedTuple):
    """Three msgids: what happened, what is safe, what to do. Placeholders are the error's parameters."""

    what: str
    safe: str
    todo: str
