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

PASSPHRASE = "ein Satz nur für diese Tests"


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
    from PySide6.QtWidgets import QApplication

    from tests.benchmarks.painting import when_painted
    from ui.windows.door_window import DoorWindow
    from ui.windows.unlock_panel import UnlockPanel

    found: dict[str, float] = {}
    program = _program()

    def note() -> None:
        found["painted"] = time.monotonic()
        program.quit()

    first = when_painted(
        lambda widget: isinstance(widget, DoorWindow), lambda: found.update(first=time.monotonic())
    )
    keep = when_painted(lambda widget: isinstance(widget, UnlockPanel), note)
    program.start()
    QApplication.exec()
    first.deleteLater()
    keep.deleteLater()
    return found


def _program() -> Program:
    """Give the program as `ui.application.run` makes it."""
    from PySide6.QtWidgets import QApplication

    from app import log
    from ui.application import Program, _home_state, _load_doors

    log.start()
    application = QApplication(sys.argv[:1])
    program = Program(application, _load_doors, _home_state)
    program.guard.install()
    return program


def _rss() -> float:
    import psutil

    return float(psutil.Process().memory_info().rss)


PROBES: dict[str, Callable[[], dict[str, float]]] = {"bare": bare, "start": start}


def main() -> None:
    """Run one probe."""
    sys.stdout.write(json.dumps(PROBES[sys.argv[1]]()) + "\n")


if __name__ == "__main__":
    main()
