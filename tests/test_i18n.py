"""Languages of the program: switching, dates, names, order."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app import i18n
from app.i18n import N_, _, in_language, set_language


def test_text_follows_a_switch() -> None:
    text = N_("Case files")
    assert _(text) == "Case files"
    set_language("de")
    assert _(text) == "Fallakten"


def test_borrowed_language_ends_with_its_block() -> None:
    with in_language("de"):
        assert i18n.language() == "de"
    assert i18n.language() == "en"


def test_borrowed_language_ends_after_an_error() -> None:
    with pytest.raises(ZeroDivisionError), in_language("de"):
        raise ZeroDivisionError
    assert i18n.language() == "en"


def test_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="xx"):
        set_language("xx")
    assert i18n.language() == "en"


def test_empty_text_stays_empty() -> None:
    assert _("") == ""


def test_unknown_text_stays_english() -> None:
    set_language("de")
    assert _("No catalogue holds this") == "No catalogue holds this"


@pytest.mark.parametrize(("code", "expected"), [("de", "03.02.2026"), ("en", "3 Feb 2026")])
def test_date_is_written_as_people_write_it(code: str, expected: str) -> None:
    set_language(code)
    assert i18n.format_date(date(2026, 2, 3)) == expected


@pytest.mark.parametrize(("code", "expected"), [("de", "03.07.2026, 14:02"), ("en", "3 Jul 2026, 14:02")])
def test_moment_is_given_in_the_local_zone(code: str, expected: str) -> None:
    set_language(code)
    assert i18n.format_datetime(datetime(2026, 7, 3, 12, 2, tzinfo=UTC)) == expected


def test_moment_of_another_zone_is_the_same_moment() -> None:
    moment = datetime(2026, 1, 3, 12, 2, tzinfo=UTC)
    shifted = moment.astimezone(datetime.now().astimezone().tzinfo) + timedelta()
    assert i18n.format_datetime(shifted) == i18n.format_datetime(moment)


def test_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        i18n.format_datetime(datetime(2026, 7, 3, 12, 2))  # noqa: DTZ001 - the naive one is the case


@pytest.mark.parametrize(("code", "expected"), [("de", "12.345,5"), ("en", "12,345.5")])
def test_number_has_the_separators_of_its_language(code: str, expected: str) -> None:
    set_language(code)
    assert i18n.format_number(12345.5) == expected


@pytest.mark.parametrize(
    ("code", "german", "english"),
    [
        ("uk", "Ukrainisch", "Ukrainian"),
        ("ti", "Tigrinya", "Tigrinya"),
        ("fa", "Farsi/Dari", "Farsi/Dari"),
        ("de_easy", "Einfache Sprache", "Plain German"),
        ("prs", "Dari", "Dari"),
        ("ku", "Kurmandschi", "Kurmanji"),
        ("zz", "zz", "zz"),
    ],
)
def test_language_has_a_name(code: str, german: str, english: str) -> None:
    assert i18n.language_name(code) == english
    set_language("de")
    assert i18n.language_name(code) == german


def test_order_ignores_marks_and_case() -> None:
    names = ["Zander", "Öztürk", "Łukasz", "ostrowski", "Müller", "Muller", "Straße", "Strasse"]
    expected = ["Łukasz", "Müller", "Muller", "ostrowski", "Öztürk", "Straße", "Strasse", "Zander"]
    assert sorted(names, key=i18n.sort_key) == expected
    assert i18n.sort_key("Müller") == i18n.sort_key("MULLER") == "muller"
