"""Which passphrases are accepted, and that the offered ones are."""

import pytest

from app.security.passphrase import PassphraseProblem, check_passphrase, suggest_passphrase
from app.security.words import draw_words, word_list
from tests.support.keys import RandomBytes

DISTRICT = ["Musterkreis", "Neustadt am Berg", "Kolibri"]


@pytest.mark.parametrize(
    "text",
    [
        "korrekt pferd batterie klammer",
        "Vier Birnen fielen auf mein Fahrrad",
        "ичук семь серых слонов на мосту",
        "v8$kQz!m2Wp#x7Ld",
    ],
)
def test_check_good_passphrase_accepted(text: str) -> None:
    verdict = check_passphrase(text, DISTRICT)
    assert verdict.problems == ()
    assert verdict.accepted


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("v8$kQz!m2Wp#x7", PassphraseProblem.TOO_SHORT),
        ("x7" * 513, PassphraseProblem.TOO_LONG),
        ("sunshine sunshine sunshine", PassphraseProblem.COMMON),
        ("password12345678", PassphraseProblem.COMMON),
        ("Musterkreis Kolibri 2026!", PassphraseProblem.LOCAL_WORDS),
        ("KIMmobilLandkreis2026", PassphraseProblem.LOCAL_WORDS),
        ("qwertzuiopasdfgh", PassphraseProblem.GUESSABLE),
        ("aaaaaaaaaaaaaaaaaa", PassphraseProblem.GUESSABLE),
    ],
)
def test_check_weak_passphrase_refused(text: str, problem: PassphraseProblem) -> None:
    verdict = check_passphrase(text, DISTRICT)
    assert [found for found in verdict.problems if found == problem] == [problem]
    assert not verdict.accepted


def test_check_asks_for_no_kinds_of_characters() -> None:
    assert check_passphrase("kranich moos laterne fuchs").accepted


def test_check_counts_a_composed_letter_once() -> None:
    # Fourteen letters, however the keyboard writes ü.
    assert (
        check_passphrase("zw\u00f6lf gr\u00fcne M").problems
        == check_passphrase("zwo\u0308lf gru\u0308ne M").problems
    )


@pytest.mark.parametrize("language", ["de", "en"])
def test_suggest_six_words_that_are_accepted(language: str) -> None:
    for _ in range(20):
        suggested = suggest_passphrase(RandomBytes(), language)
        assert len(suggested.split(" ")) == 6
        assert check_passphrase(suggested, DISTRICT).accepted


def test_suggest_other_language_in_english() -> None:
    assert set(suggest_passphrase(RandomBytes(), "uk").split(" ")) <= set(word_list("en"))


@pytest.mark.parametrize("language", ["de", "en"])
def test_word_list_holds_7776_different_words(language: str) -> None:
    assert len(word_list(language)) == len(set(word_list(language))) == 7776


def test_german_words_need_no_umlauts() -> None:
    assert all(word.isascii() for word in word_list("de"))


class Scripted:
    """Entropy that gives what it was told."""

    def __init__(self, *numbers: int) -> None:
        self.numbers = list(numbers)

    def bytes(self, count: int) -> bytes:
        return self.numbers.pop(0).to_bytes(count, "big")


def test_draw_throws_away_what_would_favour_the_first_words() -> None:
    beyond = 2**32 - 1
    assert draw_words(Scripted(beyond, 7777), "en", 1) == (word_list("en")[1],)
