"""The shipped texts, and what is said of texts that are not as they must be."""

from pathlib import Path

import pytest

from app.paths import resources_dir
from app.printing.errors import (
    FormKeysError,
    FormLanguageMissingError,
    FormPlaceholderError,
    FormTextDamagedError,
    UnknownFormError,
    UnknownLanguageError,
)
from app.printing.form_texts import (
    BINDING_LANGUAGE,
    LANGUAGES,
    Review,
    available_languages,
    load_form,
    load_form_from,
    placeholders,
)

FOLDER = resources_dir() / "forms"
TEXTS = [
    (folder.name, language)
    for folder in sorted(FOLDER.iterdir())
    for language in available_languages(FOLDER, folder.name)
]
GERMAN = """
form = "note"
language = "de"
direction = "ltr"
version = "1.0"
stand = 2026-11-21
review = { by = "Übersetzungsbüro", on = 2026-11-20 }
[paragraphs]
title = "Zettel"
body = "Wir treffen uns am {day}. **Bitte** kommen Sie."
"""
ENGLISH = (
    GERMAN.replace('"de"', '"en"')
    .replace("Zettel", "Note")
    .replace("Wir treffen uns am {day}. **Bitte** kommen Sie.", "We meet on {day}. **Please** come.")
)


def forms(tmp_path: Path, english: str = ENGLISH, german: str = GERMAN, structure: str = "") -> Path:
    folder = tmp_path / "note"
    folder.mkdir()
    (folder / "de.toml").write_text(german, encoding="utf-8")
    (folder / "en.toml").write_text(english, encoding="utf-8")
    if structure:
        (folder / "structure.toml").write_text(structure, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(("form", "language"), TEXTS)
def test_shipped_text_has_the_german_keys_and_placeholders(form: str, language: str) -> None:
    binding, text = load_form(form, BINDING_LANGUAGE), load_form(form, language)
    assert list(text.paragraphs) == list(binding.paragraphs)
    assert {key: placeholders(text[key]) for key in text.paragraphs} == {
        key: placeholders(binding[key]) for key in binding.paragraphs
    }


@pytest.mark.parametrize(("form", "language"), TEXTS)
def test_shipped_text_has_a_reasonable_length(form: str, language: str) -> None:
    binding, text = load_form(form, BINDING_LANGUAGE), load_form(form, language)
    far = {
        key: (len(text[key]), len(binding[key]))
        for key in text.paragraphs
        if not len(binding[key]) * 0.5 - 15 <= len(text[key]) <= len(binding[key]) * 1.5 + 15
    }
    assert far == {}


@pytest.mark.parametrize(("form", "language"), TEXTS)
def test_shipped_text_marks_the_same_paragraphs_bold(form: str, language: str) -> None:
    binding, text = load_form(form, BINDING_LANGUAGE), load_form(form, language)
    assert {key for key in text.paragraphs if "**" in text[key]} == {
        key for key in binding.paragraphs if "**" in binding[key]
    }


@pytest.mark.parametrize("form", sorted({form for form, _ in TEXTS}))
def test_shipped_folder_holds_no_file_of_an_unknown_language(form: str) -> None:
    known = {f"{language}.toml" for language in LANGUAGES} | {"structure.toml"}
    assert {path.name for path in (FOLDER / form).iterdir()} - known == set()


@pytest.mark.parametrize("language", ["de", "en", "uk"])
@pytest.mark.parametrize("form", ["art13", "consent"])
def test_client_papers_have_the_first_languages(form: str, language: str) -> None:
    text = load_form(form, language)
    assert (text.form, text.language, text.version) == (form, language, "1.0")


def test_load_form_review_tells_who_and_when(tmp_path: Path) -> None:
    review = load_form_from(forms(tmp_path), "note", "en").review
    assert review is not None
    assert (review.by, f"{review.on:%d.%m.%Y}") == ("Übersetzungsbüro", "20.11.2026")
    assert isinstance(review, Review)


def test_load_form_draft_has_no_review() -> None:
    assert load_form("art13", "uk").review is None


def test_load_form_unknown_form_names_the_known_ones() -> None:
    with pytest.raises(UnknownFormError) as caught:
        load_form("../art13", "de")
    assert caught.value.params == {"form": "../art13", "known": "art13 consent keeper recovery"}


def test_load_form_unknown_language_names_the_known_ones() -> None:
    with pytest.raises(UnknownLanguageError) as caught:
        load_form("art13", "xx")
    assert caught.value.params == {
        "language": "xx",
        "known": "de de_easy en fr uk ru ar fa ku tr ro bg ti",
    }


def test_load_form_language_without_text_names_what_there_is() -> None:
    with pytest.raises(FormLanguageMissingError) as caught:
        load_form("recovery", "ti")
    assert caught.value.params == {"form": "recovery", "language": "ti", "available": "de en"}


def test_load_form_missing_and_unknown_keys_are_named(tmp_path: Path) -> None:
    english = ENGLISH.replace("title =", "headline =")
    with pytest.raises(FormKeysError) as caught:
        load_form_from(forms(tmp_path, english), "note", "en")
    assert caught.value.params == {
        "form": "note",
        "language": "en",
        "missing": "title",
        "unknown": "headline",
    }


def test_load_form_key_that_only_the_structure_knows_is_named(tmp_path: Path) -> None:
    folder = forms(tmp_path, structure='parts = [{ key = "end", role = "text" }]')
    with pytest.raises(FormKeysError) as caught:
        load_form_from(folder, "note", "de")
    assert caught.value.params["missing"] == "end"


def test_load_form_other_placeholder_is_named(tmp_path: Path) -> None:
    folder = forms(tmp_path, ENGLISH.replace("{day}", "{date}"))
    with pytest.raises(FormPlaceholderError) as caught:
        load_form_from(folder, "note", "en")
    assert caught.value.params == {"form": "note", "language": "en", "key": "body"}


@pytest.mark.parametrize(
    ("found", "written"),
    [
        ("stand = 2026-11-21", ""),
        ("stand = 2026-11-21", 'stand = "soon"'),
        ('direction = "ltr"', 'direction = "up"'),
        ('form = "note"', 'form = "letter"'),
        ("{day}", "{day"),
        ("**Please**", "**Please"),
        ("review = {", "review = { name = 1,"),
        ("[paragraphs]", "[paragraphs"),
    ],
)
def test_load_form_damaged_text_is_refused(tmp_path: Path, found: str, written: str) -> None:
    folder = forms(tmp_path, ENGLISH.replace(found, written))
    with pytest.raises(FormTextDamagedError) as caught:
        load_form_from(folder, "note", "en")
    assert (caught.value.params["form"], caught.value.params["language"]) == ("note", "en")
