"""Stores to measure on, built once and kept under build/bench-cache until schema or generator change."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from pathlib import Path

from app.domain.merge import Change
from app.security.vault import open_with_passphrase
from app.services.ports import Store
from app.storage.migrate import migrations
from app.storage.store import SqlStore, Worker, open_store
from sync import compose
from sync.compose import DistrictSetUp
from sync.home import DATABASE, VAULT
from tests.benchmarks.changes import OtherDevice
from tests.support.district import CHEAP, PASSPHRASE
from tests.support.ports import SINA, SeededEntropy, SteeredClock

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
    "app/storage/posting.py",
    "app/storage/search_index.py",
    "app/storage/projection.py",
)


def searched_home(case_files: int) -> Path:
    """Give the home of a supervisor with case files and all their notes."""
    return _kept(f"searched-{case_files}", _searched(case_files))


def listed_home(case_files: int, with_notes: int) -> Path:
    """Give the home of somebody with many case files, of which `with_notes` hold their records and notes."""
    searched = searched_home(with_notes)
    return _kept(f"listed-{case_files}", _heads(with_notes, case_files), searched)


def whole_home(case_files: int) -> Path:
    """Give the home of somebody with case files of which every register is there."""
    device = OtherDevice(SEED, session=11)
    changes = (change for number in range(case_files) for change in device.case_file(number))
    return _kept(f"whole-{case_files}", changes)


def copy_of(home: Path, target: Path) -> Path:
    """Give a copy of a home that may be written to."""
    return Path(shutil.copytree(home, target))


def database_of(home: Path) -> Path:
    """Give the file of a home's store."""
    return home / DATABASE


@cache
def key() -> bytes:
    """Give the raw key of every store made here: it follows from the seed."""
    home = _kept("empty", ())
    vault = open_with_passphrase(home / VAULT, PASSPHRASE, SteeredClock())
    found = bytes(vault.database_key)
    vault.close()
    return found


def open_home(home: Path, seed: str) -> SqlStore:
    """Open a home's store as its supervisor, without the work of unlocking."""
    worker = Worker(1000 + SINA.id, SINA.id, cleared=True)
    return open_store(database_of(home), key(), worker, SteeredClock(), SeededEntropy(seed))


def empty_home(target: Path) -> Path:
    """Give a home that holds no case files."""
    return copy_of(_kept("empty", ()), target)


def apply_all(store: Store, changes: Iterable[Change], batch: int = BATCH) -> None:
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
    path = CACHE / f"{name}-{_version()}"
    if path.exists():
        return path
    CACHE.mkdir(parents=True, exist_ok=True)
    for old in (*CACHE.glob(f"{name}-*"), *CACHE.glob(f"{name}.building")):
        shutil.rmtree(old)
    building = CACHE / f"{name}.building"
    if base is None:
        setup = DistrictSetUp("Musterkreis", "MUS", "kreis", "Sina Vogt", "")
        place, _recovery_key = compose.set_up_district(
            building, PASSPHRASE, setup, clock=SteeredClock(), entropy=SeededEntropy(SEED), cost=CHEAP
        )
    else:
        copy_of(base, building)
        place = compose.unlock(building, PASSPHRASE, clock=SteeredClock(), entropy=SeededEntropy(name))
    apply_all(place.session.store, changes)
    place.close()
    return building.rename(path)


def _version() -> str:
    """Give a hash of all that decides what is in such a file."""
    digest = hashlib.sha256("".join(migrations()).encode())
    for name in _GENERATORS:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()[:12]
