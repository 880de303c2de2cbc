"""Fuzzes every reader, or those named: `python -m tests.fuzz envelope --seed 7 --number 1234` replays one."""

from __future__ import annotations

import argparse
import secrets
import sys

from tests.fuzz.fuzzing import fuzz, seconds_for, spoil
from tests.fuzz.targets import targets


def main() -> int:
    """Fuzz and tell; a failure ends with a FuzzError that names the input."""
    known = targets()
    parser = argparse.ArgumentParser(prog="tests.fuzz", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="reader", help=", ".join(known))
    parser.add_argument("--seed", type=int)
    parser.add_argument("--number", type=int, help="take this one input only")
    given = parser.parse_args()
    seed = secrets.randbits(32) if given.seed is None else given.seed
    for name in given.names or known:
        target = known[name]
        if given.number is not None:
            print((spoil(target, seed, given.number) or b"").hex())
            target.take(spoil(target, seed, given.number) or b"")
            continue
        found = fuzz(target, seed, seconds_for(target))
        print(
            f"{name}: seed {seed}, {found.inputs} inputs, {found.read} read to the end,"
            f" slowest {found.slowest * 1000:.0f} ms, grew by {found.grown_kib // 1024} MiB",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
