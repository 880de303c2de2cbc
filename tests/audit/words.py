"""Which words are searched for: those of the case files that the program's own files do not hold."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.audit.stores import Device, Name

WORD = re.compile(r"[^\W\d_]{6,}")
WORDS_A_CASE = 5
_ROOT = Path(__file__).parents[2]
_PROGRAM = ("app", "sync", "ui", "locales", "resources")
_NOT_TEXT = {".ttf", ".mo", ".pyc", ".png"}


def words_in(text: str) -> Iterator[str]:
    """Give every word of more than five letters, in small letters."""
    return (found.group().casefold() for found in WORD.finditer(text))


def words_of_program() -> frozenset[str]:
    """Give the words of the program's own files: source, catalogues, forms, code lists."""
    files = (path for folder in _PROGRAM for path in (_ROOT / folder).rglob("*") if path.is_file())
    texts = (path.read_text("utf-8", "replace") for path in files if path.suffix not in _NOT_TEXT)
    return frozenset(word for text in texts for word in words_in(text))


def words_of_cases(devices: Iterable[Device], without: frozenset[str] = frozenset()) -> dict[Name, set[str]]:
    """Give for each case file the words in it, as written; fields named in `without` are passed over."""
    found: dict[Name, set[str]] = defaultdict(set)
    for device in devices:
        for write in device.writes.values():
            if write.case is not None:
                for name, value in write.fields.items():
                    if name not in without:
                        found[write.case].update(
                            match for text in _texts(value) for match in WORD.findall(text)
                        )
    return found


def only_here(cases: Mapping[Name, set[str]]) -> dict[Name, frozenset[str]]:
    """Give for each case file the words that no other one holds."""
    holders: dict[str, set[Name]] = defaultdict(set)
    for case, words in cases.items():
        for word in words:
            holders[word.casefold()].add(case)
    return {
        case: frozenset(word for word in words if len(holders[word.casefold()]) == 1)
        for case, words in cases.items()
    }


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
