"""The program's languages: gettext catalogues, and Babel for dates, numbers, names and order.

The msgid is the English sentence itself; the catalogues lie in `locales/`. The language can
be switched while the program runs: texts are looked up when `_` is called, never at import.
Babel is loaded when the first date or number is written, so that the first window stands sooner.
"""

import gettext as _gettext
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from decimal import Decimal

    from babel import Locale

LANGUAGES: Final = {"de": "Deutsch", "en": "English"}
"""Languages of the program's own windows, each by its own name."""

CATALOGUES: Final = Path(__file__).resolve().parent.parent / "locales"
DOMAIN: Final = "kim-mobil"

_LOCALES: Final = {"de": "de_DE", "en": "en_GB"}
# Not decomposed by Unicode, yet looked for by their plain letter.
_PLAIN: Final = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})

_program_language = "en"
_borrowed_language: ContextVar[str | None] = ContextVar("borrowed_language", default=None)


def language() -> str:
    """Code of the language that texts are given in now."""
    return _borrowed_language.get() or _program_language


def set_language(code: str) -> None:
    """Switch the whole program to a language of `LANGUAGES`; raises ValueError for another."""
    global _program_language  # noqa: PLW0603 - one program has one language, read by every window
    _program_language = _known(code)


@contextmanager
def in_language(code: str) -> Iterator[None]:
    """Give texts in another language inside the block, as for a bilingual paper."""
    token = _borrowed_language.set(_known(code))
    try:
        yield
    finally:
        _borrowed_language.reset(token)


def _known(code: str) -> str:
    if code not in LANGUAGES:
        raise ValueError(code)
    return code


@cache
def _catalogue(code: str) -> _gettext.NullTranslations:
    return _gettext.translation(DOMAIN, CATALOGUES, [code], fallback=True)


def _(message: str) -> str:
    """The message in the current language; English if its catalogue lacks it."""
    # The empty msgid is a catalogue's header, which nobody should see.
    return _catalogue(language()).gettext(message) if message else ""


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for it
    """Mark a message for extraction where it is declared; `_` gives it in a language later."""
    return message


def ngettext(singular: str, plural: str, count: int) -> str:
    """The form that fits the count, by the current language's own rule."""
    return _catalogue(language()).ngettext(singular, plural, count)


def pgettext(context: str, message: str) -> str:
    """The message as meant in a context, where one English word has several translations."""
    return _catalogue(language()).pgettext(context, message)


# Where Babel has no name, or not the one that people here use.
_OUR_NAMES: Final = {
    "de_easy": N_("Plain German"),
    "fa": N_("Farsi/Dari"),
    "ku": N_("Kurmanji"),
    "prs": N_("Dari"),
}


def _locale() -> "Locale":
    from babel import Locale

    return Locale.parse(_LOCALES[language()])


def format_date(value: date) -> str:
    """A day as people write it: 03.02.2026, 3 Feb 2026."""
    from babel import dates

    return dates.format_date(value, format="medium", locale=_locale())


def format_datetime(value: datetime) -> str:
    """A moment in this computer's zone, to the minute; raises ValueError for a naive one."""
    if value.tzinfo is None:
        raise ValueError("a moment needs its zone")
    from babel import dates

    return dates.format_datetime(value.astimezone(), format=_datetime_pattern(), locale=_locale())


def _datetime_pattern() -> str:
    locale = _locale()
    pattern: str = str(locale.datetime_formats["medium"])
    return pattern.format(locale.time_formats["short"].pattern, locale.date_formats["medium"].pattern)


def format_number(value: "int | float | Decimal") -> str:
    """A number with the current language's separators."""
    from babel import numbers

    return numbers.format_decimal(value, locale=_locale())


def language_name(code: str) -> str:
    """Name of a person's or a paper's language in the current one; the code if nobody knows it."""
    if code in _OUR_NAMES:
        return _(_OUR_NAMES[code])
    return str(_locale().languages.get(code, code))


def sort_key(text: str) -> str:
    """Key that sorts names as a German register does: Ä as A, ß as ss, case ignored."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).translate(_PLAIN)
