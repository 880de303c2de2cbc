"""Saving over and over: what a save of one register costs after a thousand edits, against a fresh one."""

from __future__ import annotations

from pathlib import Path
from statistics import median
from time import process_time

from app.domain.records import Record
from app.storage.store import SqlStore
from tests.benchmarks.databases import copy_of, open_home, whole_home
from tests.benchmarks.rows import Measured
from tests.benchmarks.timing import quiet

EDITS = 1000
MEASURED = 60
CASE_FILES = 1000


def measure(folder: Path) -> list[Measured]:
    """Give the row about how saves grow dearer; processor time, for waiting for the disk hides it."""
    store = open_home(copy_of(whole_home(CASE_FILES), folder / "edited"), "editing")
    one, *others = _case_files(store, 1 + MEASURED)
    for number in range(EDITS):
        one = _edit(store, one, number)[0]
    late: list[float] = []
    first: list[float] = []
    with quiet():
        for number, other in enumerate(others):
            one, taken = _edit(store, one, EDITS + number)
            late.append(taken)
            first.append(_edit(store, other, number)[1])
    store.close()
    own, fresh = median(late), median(first)
    told = f"{own * 1000:.2f} ms after {EDITS:,} edits of one register; the first edit {fresh * 1000:.2f} ms"
    return [Measured("save.growth", own / fresh, told)]


def _case_files(store: SqlStore, count: int) -> list[Record]:
    page = store.queries.case_page(None, count)
    found = (store.queries.record("CaseFile", row.id) for row in page.rows if row.id is not None)
    return [record for record in found if record is not None]


def _edit(store: SqlStore, base: Record, number: int) -> tuple[Record, float]:
    start = process_time()
    with store.unit_of_work() as work:
        saved = work.save(base, base.edited(concern=f"What was said, version {number}")).record
    return saved, process_time() - start
