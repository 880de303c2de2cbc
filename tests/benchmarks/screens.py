"""The screen over many case files: unlocking, memory, and how long the screen keeps somebody waiting."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

from tests.benchmarks.databases import ROOT, copy_of, listed_home, whole_home
from tests.benchmarks.rows import Measured

FEW, MANY, WITH_NOTES = 1_000, 100_000, 20_000
TIMES = 5
_MB = 1_000_000
_LATER = "minutes to build: BENCH_STRESS=1"


def measure(folder: Path, *, stress: bool) -> list[Measured]:
    """Give the rows about unlocking and about the list of 100,000 case files."""
    rows = [_unlock(folder)]
    if not stress:
        return [*rows, *(Measured(name, None, _LATER) for name in ("memory", "screen.p99", "screen.longest"))]
    home = folder / "many"
    copy_of(listed_home(MANY, WITH_NOTES), home / "data")
    return [*rows, _memory(home), *_waits(home)]


def _unlock(folder: Path) -> Measured:
    home = folder / "few"
    copy_of(whole_home(FEW), home / "data")
    times = [_probe("unlock", home)["seconds"] * 1000 for _ in range(TIMES)]
    told = (
        f"median of {TIMES}, {FEW:,} case files, passphrase to first painted row; Argon2id at its test cost"
    )
    return Measured("unlock", statistics.median(times), told)


def _memory(home: Path) -> Measured:
    bare, own, scrolled = (_probe(name, home)["rss"] / _MB for name in ("bare", "listed", "everything"))
    told = (
        f"open: {own:.0f} MB, bare window {bare:.0f} MB; after scrolling through every row {scrolled:.0f} MB"
    )
    return Measured("memory", own - bare, told)


def _waits(home: Path) -> tuple[Measured, Measured]:
    found = _probe("through", home)
    told = f"{found['count']:,.0f} events posted every 5 ms while a person walks through {MANY:,} case files"
    return Measured("screen.p99", found["p99"], told), Measured("screen.longest", found["longest"], told)


def _probe(name: str, home: Path) -> dict[str, float]:
    environment = {**os.environ, "KIM_MOBIL_HOME": str(home)}
    told = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.probe", name],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        check=True,
        timeout=600,
    ).stdout
    return {key: float(value) for key, value in json.loads(told).items()}
