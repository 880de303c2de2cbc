"""The growing wait after wrong passphrases, over restarts and whatever is done to the clock."""

import subprocess
import sys
from pathlib import Path

import pytest

from app.security.attempts import Attempts, attempts_path, wait_after
from app.security.errors import TooManyTriesError, WrongPassphraseError
from app.security.vault import change_passphrase, open_with_passphrase, open_with_recovery_key
from tests.support.keys import CHEAP, PASSPHRASE, RandomBytes, SetClock, make_vault


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "vault.kim"
    make_vault(path)
    return path


def try_wrong(path: Path, clock: SetClock, times: int = 1) -> int:
    """So many wrong tries; the wait that the last one announced, in seconds."""
    announced = 0
    for _ in range(times):
        with pytest.raises(WrongPassphraseError) as caught:
            open_with_passphrase(path, "falsch", clock)
        announced = int(caught.value.params["wait_seconds"])
    return announced


def seconds_to_wait(path: Path, clock: SetClock) -> int:
    """What a try with the right passphrase is told while the wait runs."""
    with pytest.raises(TooManyTriesError) as caught:
        open_with_passphrase(path, PASSPHRASE, clock)
    return int(caught.value.params["wait_seconds"])


def test_wait_after_grows_from_five_seconds_to_fifteen_minutes() -> None:
    waits = [wait_after(failures) for failures in range(4, 15)]
    assert waits == [0, 5, 10, 20, 40, 80, 160, 320, 640, 900, 900]
    assert wait_after(10**9) == 900


def test_five_wrong_tries_are_free_then_a_wait(path: Path) -> None:
    clock = SetClock()
    assert try_wrong(path, clock, 4) == 0
    assert try_wrong(path, clock) == 5
    assert seconds_to_wait(path, clock) == 5
    clock.pass_time(4)
    assert seconds_to_wait(path, clock) == 1
    clock.pass_time(1.1)
    assert open_with_passphrase(path, PASSPHRASE, clock).is_open


def test_each_further_wrong_try_doubles_the_wait(path: Path) -> None:
    clock = SetClock()
    try_wrong(path, clock, 5)
    clock.pass_time(6)
    assert try_wrong(path, clock) == 10
    clock.pass_time(11)
    assert try_wrong(path, clock) == 20


def test_refused_tries_do_not_lengthen_the_wait(path: Path) -> None:
    clock = SetClock()
    try_wrong(path, clock, 5)
    for _ in range(20):
        assert seconds_to_wait(path, clock) == 5


def test_right_passphrase_starts_again_from_nothing(path: Path) -> None:
    clock = SetClock()
    try_wrong(path, clock, 4)
    open_with_passphrase(path, PASSPHRASE, clock).close()
    assert try_wrong(path, clock, 4) == 0


def test_recovery_and_new_passphrase_end_the_wait(tmp_path: Path) -> None:
    path = tmp_path / "vault.kim"
    _, printed = make_vault(path)
    clock = SetClock()
    try_wrong(path, clock, 5)
    vault = open_with_recovery_key(path, printed)
    change_passphrase(path, vault, "die neue lange Passphrase", RandomBytes(), clock, CHEAP)
    assert open_with_passphrase(path, "die neue lange Passphrase", clock).is_open


def test_wait_survives_a_new_process(path: Path) -> None:
    script = f"""
import time
from datetime import UTC, datetime
from pathlib import Path
from app.security.errors import TooManyTriesError, WrongPassphraseError
from app.security.vault import open_with_passphrase
class Clock:
    now = staticmethod(lambda: datetime.now(UTC))
    monotonic = staticmethod(time.monotonic)
try:
    open_with_passphrase(Path({str(path)!r}), "falsch", Clock())
except (TooManyTriesError, WrongPassphraseError) as error:
    print(error.error_id)
"""
    said = [
        subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True
        ).stdout.strip()
        for _ in range(6)
    ]
    assert said == ["wrong_passphrase"] * 5 + ["too_many_tries"]


@pytest.mark.parametrize("back", [3.0, 3600.0, 10 * 365 * 86400.0])
def test_clock_set_back_shortens_nothing_and_locks_nobody_out(path: Path, back: float) -> None:
    clock = SetClock()
    try_wrong(path, clock, 5)
    clock.set_wall(-back)
    assert seconds_to_wait(path, clock) == 5
    clock.pass_time(5.1 + min(back, 5))
    assert open_with_passphrase(path, PASSPHRASE, clock).is_open


def test_clock_set_back_and_restart_waits_once_more_not_for_years(path: Path) -> None:
    clock = SetClock()
    try_wrong(path, clock, 5)
    clock.set_wall(-10 * 365 * 86400.0)
    clock.reboot()
    assert seconds_to_wait(path, clock) == 5
    clock.pass_time(5.1)
    assert open_with_passphrase(path, PASSPHRASE, clock).is_open


def test_clock_set_forward_shortens_nothing(path: Path) -> None:
    clock = SetClock()
    try_wrong(path, clock, 5)
    clock.set_wall(86400.0)
    assert seconds_to_wait(path, clock) == 5


def test_restart_after_the_wait_is_over(path: Path) -> None:
    clock = SetClock()
    try_wrong(path, clock, 5)
    clock.pass_time(60)
    clock.reboot()
    assert open_with_passphrase(path, PASSPHRASE, clock).is_open


def test_try_is_counted_before_it_is_made(path: Path) -> None:
    # Somebody who cuts the program off while it computes gains nothing.
    clock = SetClock()
    Attempts(attempts_path(path), clock).count()
    assert Attempts(attempts_path(path), clock).failures == 1


@pytest.mark.parametrize("content", [b"", b"x", b"KIMA" + bytes(28)])
def test_unreadable_record_counts_as_free_tries_used(path: Path, content: bytes) -> None:
    attempts_path(path).write_bytes(content)
    clock = SetClock()
    assert seconds_to_wait(path, clock) == 5
    clock.pass_time(5.1)
    assert open_with_passphrase(path, PASSPHRASE, clock).is_open


def test_record_is_written_over_in_place(path: Path) -> None:
    clock = SetClock()
    try_wrong(path, clock)
    before = attempts_path(path).stat()
    try_wrong(path, clock)
    after = attempts_path(path).stat()
    assert (before.st_ino, before.st_size) == (after.st_ino, after.st_size) == (before.st_ino, 32)
