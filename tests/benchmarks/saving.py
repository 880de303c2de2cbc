"""Saving one form: a person with five registers, against the same statements with their values ready."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from app.domain.declarations import PERSON
from app.domain.dots import Dot
from app.domain.records import Record, new_record
from app.storage.connection import Connection, open_reader, open_writer
from app.storage.store import SqlStore
from tests.benchmarks.databases import copy_of, database_of, key, open_home, whole_home
from tests.benchmarks.language import German
from tests.benchmarks.recording import Statement, recording_store
from tests.benchmarks.rows import Measured
from tests.benchmarks.timing import interleaved, percentile

SAVES = 400
WARM_UP = 20
CASE_FILES = 1000
_SEED = "saving"
_WAL_HEADER, _FRAME_HEADER, _PAGE = 32, 24, 4096


def measure(folder: Path) -> list[Measured]:
    """Give the rows about saving one form."""
    home = whole_home(CASE_FILES)
    forms = _forms(copy_of(home, folder / "forms"), WARM_UP + SAVES)
    recorded = _record(copy_of(home, folder / "recorded"), forms)
    ratio, explained = _ratio(home, folder, forms, recorded)
    pages, commits = _log(copy_of(home, folder / "counted"), forms[:SAVES])
    return [
        Measured("save", ratio, explained),
        Measured("save.wal_pages", percentile(pages, 0.99), _spread(pages)),
        Measured("save.commits", max(commits), "most commits of one save"),
    ]


def _spread(pages: list[float]) -> str:
    half, most = percentile(pages, 0.5), max(pages)
    return f"99 % of {len(pages)} saves among {CASE_FILES} case files; half ≤ {half:.0f}, most {most:.0f}"


def _forms(home: Path, count: int) -> list[Record]:
    """Give filled forms of five registers: belongs, household, age, nationality, German."""
    store = open_home(home, "forms")
    page = store.queries.case_page(None, count)
    store.close()
    german = German(_SEED)
    cases = [row.id for row in page.rows]
    return [_person(cases[number % len(cases)], number, german.word()) for number in range(count)]


def _person(case: Dot | None, number: int, word: str) -> Record:
    return new_record(
        PERSON,
        case,
        label=f"Person {number}",
        household_role="adult",
        birth_year=1960 + number % 40,
        nationality=word,
        german_level="a1",
    )


def _save(store: SqlStore, form: Record) -> None:
    with store.unit_of_work() as work:
        work.save(None, form)


def _record(home: Path, forms: list[Record]) -> list[list[Statement]]:
    store, recorder = recording_store(home, _SEED)
    recorder.take()
    found = []
    for form in forms:
        _save(store, form)
        found.append(recorder.take())
    store.close()
    return found


def _ratio(
    home: Path, folder: Path, forms: list[Record], recorded: list[list[Statement]]
) -> tuple[float, str]:
    store = open_home(copy_of(home, folder / "own"), _SEED)
    bare = open_writer(database_of(copy_of(home, folder / "bare")), key())
    pairs = [
        (partial(_save, store, form), partial(_replay, bare, statements))
        for form, statements in zip(forms, recorded, strict=True)
    ]
    _warm_up(pairs[:WARM_UP])
    own, other = interleaved(pairs[WARM_UP:])
    store.close()
    bare.close()
    if _changes(folder / "own") != _changes(folder / "bare"):
        raise AssertionError("the statements that were replayed are not those of the saves")
    count = len(recorded[-1])
    return (
        own / other,
        f"{own * 1000:.2f} ms; the same {count} statements, values ready: {other * 1000:.2f} ms",
    )


def _replay(connection: Connection, statements: list[Statement]) -> None:
    for item in statements:
        item.run(connection)


def _warm_up(pairs: Sequence[tuple[Callable[[], object], Callable[[], object]]]) -> None:
    for own, other in pairs:
        own()
        other()


def _changes(home: Path) -> list[tuple[object, ...]]:
    reader = open_reader(database_of(home), key())
    rows = reader.execute("SELECT * FROM change ORDER BY dot DESC, twin LIMIT 5000").fetchall()
    reader.close()
    return rows


def _log(home: Path, forms: list[Record]) -> tuple[list[float], list[int]]:
    """Give pages and commits that each save appends to the write-ahead log, from the frames' own headers."""
    pages: list[float] = []
    commits: list[int] = []
    path = database_of(home)
    log = path.with_name(f"{path.name}-wal")
    store = open_home(home, _SEED)
    other = open_writer(path, key())
    for form in forms:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        _save(store, form)
        added = _frames(log)
        pages.append(len(added))
        commits.append(sum(size_after_commit > 0 for size_after_commit in added))
    other.close()
    store.close()
    return pages, commits


def _frames(log: Path) -> list[int]:
    """Give each frame's database size in pages if a commit ends there, else 0 (sqlite.org/walformat)."""
    content = log.read_bytes()
    starts = range(_WAL_HEADER, len(content), _FRAME_HEADER + _PAGE)
    return [struct.unpack_from(">II", content, start)[1] for start in starts]
