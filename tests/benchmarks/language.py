"""German-like running text: common words often, compounds seldom, as in real notes (Zipf's law)."""

from __future__ import annotations

import random
from itertools import accumulate

from app.paths import resources_dir
from tests.support.invented import words

RARE_WORDS = 30_000
NOTE_WORDS = (12, 45)
"""Fewest and most words of a note."""


class German:
    """Draws texts from a vocabulary that follows from the seed."""

    def __init__(self, seed: str) -> None:
        """Make the vocabulary."""
        self._chance = random.Random(f"{seed}/german")
        common = (resources_dir() / "words" / "common-german.txt").read_text("utf-8").split()
        spoken = [word.strip(".,") for text in (*words.NOTES, *words.CONCERNS) for word in text.split()]
        stems = sorted({word for word in (*common, *spoken) if len(word) > 3})
        known = dict.fromkeys((*common, *spoken))
        while len(known) < len(common) + RARE_WORDS:
            known[self._compound(stems)] = None
        self._words = tuple(known)
        self._weights = tuple(accumulate(1 / rank for rank in range(2, len(self._words) + 2)))

    def note(self) -> str:
        """Give the text of one conversation."""
        count = self._chance.randint(*NOTE_WORDS)
        return " ".join(self._chance.choices(self._words, cum_weights=self._weights, k=count)) + "."

    def word(self) -> str:
        """Give one word as it falls in running text."""
        return self._chance.choices(self._words, cum_weights=self._weights)[0]

    def _compound(self, stems: list[str]) -> str:
        parts = self._chance.sample(stems, self._chance.choice((2, 2, 3)))
        return "".join(parts).lower().capitalize()
