"""What a benchmark records of a store is what the store did: it must keep working while nobody measures."""

from pathlib import Path

from app.storage.connection import open_writer
from tests.benchmarks.changes import OtherDevice
from tests.benchmarks.databases import SEED, copy_of, database_of, empty_home, key, open_home
from tests.benchmarks.recording import recording_store


def test_statements_that_were_recorded_write_the_same_elsewhere(tmp_path: Path) -> None:
    home = empty_home(tmp_path / "recorded")
    other = copy_of(home, tmp_path / "replayed")
    store, recorder = recording_store(home, SEED)
    recorder.take()
    with store.unit_of_work() as work:
        work.apply(list(OtherDevice(SEED, session=11).case_file(0)))
    statements = recorder.take()
    rows = store.queries.case_page(None, 2).rows
    assert len(rows) == 1
    assert recorder.take(), "what is read is recorded too"
    store.close()
    bare = open_writer(database_of(other), key())
    for statement in statements:
        statement.run(bare)
    bare.close()
    replayed = open_home(other, SEED)
    assert replayed.queries.case_page(None, 2).rows == rows
    replayed.close()
