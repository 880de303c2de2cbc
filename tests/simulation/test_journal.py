"""A long run that is stopped goes on where it was, on the same code alone."""

from pathlib import Path

import pytest

from tests.simulation import __main__ as command
from tests.simulation import journal
from tests.simulation.journal import Journal
from tests.support.simulation.tally import Tally, live_through, seeds_of

SEED = 9


def test_a_run_goes_on_where_it_was_stopped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "soak.txt"
    begun = live_through(seeds_of(SEED, 2))
    Journal(path, SEED).note(begun)
    with path.open("a") as file:
        file.write('{"code": "cut o')
    given = ["--histories", "3", "--seed", str(SEED), "--jobs", "1", "--journal", str(path)]
    assert command.main(given) == 0
    whole = begun + live_through(seeds_of(SEED, 3)[2:])
    assert f"trace hash {whole.digest}" in capsys.readouterr().out
    assert Journal(path, SEED).begun().histories == 3


def test_what_was_wrong_before_stays_wrong(tmp_path: Path) -> None:
    made = Journal(tmp_path / "soak.txt", SEED)
    made.note(Tally(50, hidden=1, wrong=(7,)))
    assert made.begun() == Tally(50, hidden=1, wrong=(7,))


def test_another_seed_and_other_code_begin_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "soak.txt"
    Journal(path, SEED).note(Tally(50))
    assert Journal(path, SEED + 1).begun() == Tally()
    monkeypatch.setattr(journal, "code_digest", lambda: "other")
    assert Journal(path, SEED).begun() == Tally()


def test_code_that_histories_run_is_in_the_digest() -> None:
    before = journal.code_digest()
    assert before == journal.code_digest()
    files = {str(name) for name in journal.loaded_files()}
    assert {"sync/engine.py", "app/domain/merge.py", "app/storage/schema.sql"} <= files
    assert not any(name.startswith("ui/") for name in files)
