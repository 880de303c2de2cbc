"""Search as you type over the notes of all case files, letter by letter."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from app.storage.connection import Connection, open_reader
from app.storage.store import SqlStore
from tests.benchmarks.databases import SEED, copy_of, database_of, key, open_home, searched_home
from tests.benchmarks.language import German
from tests.benchmarks.recording import Statement, recording_store
from tests.benchmarks.rows import Measured
from tests.benchmarks.timing import percentile, quiet, seconds
from tests.support.invented import words

NORMAL, STRESS = 20_000, 100_000
FOUND = 50
WORDS = 60
PAIRS = 40
LONGEST = 8
_PREFIX_LENGTHS = (1, 2, 3)


def measure(folder: Path, *, stress: bool) -> list[Measured]:
    """Give the rows about search."""
    home = copy_of(searched_home(NORMAL), folder / "searched")
    rows = [_speed(home, NORMAL), _plans(home)]
    if stress:
        rows.append(_speed(copy_of(searched_home(STRESS), folder / "stress"), STRESS))
    else:
        rows.append(Measured(f"search.{STRESS}", None, "minutes to build: BENCH_STRESS=1"))
    return rows


def typed_texts(case_files: int) -> Iterator[str]:
    """Give what stands in the search field after each letter: frequent, rare and own words, and pairs."""
    chance = random.Random(SEED)
    german = German(SEED)
    whole = [german.word() for _ in range(WORDS)]
    whole += [words.own_words(SEED, chance.randrange(case_files))[0] for _ in range(WORDS // 4)]
    whole += [*words.MUNICIPALITIES, *words.NATIONALITIES, "MUS-25-000123"]
    for word in whole:
        for count in range(1, min(len(word), LONGEST) + 1):
            yield word[:count]
    for _ in range(PAIRS):
        first, second = chance.sample(whole, 2)
        for count in range(1, min(len(second), LONGEST) + 1):
            yield f"{first} {second[:count]}"


def _speed(home: Path, case_files: int) -> Measured:
    store = open_home(home, "searching")
    texts = list(dict.fromkeys(typed_texts(case_files)))
    random.Random(SEED).shuffle(texts)
    with quiet():
        times = [seconds(partial(_search, store, text)) * 1000 for text in texts]
    store.close()
    told = f"{len(texts)} queries, {_entries(home):,} entries; half ≤ {percentile(times, 0.5):.1f} ms"
    return Measured(f"search.{case_files}", percentile(times, 0.95), f"{told}, longest {max(times):.1f} ms")


def _search(store: SqlStore, text: str) -> object:
    return store.queries.search_cases(text, FOUND)


def _plans(home: Path) -> Measured:
    """Count queries that do not go by the index, and prefix lengths that it does not hold."""
    store, recorder = recording_store(home, "plans")
    recorder.take()
    texts = list(dict.fromkeys(typed_texts(NORMAL)))
    for text in texts:
        _search(store, text)
    asked = [item for item in recorder.take() if "MATCH" in item.sql]
    store.close()
    reader = open_reader(database_of(home), key())
    wrong = sum(not _by_index(reader, item) for item in asked)
    lacking = len(set(_PREFIX_LENGTHS) - _prefix_lengths(reader))
    reader.close()
    told = (
        f"of {len(asked)} plans; the index holds prefixes of {', '.join(map(str, _PREFIX_LENGTHS))} letters"
    )
    return Measured("search.without_prefix_index", wrong + lacking, told)


def _by_index(reader: Connection, asked: Statement) -> bool:
    """Whether FTS5 answers by MATCH, newest first by itself, and the rest goes by primary key."""
    plan = [str(row[3]) for row in reader.execute(f"EXPLAIN QUERY PLAN {asked.sql}", asked.values)]
    matched = any(re.search(r"VIRTUAL TABLE INDEX \d+:\S*M", step) for step in plan)
    return matched and not any("TEMP B-TREE" in step or step.startswith("SCAN search_text") for step in plan)


def _prefix_lengths(reader: Connection) -> set[int]:
    """Give the prefix indexes that hold terms; FTS5 puts an index's number before each (0: whole words)."""
    rows = reader.execute("SELECT DISTINCT substr(CAST(term AS TEXT), 1, 1) FROM search_idx").fetchall()
    return {int(number) for (number,) in rows if number}


def _entries(home: Path) -> int:
    reader = open_reader(database_of(home), key())
    count = int(reader.execute("SELECT count(*) FROM search_text").fetchone()[0])
    reader.close()
    return count
