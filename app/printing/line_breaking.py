"""Where a line may end, after UAX #14 (uniseg's rules of Unicode 16)."""

import re
from functools import lru_cache
from typing import Final

from uniseg.linebreak import LineBreak, line_break, line_break_boundaries

_SPACES: Final = re.compile(" +")
_PLAIN: Final = frozenset({LineBreak.AL, LineBreak.HL, LineBreak.NU})


def break_positions(text: str) -> list[int]:
    """Give the offsets at which a line of `text` may end, its own end last.

    Between two letters or digits with spaces between them a line may always end and no rule
    looks across (LB18), so the text is taken phrase by phrase: most phrases are one word.
    """
    positions: list[int] = []
    start = 0
    for gap in _SPACES.finditer(text):
        if _between_plain_letters(text, gap.start(), gap.end()):
            positions += [start + place for place in _inside(text[start : gap.end()])]
            start = gap.end()
    if start < len(text):
        positions += [start + place for place in _inside(text[start:])]
    return positions


def _between_plain_letters(text: str, start: int, end: int) -> bool:
    return start > 0 and end < len(text) and _plain(text[start - 1]) and _plain(text[end])


def _inside(phrase: str) -> tuple[int, ...]:
    if all(_plain(letter) for letter in phrase.rstrip(" ")):
        return (len(phrase),)
    return _boundaries(phrase)


@lru_cache(maxsize=2048)
def _boundaries(phrase: str) -> tuple[int, ...]:
    return tuple(place for place in line_break_boundaries(phrase) if place > 0)


@lru_cache(maxsize=2048)
def _plain(letter: str) -> bool:
    return line_break(letter) in _PLAIN
