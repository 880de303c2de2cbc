"""One flipped bit in database, log, keys or backup: noticed, said, and nothing else is harmed."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.domain.errors import KimError
from app.error_messages import ENTRIES
from app.storage.errors import BackupDamagedError
from sync import compose
from sync.recovery.restore import restore
from tests.support.backups import PASSPHRASE, Alone, back_up, lone_computer
from tests.support.district import case_file, edit_case, open_case

FLIPS = 40


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Alone]:
    with lone_computer(tmp_path / "alone") as made:
        yield made


@pytest.fixture
def chance() -> random.Random:
    seed = random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}")  # shown by pytest when the test fails
    return random.Random(seed)


def flip(path: Path, at: int, bit: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1 << bit
    path.write_bytes(data)


def refusal(act: Callable[[], object]) -> KimError:
    """Do what must be refused, and give why; the sentence for it must exist."""
    with pytest.raises(KimError) as refused:
        act()
    assert refused.value.error_id in ENTRIES
    return refused.value


@pytest.mark.parametrize("name", ["store.db", "vault.kim"])
def test_a_bit_of_store_or_keys_is_noticed(alone: Alone, chance: random.Random, name: str) -> None:
    case = open_case(alone.place, "vor dem Fehler")
    alone.place.close()
    copy = alone.home.with_name("copy")
    for _flip in range(FLIPS):
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(alone.home, copy)
        flip(copy / name, chance.randrange((copy / name).stat().st_size), chance.randrange(8))
        error = refusal(lambda: compose.examine(copy, PASSPHRASE, clock=alone.clock))
        assert error.error_id in {"database_damaged", "database_wrong_key", "vault_damaged", "vault_newer"}
    assert case_file(alone.reopen(), case).text("concern") == "vor dem Fehler"


def test_a_bit_of_the_log_that_a_crash_left_is_noticed(alone: Alone, chance: random.Random) -> None:
    case = open_case(alone.place)
    for number in range(6):
        edit_case(alone.place, case, concern=f"Nummer {number}")
    crashed = alone.home.with_name("crashed")
    shutil.copytree(alone.home, crashed)  # as a power cut would leave it: the log was not taken home
    alone.place.close()
    log = crashed / "store.db-wal"
    half = log.stat().st_size // 2
    assert half > 20_000
    for _flip in range(FLIPS // 4):
        copy = alone.home.with_name("copy")
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(crashed, copy)
        flip(copy / log.name, chance.randrange(half), chance.randrange(8))

        def unlock(copy: Path = copy) -> None:
            compose.unlock(copy, PASSPHRASE, clock=alone.clock, entropy=alone.entropy).close()

        assert refusal(unlock).error_id == "database_damaged"
        assert refusal(unlock).error_id == "database_damaged"  # and again: nothing was taken for the end
    place = compose.unlock(crashed, PASSPHRASE, clock=alone.clock, entropy=alone.entropy)
    assert case_file(place, case).text("concern") == "Nummer 5"
    place.close()


def test_a_bit_of_a_backup_is_noticed_and_nothing_is_brought_back(
    alone: Alone, chance: random.Random, tmp_path: Path
) -> None:
    open_case(alone.place)
    good = back_up(alone).path
    for _flip in range(FLIPS):
        bad = tmp_path / "bad.kimbackup"
        shutil.copyfile(good, bad)
        flip(bad, chance.randrange(bad.stat().st_size), chance.randrange(8))

        def bring_back(path: Path = bad) -> None:
            restore(tmp_path / "new", path, PASSPHRASE, clock=alone.clock, entropy=alone.entropy)

        assert isinstance(refusal(bring_back), BackupDamagedError)
        assert compose.home_state(tmp_path / "new") is compose.HomeState.EMPTY
    restore(tmp_path / "new", good, PASSPHRASE, clock=alone.clock, entropy=alone.entropy).close()
