"""Starting: from the command to the unlock panel on the screen, against a bare window."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from tests.benchmarks.databases import ROOT, empty_home
from tests.benchmarks.rows import Measured

TIMES = 7


def measure(folder: Path) -> list[Measured]:
    """Give the row about starting."""
    home = folder / "starting"
    empty_home(home / "data")
    bare: list[float] = []
    own: list[float] = []
    for _ in range(TIMES):
        bare.append(_until_painted("bare", home))
        own.append(_until_painted("start", home))
    half = statistics.median(own) / statistics.median(bare)
    told = f"median of {TIMES}: {statistics.median(own):.2f} s against {statistics.median(bare):.2f} s bare"
    return [Measured("start", half, told)]


def _until_painted(probe: str, home: Path) -> float:
    """Give the seconds from the command to the first paint, in a process of its own."""
    environment = {**os.environ, "KIM_MOBIL_HOME": str(home)}
    begun = time.monotonic()
    told = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.probe", probe],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        check=True,
        timeout=60,
    ).stdout
    return float(json.loads(told)["painted"]) - begun
