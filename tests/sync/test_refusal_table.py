"""The tests that the documents name exist; the fields of a round stand there with their keys."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from sync.rounds.exchange import _ANSWER, _REQUEST

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs/sync.md").read_text("utf-8")
TABLE = DOCUMENT.split("## What is refused", 1)[1].split("\n## ", 1)[0]
ATTACKERS = (ROOT / "docs/security.md").read_text("utf-8")
NAMED = re.compile(r"`([a-z_/]+\.py|test_\w+)`")


def named() -> list[tuple[str, str]]:
    """Files with the tests named behind them ("" for the file alone)."""
    found: list[tuple[str, str]] = []
    for row in TABLE.splitlines():
        file = ""
        for name in NAMED.findall(row) if row.startswith("|") else ():
            file = name if name.endswith(".py") else file
            found.append((file, "" if name.endswith(".py") else name))
    return found


def defined(file: str) -> set[str]:
    body = ast.parse((ROOT / "tests" / file).read_text("utf-8")).body
    return {"", *(item.name for item in body if isinstance(item, ast.FunctionDef))}


def test_every_test_that_the_table_names_is_there() -> None:
    assert len(named()) > 80
    assert [(file, name) for file, name in named() if name not in defined(file)] == []


def test_every_test_that_the_page_of_attackers_names_is_there() -> None:
    paths = re.findall(r"`(tests/[^`]+)`", ATTACKERS)
    assert len(paths) > 10
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_the_fields_of_a_round_stand_in_the_document_with_their_keys() -> None:
    rows = [row for row in DOCUMENT.splitlines() if re.match(r"\| [0-9, ]*\| [^|]*\| [0-9]* \|", row)]
    told: list[set[tuple[str, int]]] = [set(), set()]
    for row in rows:
        cells = [cell.strip() for cell in row.split("|")[1:-1]]
        for side, (keys, text) in zip(told, (cells[:2], cells[2:]), strict=True):
            # The first names are the fields; what stands behind explains them.
            names = re.findall(r"`(\w+)`", text)[: len(keys.split(","))] if keys else []
            side |= {(name, int(key)) for name, key in zip(names, keys.split(","), strict=False)}
    assert told == [{(name, codec[0]) for name, codec in known.items()} for known in (_REQUEST, _ANSWER)]
