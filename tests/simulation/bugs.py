"""How many histories find each bug that the tests know how to make: `python -m tests.simulation.bugs`."""

from __future__ import annotations

import argparse
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from tests.support.simulation.bugs import BUGS
from tests.support.simulation.tally import Found, histories_to_find

MOST = 1000


def main() -> int:
    """Print the table; give 1 when a bug was not found."""
    parser = argparse.ArgumentParser(prog="tests.simulation.bugs", description=__doc__)
    parser.add_argument("--histories", type=int, default=MOST)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("names", nargs="*")
    given = parser.parse_args()
    names = given.names or sorted(BUGS)
    missed = []
    with ProcessPoolExecutor(given.jobs, mp_context=get_context("spawn")) as pool:
        counts = pool.map(histories_to_find, names, [given.histories] * len(names))
        for name, found in zip(names, counts, strict=True):
            print(row(name, found), flush=True)
            missed += [name] if found.histories is None else []
    print(
        f"{len(names)} bugs, {len(names) - len(missed)} found{': not ' if missed else ''}{', '.join(missed)}"
    )
    return 1 if missed else 0


def row(name: str, found: Found) -> str:
    """Give a line of the table, as it stands in docs/simulation.md."""
    number = "not found" if found.histories is None else str(found.histories)
    return f"| {name.replace('_', ' ')} | {BUGS[name].told} | {number} | {found.as_what} |"


if __name__ == "__main__":
    sys.exit(main())
