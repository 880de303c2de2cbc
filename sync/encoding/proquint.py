"""Bytes as words that two people read to each other: 16 bits are five letters.

D. S. Wilkerson, A Proposal for Proquints, arXiv:0901.4016.
"""

from __future__ import annotations

from typing import Final

_CONSONANTS: Final = "bdfghjklmnprstvz"
_VOWELS: Final = "aiou"


def spoken(digest: bytes, words: int) -> tuple[str, ...]:
    """Give the first `words` times 16 bits of a digest as words."""
    return tuple(proquint(int.from_bytes(digest[at : at + 2], "big")) for at in range(0, 2 * words, 2))


def proquint(number: int) -> str:
    """Give the five letters of 16 bits."""
    letters = (_CONSONANTS, _VOWELS, _CONSONANTS, _VOWELS, _CONSONANTS)
    shifts = (12, 10, 6, 4, 0)
    return "".join(
        choice[(number >> shift) % len(choice)] for choice, shift in zip(letters, shifts, strict=True)
    )
