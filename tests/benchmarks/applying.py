"""Applying remote changes: against executemany of the same rows, and how cost and memory grow."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import median
from time import process_time
from typing import NamedTuple

import psutil

from app.domain.merge import Change
from app.storage.connection import Connection, open_writer
from app.storage.store import SqlStore
from tests.benchmarks.changes import OtherDevice
from tests.benchmarks.databases import database_of, empty_home, key, open_home
from tests.benchmarks.recording import Recorder, Statement, in_bulk, recording_store
from tests.benchmarks.rows import Measured
from tests.benchmarks.timing import quiet, seconds

SMALL, LARGE, HUGE = 10_000, 100_000, 1_000_000
ENVELOPE = 400
"""Changes in one transaction: what one full envelope brings."""
_PART = 2000
_SEED = "applying"
_MB = 1_000_000


class _Times(NamedTuple):
    """Seconds of each 2,000 changes: applied (by the clock, and of the processor), and as bare rows."""

    own: list[float]
    processor: list[float]
    bare: list[float]


def measure(folder: Path, *, stress: bool) -> list[Measured]:
    """Give the rows about applying remote changes."""
    largest = HUGE if stress else LARGE
    times = _by_turns(folder, largest)
    rows = [_ratio(times, SMALL), _ratio(times, LARGE)]
    rows.append(_ratio(times, HUGE) if stress else _not_now())
    rows.append(_growth(times, largest))
    small, large = _peak(folder / "small", SMALL), _peak(folder / "large", largest)
    told = f"peak {large:.0f} MB for {largest:,}, {small:.0f} MB for {SMALL:,}; 16 MB of page cache fill once"
    rows.append(Measured("apply.memory", large - small, told))
    return rows


def _ratio(times: _Times, count: int) -> Measured:
    parts = count // _PART
    ratio = median(own / bare for own, bare in zip(times.own[:parts], times.bare[:parts], strict=True))
    own, bare = (sum(item[:parts]) / count * 1e6 for item in (times.own, times.bare))
    return Measured(
        f"apply.{count}", ratio, f"{own:.0f} µs a change; executemany of the same rows {bare:.0f} µs"
    )


def _growth(times: _Times, largest: int) -> Measured:
    """Processor time, because a neighbour's work on the machine must not look like growth."""
    parts = SMALL // _PART
    first, last = median(times.processor[:parts]), median(times.processor[-parts:])
    own, now = (item / _PART * 1e6 for item in (first, last))
    told = f"processor time a change: {own:.0f} µs up to {SMALL:,}, {now:.0f} µs at {largest:,}"
    return Measured("apply.growth", last / first, told)


def _not_now() -> Measured:
    return Measured("apply.1000000", None, "minutes long: BENCH_STRESS=1")


def _by_turns(folder: Path, count: int) -> _Times:
    recorded, recorder = recording_store(empty_home(folder / "recorded"), _SEED)
    store = open_home(empty_home(folder / "own"), _SEED)
    bare = open_writer(database_of(empty_home(folder / "bare")), key())
    times = _Times([], [], [])
    coming = _changes(count)
    for number in range(count // _PART):
        part = list(islice(coming, _PART))
        bulk = [_record(recorded, recorder, piece) for piece in _pieces(part)]
        other = partial(_insert, bare, bulk)
        with quiet():
            if number % 2:
                times.bare.append(seconds(other))
            before = process_time()
            times.own.append(seconds(partial(_apply, store, part)))
            times.processor.append(process_time() - before)
            if not number % 2:
                times.bare.append(seconds(other))
    for item in (recorded, store, bare):
        item.close()
    return times


def _changes(count: int) -> Iterator[Change]:
    device = OtherDevice(_SEED)
    every = (change for number in range(count) for change in device.case_file(number))
    return islice(every, count)


def _pieces(changes: list[Change]) -> Iterator[list[Change]]:
    for start in range(0, len(changes), ENVELOPE):
        yield changes[start : start + ENVELOPE]


def _apply(store: SqlStore, changes: list[Change]) -> None:
    for piece in _pieces(changes):
        with store.unit_of_work() as work:
            work.apply(piece)


def _record(store: SqlStore, recorder: Recorder, changes: list[Change]) -> list[Statement]:
    recorder.take()
    with store.unit_of_work() as work:
        work.apply(changes)
    return in_bulk(recorder.take())


def _insert(connection: Connection, bulk: list[list[Statement]]) -> None:
    for piece in bulk:
        connection.execute("BEGIN IMMEDIATE")
        for statement in piece:
            statement.run(connection)
        connection.execute("COMMIT")


def _peak(folder: Path, count: int) -> float:
    """Give the most memory in MB that a process took that applied so many changes."""
    empty_home(folder)
    command = [sys.executable, "-m", "tests.benchmarks.applying", str(folder), str(count)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(done.stdout)


def main(home: Path, count: int) -> None:
    """Apply so many changes, and print this process's peak of memory in MB."""
    process, most = psutil.Process(), 0
    store = open_home(home, _SEED)
    coming = _changes(count)
    while part := list(islice(coming, _PART)):
        _apply(store, part)
        most = max(most, process.memory_info().rss)
    store.close()
    sys.stdout.write(f"{most / _MB}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
