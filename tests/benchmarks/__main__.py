"""`make bench`: measures, prints one table, writes build/bench.json."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks import applying, budget, editing, newcomer, saving, screens, searching, starting
from tests.benchmarks.databases import ROOT
from tests.benchmarks.rows import WANTED, Measured, format_table, table, write_json

TARGET = ROOT / "build" / "bench.json"
_LINE = "a slow line comes with the network issue"
_RELAY = "PostgreSQL comes with the network issue"
_PAPERS = "comes with the papers issue"
_LIST = "looked at by hand: 48–70 ms for 100,000 case files, see docs/measurements.md"
LATER = {
    "case_list": _LIST,
    "case_list.without_limit": _LIST,
    "line.capacity": _LINE,
    "line.with_loss": _LINE,
    "line.sent_twice": _LINE,
    "line.twenty_changes": _LINE,
    "new_supervisor.time": _LINE,
    "morning.time": _RELAY,
    "morning.errors": _RELAY,
    "consent_form.weasyprint": _PAPERS,
    "consent_form.typst": _PAPERS,
    "consent_form.size": _PAPERS,
}
"""Rows that are not measured yet, and why."""


def measure(folder: Path, *, stress: bool) -> Iterator[list[Measured]]:
    """Measure everything that can be measured now; gives rows as they are found."""
    yield [Measured(name, None, reason) for name, reason in LATER.items()]
    yield starting.measure(_made(folder / "start"))
    yield screens.measure(_made(folder / "screens"), stress=stress)
    yield saving.measure(_made(folder / "save"))
    yield editing.measure(_made(folder / "edit"))
    yield searching.measure(_made(folder / "search"), stress=stress)
    yield applying.measure(_made(folder / "apply"), stress=stress)
    yield newcomer.measure(_made(folder / "newcomer"), newcomer.STRESSED if stress else newcomer.WRITTEN)
    yield budget.measure(_made(folder / "budget"))


def main() -> int:
    """Print the table and write bench.json; 0 also when a limit is missed: the table says so.

    What was measured before something failed is told too: some of it takes many minutes.
    """
    lacking = [Measured(row.name, None, "something failed before it was measured") for row in WANTED]
    found: list[Measured] = []
    try:
        with TemporaryDirectory() as folder:
            for rows in measure(Path(folder), stress=os.environ.get("BENCH_STRESS") == "1"):
                found += rows
        lacking = []
    finally:
        told = table([*lacking, *found])
        write_json(told, TARGET)
        sys.stdout.write(format_table(told) + "\n")
    return 0


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


if __name__ == "__main__":
    sys.exit(main())
