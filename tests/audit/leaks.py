"""Finds words in bytes, whatever they were written in: UTF-8, UTF-16 and base64."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

_Tree = dict[int, Any]
_END = -1


class LeakSearch:
    """Searches for many words at once; each as written, in small and in capital letters."""

    def __init__(self, words: Iterable[str]) -> None:
        """Search for `words`."""
        self.words = frozenset(words)

    def hits(self, data: bytes) -> int:
        """Give the number of places where a word stands."""
        return sum(1 for _ in self._pattern.finditer(data)) if self.words else 0

    def hits_in_files(self, folders: Iterable[Path]) -> dict[Path, int]:
        """Give the files below the folders in which something was found, with the number of places."""
        found = {path: self.hits(path.read_bytes()) for folder in folders for path in files_below(folder)}
        return {path: count for path, count in found.items() if count}

    @cached_property
    def _pattern(self) -> re.Pattern[bytes]:
        tree: _Tree = {}
        for word in self.words:
            for form in _forms(word):
                branch = tree
                for byte in form:
                    branch = branch.setdefault(byte, {})
                branch[_END] = True
        return re.compile(_expression(tree), re.DOTALL)


def files_below(folder: Path) -> list[Path]:
    """Give every plain file of a folder."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def encodings(text: str) -> tuple[bytes, ...]:
    """Give a text as UTF-8, as UTF-16 of both byte orders, and as it stands inside base64."""
    plain = text.encode()
    inside = tuple(_inside_base64(plain, before) for before in range(3))
    return (plain, text.encode("utf-16-le"), text.encode("utf-16-be"), *inside)


def _forms(word: str) -> Iterator[bytes]:
    for spelling in {word, word.casefold(), word.upper(), word.capitalize()}:
        yield from encodings(spelling)


def _inside_base64(plain: bytes, before: int) -> bytes:
    """Give the characters that are the same whatever stands around, `before` bytes into a group of three."""
    coded = base64.b64encode(bytes(before) + plain)
    first = -(-before * 8 // 6)
    whole = (before + len(plain)) * 8 // 6
    return coded[first:whole]


def _expression(tree: _Tree) -> bytes:
    if _END in tree:
        return b""
    branches = [re.escape(bytes((byte,))) + _expression(below) for byte, below in sorted(tree.items())]
    return branches[0] if len(branches) == 1 else b"(?:" + b"|".join(branches) + b")"
