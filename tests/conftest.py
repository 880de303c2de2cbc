"""What holds for every test: a home of its own, one screen scale and zone, replayable examples."""

import gc
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from multiprocessing.util import get_temp_dir
from pathlib import Path

import pytest
import stamina
from hypothesis import HealthCheck, settings

from app.i18n import language, set_language
from tests.demo.screen import virtual_screen
from tests.support.sqlite_memory import count_no_memory

# The machine's own scale, theme and zone must not decide what a test sees.
os.environ.update(QT_SCALE_FACTOR="1", QT_QPA_PLATFORMTHEME="", TZ="Europe/Berlin")
time.tzset()
SCREEN_SIZE = "1600x1000x24"
MEMORY = Path("/dev/shm")
"""Where Linux keeps files in memory."""
ENOUGH = 1 << 30
"""Bytes that must be free there for the tests' homes; a whole run needs a quarter of it."""
ALLOCATIONS = 100_000
"""New objects at which cycles are looked for: with Python's 700 that is a twelfth of some tests' time."""
TRIES = 10
"""As often as the program itself tries at most; what it waits between is waited in one test only."""
_screen = ExitStack()

settings.register_profile("dev", max_examples=50, deadline=None, print_blob=True)
settings.register_profile(
    "ci",
    max_examples=200,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))


def pytest_configure(config: pytest.Config) -> None:
    """Give each process of the run a virtual screen of its own: on a shared one they take the focus.

    Homes lie in memory where there is room: nothing here tells whether a disk keeps what it was told to,
    and to wait for it costs two thirds of the time of a test with three devices.
    """
    count_no_memory()
    stamina.set_testing(True, attempts=TRIES, cap=True)
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
    if hasattr(config, "workerinput") or not config.getoption("numprocesses", None):
        if shutil.which("Xvfb"):
            _screen.enter_context(virtual_screen(SCREEN_SIZE))
        elif not os.environ.get("DISPLAY"):
            pytest.exit("Xvfb is missing: `make setup` names the packages to install.", returncode=1)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let every worker begin with its share of the long tests, so that they end together, on short ones;
    otherwise the random order stays.
    """
    slow = [item for item in items if item.get_closest_marker("slow")]
    quick = [item for item in items if not item.get_closest_marker("slow")]
    workers, count = getattr(config, "workerinput", {}).get("workercount", 1), len(items)
    items.clear()
    for worker in range(workers):
        # `--dist worksteal` gives each an unbroken part of the list, all of one length.
        items += slow[worker::workers]
        room = max(0, count * (worker + 1) // workers - len(items))
        items += quick[:room]
        del quick[:room]
    items += quick


def pytest_collection_finish() -> None:
    """Leave what was imported out of every search for garbage: it stays until the end, and is much."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(ALLOCATIONS)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let nothing be collected while windows are taken down, as in the program (`ui.collector`)."""
    if {"qtbot", "qapp"} & set(getattr(item, "fixturenames", ())):
        gc.disable()
        gc.collect(1)
    else:
        gc.enable()


def pytest_unconfigure() -> None:
    """Take the virtual screen down."""
    _screen.close()


@pytest.fixture(scope="session", autouse=True)
def isolated_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home, temp folder and data folder of this run; the user's own are never touched."""
    get_temp_dir()  # a socket of `multiprocessing` begins there: its path may not be as long as ours
    home = tmp_path_factory.mktemp("home")
    home.chmod(0o700)
    temp = home / "tmp"
    temp.mkdir()
    places = {
        "HOME": home,
        "KIM_MOBIL_HOME": home / "kim-mobil",
        "TMPDIR": temp,
        "XDG_CACHE_HOME": home / "cache",
        "XDG_CONFIG_HOME": home / "config",
        "XDG_DATA_HOME": home / "data",
        "XDG_RUNTIME_DIR": home,
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, place in places.items():
            patch.setenv(name, str(place))
        patch.setattr(tempfile, "tempdir", None)
        yield home


@pytest.fixture(autouse=True)
def texts_in_english() -> Iterator[None]:
    """Texts are msgids unless a test switches; a switch ends with its test."""
    before = language()
    set_language("en")
    yield
    set_language(before)
