"""The table of what is refused names tests that exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TABLE = (ROOT / "docs/sync.md").read_text("utf-8").split("## What is refused", 1)[1].split("\n## ", 1)[0]
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
