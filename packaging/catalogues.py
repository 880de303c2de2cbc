"""The program's catalogues: `extract` after a text changed, `compile` at setup, `check` in CI.

Files are the same whoever writes them and when: sorted, without dates, line numbers and
versions of tools, so that two people's changes merge.
"""

import string
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import cast

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from app.domain.declarations import catalogue_labels
from app.i18n import CATALOGUES, DOMAIN, LANGUAGES

ROOT = Path(__file__).resolve().parent.parent
PROGRAM_FOLDERS = ("app", "sync", "ui")
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
# Headers with a date, a tool's version or a placeholder.
UNSTABLE_HEADERS = ("POT-", "PO-", "Generated-By", "Language-Team", "Last-Translator", "Project-", "Report-")
TEMPLATE = CATALOGUES / f"{DOMAIN}.pot"
SOURCE_LANGUAGE = "en"

Texts = tuple[str, ...]


def catalogue_path(language: str) -> Path:
    """Where a language's translations stand."""
    return CATALOGUES / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def new_catalogue(language: str | None) -> Catalog:
    """An empty catalogue with the headers that all of ours have."""
    return Catalog(
        locale=language,
        project="KIM mobil",
        copyright_holder="KIM mobil",
        header_comment="# KIM mobil: texts of the program. EUPL-1.2.",
        fuzzy=False,
    )


def extract() -> Catalog:
    """All texts of the program: those marked in its code and the labels of its record types."""
    template = new_catalogue(None)
    for folder in PROGRAM_FOLDERS:
        found = extract_from_dir(ROOT / folder, keywords=KEYWORDS, comment_tags=("Translators:",))
        for name, _line, message, comments, context in found:
            template.add(
                message, locations=[(f"{folder}/{name}", 0)], auto_comments=comments, context=context
            )
    for label in declared_labels():
        template.add(label, locations=[("app/domain", 0)])
    return template


def declared_labels() -> Iterator[str]:
    """Labels of the declared record types, which are msgids without a call around them."""
    yield from sorted(set(catalogue_labels()))


def updated(language: str, template: Catalog) -> Catalog:
    """A language's catalogue with the template's texts; the source language translates itself."""
    catalogue = new_catalogue(language)
    path = catalogue_path(language)
    if path.exists():
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language, domain=DOMAIN)
    catalogue.update(template, no_fuzzy_matching=True, update_header_comment=True)
    catalogue.obsolete.clear()
    if language == SOURCE_LANGUAGE:
        for message in catalogue:
            if message.id:
                message.string = message.id
    return catalogue


def as_text(catalogue: Catalog) -> bytes:
    """The file of a catalogue, without what differs from machine to machine."""
    buffer = BytesIO()
    write_po(buffer, catalogue, width=110, sort_output=True, include_lineno=False, ignore_obsolete=True)
    lines = buffer.getvalue().splitlines(keepends=True)
    unstable = tuple(f'"{name}'.encode() for name in UNSTABLE_HEADERS)
    return b"".join(line for line in lines if not line.startswith(unstable)).rstrip() + b"\n"


def extract_all() -> None:
    """Write the template and bring every language up to it."""
    template = extract()
    write_if_changed(TEMPLATE, as_text(template))
    for language in LANGUAGES:
        write_if_changed(catalogue_path(language), as_text(updated(language, template)))


def write_if_changed(path: Path, content: bytes) -> None:
    """Write a file unless it already says the same."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_bytes() != content:
        path.write_bytes(content)
        sys.stdout.write(f"{path.relative_to(ROOT)} written\n")


def compile_all() -> None:
    """Write the .mo files that the program reads."""
    for language in LANGUAGES:
        path = catalogue_path(language)
        compiled = path.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime_ns > path.stat().st_mtime_ns:
            continue
        with path.open("rb") as source, compiled.open("wb") as target:
            write_mo(target, read_po(source, locale=language, domain=DOMAIN))


def complaints() -> Iterator[str]:
    """What is wrong with the catalogues, one line each; nothing when all is well."""
    template = extract()
    if not TEMPLATE.exists() or TEMPLATE.read_bytes() != as_text(template):
        yield f"{TEMPLATE.relative_to(ROOT)} is stale: run `make catalogues`"
    for language in LANGUAGES:
        path = catalogue_path(language)
        catalogue = updated(language, template)
        if not path.exists() or path.read_bytes() != as_text(catalogue):
            yield f"{path.relative_to(ROOT)} is stale: run `make catalogues`"
        for message in catalogue:
            yield from (f"{language}: {fault}" for fault in message_faults(message))


def message_faults(message: Message) -> Iterator[str]:
    """What is wrong with one translation: missing, fuzzy, or with other placeholders."""
    if not message.id:
        return
    sources, translations = texts(message.id), texts(message.string)
    if message.fuzzy or not translations or not all(translations):
        yield f"not translated: {sources[0]!r}"
    elif any(placeholders(text) - placeholders(sources[-1]) for text in translations) or (
        placeholders(translations[-1]) != placeholders(sources[-1])
    ):
        yield f"other placeholders: {sources[0]!r}"


def texts(value: object) -> Texts:
    """The forms of a message: one, or singular and plurals."""
    return (value,) if isinstance(value, str) else tuple(cast(Texts, value or ()))


def placeholders(text: str) -> frozenset[str]:
    """Names in braces that the program fills in."""
    return frozenset(
        name for _text, name, _format, _how in string.Formatter().parse(text) if name is not None
    )


def check() -> int:
    """Exit code: 0 when every catalogue is fresh and whole."""
    found = list(complaints())
    sys.stdout.writelines(f"{line}\n" for line in found)
    return 1 if found else 0


def main(arguments: list[str]) -> int:
    """Run one of the three commands."""
    match arguments:
        case ["extract"]:
            extract_all()
            compile_all()
        case ["compile"]:
            compile_all()
        case ["check"]:
            return check()
        case _:
            sys.stderr.write("usage: catalogues.py extract|compile|check\n")
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
