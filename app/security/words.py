"""Word lists of 7,776 words each, for passphrases that a person can remember and read out.

English: the EFF's long list (CC BY 3.0 US); German: dys2p's list (BSD-3-Clause), without umlauts, so
that it can be typed on any keyboard. Both come with xkcdpass.
"""

from functools import cache
from importlib import resources
from typing import Final

from app.paths import resources_dir
from app.services.ports import Entropy

_FILES: Final = {"de": "ger-long", "en": "eff-long"}
_OTHERWISE: Final = "en"


@cache
def word_list(language: str) -> tuple[str, ...]:
    """The words of a language, English where there is no list of its own."""
    file = resources.files("xkcdpass") / "static" / _FILES.get(language, _FILES[_OTHERWISE])
    return tuple(file.read_text(encoding="utf-8").split())


@cache
def common_german() -> tuple[str, ...]:
    """Everyday German words, commonest first: what a guesser tries and zxcvbn doesn't know."""
    return tuple((resources_dir() / "words" / "common-german.txt").read_text(encoding="utf-8").split())


def draw_words(entropy: Entropy, language: str, count: int) -> tuple[str, ...]:
    """So many words, each drawn evenly from the list (12.9 bits a word)."""
    words = word_list(language)
    return tuple(words[_below(len(words), entropy)] for _ in range(count))


def _below(limit: int, entropy: Entropy) -> int:
    """An even number from 0 to `limit` - 1: draws beyond the last whole multiple are thrown away."""
    span = 1 << 32
    usable = span - span % limit
    while (drawn := int.from_bytes(entropy.bytes(4), "big")) >= usable:
        pass
    return drawn % limit
