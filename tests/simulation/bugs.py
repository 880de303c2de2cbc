"""How many histories find each bug that the tests know how to make: `python -m tests.simulation.bugs`.

All bugs go through the first few histories, those that did not show through the next, and so on: the
quick ones are told at once, and every core has work until the end.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from tests.support.simulation.bugs import BUGS
from tests.support.simulation.tally import Found, bugs_shown

MOST = 1000
_PART = 10
"""Histories that a process lives through before it is asked which bugs they showed."""


def main() -> int:
    """Print the rows as they are found, then the table; give 1 when a bug was not found."""
    parser = argparse.ArgumentParser(prog="tests.simulation.bugs", description=__doc__)
    parser.add_argument("--histories", type=int, default=MOST)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("names", nargs="*")
    given = parser.parse_args()
    names = given.names or sorted(BUGS)
    rows: dict[str, str] = {}
    with ProcessPoolExecutor(given.jobs, mp_context=get_context("spawn")) as pool:
        for name, found in _found(pool, names, given.histories, given.jobs):
            rows[name] = row(name, found)
            print(rows[name], flush=True)
    missed = [name for name in names if name not in rows]
    print("", *(rows.get(name) or row(name, None) for name in names), "", sep="\n")
    print(f"{len(names)} bugs, {len(rows)} found{'; not: ' if missed else ''}{', '.join(missed)}")
    return 1 if missed else 0


def _found(
    pool: ProcessPoolExecutor, names: Sequence[str], most: int, jobs: int
) -> Iterator[tuple[str, Found]]:
    """Go through the histories part by part with the bugs that none has shown yet; gives those found."""
    hidden, begin = list(names), 0
    while hidden and begin < most:
        end = min(begin + _PART * jobs, most)
        parts = [range(at, min(at + _PART, end)) for at in range(begin, end, _PART)]
        for shown in pool.map(bugs_shown, [tuple(hidden)] * len(parts), parts):
            for name in sorted(shown.keys() & set(hidden)):
                hidden.remove(name)
                yield name, shown[name]
        begin = end


def row(name: str, found: Found | None) -> str:
    """Give a line of the table, as it stands in docs/simulation.md."""
    told = f"{found.histories} | {found.as_what}" if found else "not found |"
    return f"| {BUGS[name].told} | {told} |"


if __name__ == "__main__":
    sys.exit(main())
