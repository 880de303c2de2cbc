"""Answers for errors on the way to a paper (`app.printing`)."""

from typing import Final

from app.error_messages.entry import NOTHING_CHANGED, TELL_KI, Entry
from app.i18n import N_

_NOTHING_PRINTED: Final = N_("Nothing was printed and nothing was written.")

ENTRIES: Final[dict[str, Entry]] = {
    "missing_glyph": Entry(
        N_("The program has no letter shape for {code_point}, so this paper would have a gap."),
        _NOTHING_PRINTED,
        N_("Please remove this character from the text, or tell your KI about it."),
    ),
    "unknown_form": Entry(
        N_("There is no paper “{form}”."),
        NOTHING_CHANGED,
        N_("Please choose one of these: {known}."),
    ),
    "unknown_language": Entry(
        N_("The program knows no papers in the language “{language}”."),
        NOTHING_CHANGED,
        N_("Please choose one of these: {known}."),
    ),
    "form_language_missing": Entry(
        N_("The paper “{form}” has no text in the language “{language}” yet."),
        _NOTHING_PRINTED,
        N_("Please choose one of these: {available}."),
    ),
    "form_text_damaged": Entry(
        N_("The text of the paper “{form}” in the language “{language}” cannot be read."),
        _NOTHING_PRINTED,
        TELL_KI,
    ),
    "form_keys": Entry(
        N_("The text of the paper “{form}” in the language “{language}” is not complete."),
        _NOTHING_PRINTED,
        TELL_KI,
    ),
    "form_placeholders": Entry(
        N_("A paragraph of the paper “{form}” in the language “{language}” does not match the German one."),
        _NOTHING_PRINTED,
        TELL_KI,
    ),
    "person_label": Entry(
        N_("A paper names a person only as “Person 1”; something else stood there."),
        _NOTHING_PRINTED,
        N_("Please give the person a label without a name and print again."),
    ),
}
