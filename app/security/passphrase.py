"""Which passphrases are accepted (NIST SP 800-63B-4: length and blocklist, no rules), and one to offer."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from app.security.words import common_german, draw_words, word_list
from app.services.ports import Entropy

SHORTEST: Final = 15
LONGEST: Final = 1024
SUGGESTED_WORDS: Final = 6
LEAST_GUESSES_LOG10: Final = 12.0
"""A million million tries: some thirty years at a thousand Argon2id tries a second."""

_ESTIMATED: Final = 72  # zxcvbn refuses more; what is longer can only be harder to guess
_OWN_WORDS: Final = (
    "kim", "mobil", "kimmobil", "integration", "integrationsmanagement", "kommunales", "landkreis", "kreis",
    "stadt", "rathaus", "landratsamt", "beratung", "migration", "passwort", "kennwort", "passphrase",
    "password", "geheim", "sommer", "winter", "herbst", "fruehling", "frühling", "willkommen", "laptop",
)  # fmt: skip
_LEAST_OWN_LETTERS: Final = 6


class PassphraseProblem(StrEnum):
    """Why a passphrase is not accepted."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    COMMON = "common"
    LOCAL_WORDS = "local_words"
    GUESSABLE = "guessable"


@dataclass(frozen=True)
class PassphraseVerdict:
    """What is wrong with a passphrase (nothing: accepted), and the tries it takes to guess it (log10)."""

    problems: tuple[PassphraseProblem, ...]
    guesses_log10: float

    @property
    def accepted(self) -> bool:
        """Whether it may be used."""
        return not self.problems


def check_passphrase(text: str, district_words: Iterable[str] = ()) -> PassphraseVerdict:
    """The verdict on a passphrase; `district_words` are names that everybody there would try first."""
    typed = unicodedata.normalize("NFKC", text)
    local = [word.casefold() for word in (*district_words, *_OWN_WORDS) if len(word) > 2]
    if len(typed) > LONGEST:
        return PassphraseVerdict((PassphraseProblem.TOO_LONG,), 0.0)
    guesses = _guesses_log10(typed, local)
    found = {
        PassphraseProblem.TOO_SHORT: len(typed) < SHORTEST,
        PassphraseProblem.COMMON: _is_common(typed),
        PassphraseProblem.LOCAL_WORDS: _is_mostly_local(typed, local),
        PassphraseProblem.GUESSABLE: guesses < LEAST_GUESSES_LOG10,
    }
    return PassphraseVerdict(tuple(problem for problem, wrong in found.items() if wrong), guesses)


def suggest_passphrase(entropy: Entropy, language: str) -> str:
    """Six random words with spaces (77 bits), German or English."""
    return " ".join(draw_words(entropy, language, SUGGESTED_WORDS))


def _guesses_log10(typed: str, local: list[str]) -> float:
    # Loaded when somebody chooses a passphrase: its lists take 14 MB, which unlocking does not need.
    from zxcvbn import zxcvbn

    # zxcvbn knows no German: without these lists it takes every German word for noise.
    known = dict.fromkeys([*local, *common_german(), *word_list("de")])
    result = zxcvbn(typed[:_ESTIMATED], user_inputs=list(known))
    return float(result["guesses_log10"])


def _is_common(typed: str) -> bool:
    """Whether it is on the list of leaked passwords, alone or written several times over."""
    plain = re.sub(r"\W+|_", "", typed.casefold())
    unit = re.sub(r"^(.+?)\1+$", r"\1", plain)
    return bool({plain, unit, plain.rstrip("0123456789")} & _leaked())


def _is_mostly_local(typed: str, local: list[str]) -> bool:
    """Whether fewer than six letters are left once the names that everybody there knows are struck out."""
    rest = typed.casefold()
    for word in sorted(local, key=len, reverse=True):
        rest = rest.replace(word, " ")
    struck_out = rest != typed.casefold()
    return struck_out and sum(character.isalpha() for character in rest) < _LEAST_OWN_LETTERS


@cache
def _leaked() -> frozenset[str]:
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(FREQUENCY_LISTS["passwords"])
