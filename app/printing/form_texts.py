"""The versioned texts of the papers, from `resources/forms/<form>/<language>.toml`.

German is binding: every other language must have its keys and, paragraph by paragraph, its placeholders.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, Final

from app.paths import resources_dir
from app.printing.errors import (
    FormKeysError,
    FormLanguageMissingError,
    FormPlaceholderError,
    FormTextDamagedError,
    UnknownFormError,
    UnknownLanguageError,
)
from app.printing.spans import parse_spans
from app.printing.typefaces import Direction
from app.printing.typography import tie_references

BINDING_LANGUAGE: Final = "de"
LANGUAGES: Final = ("de", "de_easy", "en", "fr", "uk", "ru", "ar", "fa", "ku", "tr", "ro", "bg", "ti")
PAPERS: Final = ("art13", "consent", "keeper", "recovery")
_STRUCTURE: Final = "structure"
_DRAFT: Final = "draft"


@dataclass(frozen=True, slots=True)
class Review:
    """Who found a text right, and when."""

    by: str
    on: date


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph's place in its form: what it is on the page, and the facts under which it is printed."""

    key: str
    role: str
    when: frozenset[str]


@dataclass(frozen=True, slots=True)
class FormText:
    """One form in one language; `review` is None while the text is a draft."""

    form: str
    language: str
    direction: Direction
    version: str
    stand: date
    review: Review | None
    paragraphs: Mapping[str, str]
    parts: tuple[Part, ...]

    def __getitem__(self, key: str) -> str:
        """Give a paragraph with its marks and placeholders."""
        return self.paragraphs[key]


def load_form(form: str, language: str) -> FormText:
    """Give a form's text in a language, checked against the German one.

    Raises UnknownFormError, UnknownLanguageError, FormLanguageMissingError, and for files
    that are not as they must be FormTextDamagedError, FormKeysError, FormPlaceholderError.
    """
    return load_form_from(resources_dir() / "forms", form, language)


@cache
def load_form_from(folder: Path, form: str, language: str) -> FormText:
    """Give a form's text from another folder of forms; otherwise as `load_form`."""
    if language not in LANGUAGES:
        raise UnknownLanguageError(language=language, known=" ".join(LANGUAGES))
    available = available_languages(folder, form)
    if not available:
        raise UnknownFormError(form=form, known=" ".join(PAPERS))
    if language not in available:
        raise FormLanguageMissingError(form=form, language=language, available=" ".join(available))
    text = _read(folder, form, language)
    if language != BINDING_LANGUAGE:
        _check_against(load_form_from(folder, form, BINDING_LANGUAGE), text)
    return text


def available_languages(folder: Path, form: str) -> tuple[str, ...]:
    """Give the languages that a form has a text in, in the order of `LANGUAGES`; none for an unknown form."""
    if not form.isidentifier():
        return ()
    return tuple(language for language in LANGUAGES if (folder / form / f"{language}.toml").is_file())


def placeholders(text: str) -> frozenset[str]:
    """Give the names in `{braces}`; raises ValueError for braces that are not closed."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def _read(folder: Path, form: str, language: str) -> FormText:
    def damaged(detail: str) -> FormTextDamagedError:
        return FormTextDamagedError(form=form, language=language, detail=detail)

    try:
        head = tomllib.loads((folder / form / f"{language}.toml").read_text(encoding="utf-8"))
        parts = _read_parts(folder / form / f"{_STRUCTURE}.toml")
        text = _form_text(head, parts)
        for key, paragraph in text.paragraphs.items():
            _check_marks(key, paragraph)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise damaged(str(error)) from error
    if (text.form, text.language) != (form, language):
        raise damaged(f"{text.form}/{text.language}")
    missing = {part.key for part in parts} - text.paragraphs.keys()
    if missing:
        raise FormKeysError(form=form, language=language, missing=" ".join(sorted(missing)), unknown="")
    return text


def _form_text(head: dict[str, Any], parts: tuple[Part, ...]) -> FormText:
    if head["direction"] not in ("ltr", "rtl") or not isinstance(head["stand"], date):
        raise ValueError("direction or stand")
    return FormText(
        form=head["form"],
        language=head["language"],
        direction=head["direction"],
        version=head["version"],
        stand=head["stand"],
        review=None if head["review"] == _DRAFT else Review(**head["review"]),
        paragraphs={key: tie_references(text) for key, text in head["paragraphs"].items()},
        parts=parts,
    )


def _read_parts(path: Path) -> tuple[Part, ...]:
    if not path.is_file():
        return ()
    listed = tomllib.loads(path.read_text(encoding="utf-8"))["parts"]
    return tuple(Part(part["key"], part["role"], frozenset(part.get("when", ()))) for part in listed)


def _check_marks(key: str, paragraph: str) -> None:
    try:
        parse_spans(paragraph)
        placeholders(paragraph)
    except ValueError as error:
        raise ValueError(key) from error


def _check_against(binding: FormText, text: FormText) -> None:
    missing = binding.paragraphs.keys() - text.paragraphs.keys()
    unknown = text.paragraphs.keys() - binding.paragraphs.keys()
    if missing or unknown:
        raise FormKeysError(
            form=text.form,
            language=text.language,
            missing=" ".join(sorted(missing)),
            unknown=" ".join(sorted(unknown)),
        )
    for key, paragraph in text.paragraphs.items():
        if placeholders(paragraph) != placeholders(binding[key]):
            raise FormPlaceholderError(form=text.form, language=text.language, key=key)
