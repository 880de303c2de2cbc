"""One look at the screen in a process of its own; prints what it found as JSON.

`python -m tests.benchmarks.probe <what> [home]`. What is measured from the start of the process counts
from the moment that the caller noted; `time.monotonic` is the same clock in every process.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ui.application import Program


def bare() -> dict[str, float]:
    """Show an empty window: when it was painted, and how much memory the process then takes."""
    from PySide6.QtWidgets import QApplication, QWidget

    from tests.benchmarks.painting import when_painted

    application = QApplication([])
    window = QWidget()
    window.resize(640, 460)
    found: dict[str, float] = {}

    def note() -> None:
        found.update(painted=time.monotonic(), rss=_rss())
        application.quit()

    keep = when_painted(lambda widget: widget is window, note)
    window.show()
    application.exec()
    keep.deleteLater()
    return found


def start() -> dict[str, float]:
    """Start the program as `kim-mobil` does, until the door asks for the passphrase."""
    from ui.main import open_screen

    program = open_screen()

    from tests.benchmarks.painting import when_painted
    from ui.windows.unlock_panel import UnlockPanel

    found: dict[str, float] = {}

    def note() -> None:
        found["painted"] = time.monotonic()
        program.quit()

    keep = when_painted(lambda widget: isinstance(widget, UnlockPanel), note)
    program.run()
    keep.deleteLater()
    return found


def unlock() -> dict[str, float]:
    """Unlock, and tell the seconds until the first page of the list was painted."""
    from ui.main import open_screen

    program = open_screen()

    from tests.benchmarks import journey

    found: dict[str, float] = {}

    def note(seconds: float) -> None:
        found["seconds"] = seconds
        program.quit()

    keep = journey.unlock(program, note)
    program.run()
    keep.clear()
    return found


def listed() -> dict[str, float]:
    """Unlock, so that the list is open: how much memory the process then takes."""
    return _walk("stand_still", lambda _program: {"rss": _rss()})


def everything() -> dict[str, float]:
    """Unlock and scroll through the whole list: how much memory the process then takes."""
    return _walk("load_everything", lambda _program: {"rss": _rss()})


def through() -> dict[str, float]:
    """Unlock and walk through the program: how long the screen's thread let a watchdog wait."""
    return _walk("through_everything", lambda _program: {})


def _walk(steps: str, take: Callable[[Program], dict[str, float]]) -> dict[str, float]:
    from ui.main import open_screen

    program = open_screen()

    from tests.benchmarks import journey
    from tests.benchmarks.timing import percentile

    found: dict[str, float] = {}
    kept: list[object] = []

    def walk(_seconds: float) -> None:
        if program.work is not None:
            program.work.rounds.stop()
        watchdog = journey.Watchdog()

        def end() -> None:
            waits = watchdog.stop()
            found.update(take(program), p99=percentile(waits, 0.99), longest=max(waits), count=len(waits))
            program.quit()

        kept.extend([watchdog, journey.Walk(getattr(journey, steps)(program), end)])

    kept.extend(journey.unlock(program, walk))
    program.run()
    kept.clear()
    return found


def _rss() -> float:
    import psutil

    return float(psutil.Process().memory_info().rss)


PROBES: dict[str, Callable[[], dict[str, float]]] = {
    "bare": bare,
    "start": start,
    "unlock": unlock,
    "listed": listed,
    "everything": everything,
    "through": through,
}


def main() -> None:
    """Run one probe."""
    sys.stdout.write(json.dumps(PROBES[sys.argv[1]]()) + "\n")


if __name__ == "__main__":
    main()
