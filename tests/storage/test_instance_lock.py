"""One running program for each database, with real processes."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.storage.errors import SecondInstanceError
from app.storage.instance_lock import InstanceLock, lock_path

HOLDER = """
import sys
from pathlib import Path
from app.storage.errors import SecondInstanceError
from app.storage.instance_lock import InstanceLock
try:
    InstanceLock(Path(sys.argv[1])).take()
except SecondInstanceError:
    print("refused", flush=True)
else:
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "kim.db"


@contextmanager
def second_program(database: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A second process that tries to take the lock, and what it said."""
    command = [sys.executable, "-c", HOLDER, str(database)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        try:
            yield child, child.stdout.readline().strip()
        finally:
            child.kill()


def test_second_process_refused_while_the_first_runs(database: Path) -> None:
    with InstanceLock(database), second_program(database) as (_, said):
        assert said == "refused"


def test_second_process_allowed_after_release(database: Path) -> None:
    lock = InstanceLock(database)
    lock.take()
    lock.release()
    with second_program(database) as (_, said):
        assert said == "held"


def test_this_process_refused_while_another_holds(database: Path) -> None:
    with second_program(database) as (_, said):
        assert said == "held"
        with pytest.raises(SecondInstanceError):
            InstanceLock(database).take()


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_lock_free_after_kill_9(database: Path) -> None:
    with second_program(database) as (child, said):
        assert said == "held"
        child.send_signal(signal.SIGKILL)
        child.wait()
        InstanceLock(database).take()


def test_second_lock_in_one_process_refused(database: Path) -> None:
    with InstanceLock(database), pytest.raises(SecondInstanceError):
        InstanceLock(database).take()


def test_other_database_is_free(database: Path) -> None:
    with InstanceLock(database), InstanceLock(database.with_name("other.db")):
        assert lock_path(database).exists()


def test_children_do_not_inherit_the_lock(database: Path) -> None:
    lock = InstanceLock(database)
    lock.take()
    with subprocess.Popen(
        [sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE
    ) as child:
        lock.release()
        with second_program(database) as (_, said):
            assert said == "held"
        child.kill()


def test_release_twice_is_harmless(database: Path) -> None:
    lock = InstanceLock(database)
    lock.take()
    lock.release()
    lock.release()
    with InstanceLock(database):
        pass
