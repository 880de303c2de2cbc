"""One look at the screen in a process of its own; prints what it found as JSON.

`python -m tests.benchmarks.probe <what> [home]`. What is measured from the start of the process counts
from the moment that the caller noted; `time.monotonic` is the same clock in every process.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable


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


def _rss() -> float:
    import psutil

    return float(psutil.Process().memory_info().rss)


PROBES: dict[str, Callable[[], dict[str, float]]] = {"bare": bare, "start": start}


def main() -> None:
    """Run one probe."""
    sys.stdout.write(json.dumps(PROBES[sys.argv[1]]()) + "\n")


if __name__ == "__main__":
    main()
