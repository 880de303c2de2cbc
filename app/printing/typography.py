"""Small habits of good setting that a writer of form texts need not think of."""

import re
from typing import Final

_NO_BREAK_SPACE: Final = "\u00a0"
# A reference to a law must not be torn apart between its word and its number.
_REFERENCE: Final = re.compile(r"(§|\b(?:Art|Abs|Nr|Buchst|ст|абз|літ)\.) (?=[\dA-Za-zА-Яа-я])")
_DASH: Final = re.compile(r" (?=[–—] )")


def tie_references(text: str) -> str:
    """Give the text with no-break spaces in references to laws and before dashes."""
    return _DASH.sub(_NO_BREAK_SPACE, _REFERENCE.sub(rf"\1{_NO_BREAK_SPACE}", text))
