"""Which words of two texts differ, by weight and underline: found at once in a long note."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from html import escape

_WORDS = re.compile(r"\s+|\S+\s*")


def marked(text: str, other: str) -> str:
    """Give `text` as rich text, escaped, in which the words that `other` does not have there are marked."""
    return "".join(_runs(_WORDS.findall(text), _WORDS.findall(other)))


def _runs(words: list[str], others: list[str]) -> Iterator[str]:
    for kind, start, end, _from, _to in SequenceMatcher(None, words, others, autojunk=False).get_opcodes():
        run = "".join(words[start:end])
        said = run.rstrip()
        gap = run[len(said) :].replace("\n", "<br>")
        shown = escape(said).replace("\n", "<br>")
        yield f"{shown}{gap}" if kind == "equal" or not said else f"<b><u>{shown}</u></b>{gap}"
