"""Databases to measure on, built once and kept under build/bench-cache until schema or generator change."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from app.domain.merge import Change
from app.storage.migrate import migrations
from app.storage.store import SqlStore
from tests.benchmarks.changes import OtherDevice
from tests.support.ports import SINA
from tests.support.stores import make_store

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / "build" / "bench-cache"
SEED = "bench"
BATCH = 5000
_GENERATORS = (
    "tests/benchmarks/changes.py",
    "tests/benchmarks/databases.py",
    "tests/benchmarks/language.py",
    "tests/support/invented/case_files.py",
    "tests/support/invented/words.py",
    "app/storage/search_index.py",
    "app/storage/projection.py",
)


def searched_database(case_files: int) -> Path:
    """Give the file of a supervisor's store with case files and all their notes."""
    return _kept(f"searched-{case_files}", _searched(case_files))


def listed_database(case_files: int, with_notes: int) -> Path:
    """Give the file of a store of many case files, of which `with_notes` hold their records and notes."""
    searched = searched_database(with_notes)
    return _kept(f"listed-{case_files}", _heads(with_notes, case_files), searched)


def whole_database(case_files: int) -> Path:
    """Give the file of a store of case files with every register."""
    device = OtherDevice(SEED, session=11)
    changes = (change for number in range(case_files) for change in device.case_file(number))
    return _kept(f"whole-{case_files}", changes)


def copy_of(database: Path, target: Path) -> Path:
    """Give a copy that may be written to; the original's log is empty, because it was closed."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(database, target)
    return target


def apply_all(store: SqlStore, changes: Iterable[Change], batch: int = BATCH) -> None:
    """Merge changes, so many in a transaction."""
    coming = iter(changes)
    while part := list(islice(coming, batch)):
        with store.unit_of_work() as work:
            work.apply(part)


def _searched(case_files: int) -> Iterator[Change]:
    device = OtherDevice(SEED, session=12)
    for number in range(case_files):
        yield from device.case_file(number, whole=False)


def _heads(first: int, last: int) -> Iterator[Change]:
    device = OtherDevice(SEED, session=13)
    for number in range(first, last):
        yield from device.head_only(number)


def _kept(name: str, changes: Iterable[Change], base: Path | None = None) -> Path:
    path = CACHE / f"{name}-{_version()}.sqlite"
    if path.exists():
        return path
    CACHE.mkdir(parents=True, exist_ok=True)
    for old in CACHE.glob(f"{name}-*"):
        old.unlink()
    building = CACHE / f"{name}.building"
    for rest in CACHE.glob(f"{building.name}*"):
        rest.unlink()
    if base is not None:
        shutil.copyfile(base, building)
    store = make_store(building, SINA, create=base is None, seed=name)
    apply_all(store, changes)
    store.close()
    return building.rename(path)


def _version() -> str:
    """Give a hash of all that decides what is in such a file."""
    digest = hashlib.sha256("".join(migrations()).encode())
    for name in _GENERATORS:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()[:12]
