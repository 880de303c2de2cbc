"""Lives through many histories: `python -m tests.simulation --histories 2000 --seed 1`."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from tests.simulation.journal import Journal
from tests.support.simulation.tally import Tally, explained, in_processes, seeds_of

_TELL_EVERY = 40


def main(arguments: list[str] | None = None) -> int:
    """Run, tell the one line, and give 1 when anything was wrong."""
    parser = argparse.ArgumentParser(prog="tests.simulation", description=__doc__)
    parser.add_argument("--histories", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--history", type=int, help="live through this one alone and tell it whole")
    parser.add_argument("--journal", type=Path, help="a run stopped before goes on where this file says")
    given = parser.parse_args(arguments)
    if given.history is not None:
        return _one(given.history)
    journal = Journal(given.journal, given.seed) if given.journal is not None else None
    total = _many(seeds_of(given.seed, given.histories), given.jobs, journal)
    if total.wrong:
        print(f"seeds: {' '.join(map(str, total.wrong[:20]))}\n\n{explained(total.wrong)}\n")
    print(f"trace hash {total.digest}")
    print(f"{total.seconds / max(total.histories, 1):.3f} s of one core a history")
    print(total)
    return 1 if total.wrong else 0


def _many(seeds: range, jobs: int, journal: Journal | None) -> Tally:
    total = journal.begun() if journal is not None else Tally()
    seeds = seeds[total.histories :]
    for at, part in enumerate(in_processes(seeds, jobs), start=1):
        total += part
        if journal is not None:
            journal.note(total)
        if at % _TELL_EVERY == 0:
            print(total, flush=True)
    return total


def _one(seed: int) -> int:
    from tests.support.simulation.history import Histories

    with Histories() as histories:
        lived = histories.live(seed)
        print(lived)
    return 1 if lived.verdict.sentences else 0


if __name__ == "__main__":
    sys.exit(main())
