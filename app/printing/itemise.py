"""Cuts a paragraph's text into runs that one typeface can shape: one weight, direction, script, language.

Embedding levels (UAX #9) enter here: until a right-to-left language is printed, every run has the
direction of its paragraph, and visual order is reading order.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Final

from app.printing.spans import Span
from app.printing.typefaces import Direction

_SCRIPT_OF_NAME: Final = {
    "LATIN": "Latn",
    "CYRILLIC": "Cyrl",
    "GREEK": "Grek",
    "ARABIC": "Arab",
    "ETHIOPIC": "Ethi",
    "HEBREW": "Hebr",
}


@dataclass(frozen=True, slots=True)
class Run:
    """Text that is shaped at once."""

    text: str
    bold: bool
    script: str
    language: str
    direction: Direction


def itemise(spans: Sequence[Span], language: str, direction: Direction) -> Iterator[Run]:
    """Give the runs of some spans in reading order; spaces stand in runs of their own."""
    letters = [(letter, span.bold) for span in spans for letter in span.text]
    scripts = _scripts([letter for letter, _ in letters])
    parts = zip(letters, scripts, strict=True)
    for (bold, script, _), group in groupby(parts, key=lambda part: (part[0][1], part[1], part[0][0] == " ")):
        text = "".join(letter for (letter, _), _ in group)
        yield Run(text, bold, script, language, direction)


def _scripts(letters: Sequence[str]) -> list[str]:
    """Give each letter a script; what belongs to all of them takes that of the letter before (UAX #24)."""
    own = [_script_of(letter) for letter in letters]
    current = next((script for script in own if script), "Latn")
    scripts = []
    for script in own:
        current = script or current
        scripts.append(current)
    return scripts


@lru_cache(maxsize=2048)
def _script_of(letter: str) -> str | None:
    if unicodedata.category(letter)[0] != "L":
        return None
    return _SCRIPT_OF_NAME.get(unicodedata.name(letter, "?").split()[0])
