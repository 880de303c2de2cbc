"""Collects garbage in the screen's thread only.

Python's collector runs in whatever thread happens to allocate. If that is a lane's, a window that lies
in a reference cycle is destroyed there, and Qt crashes: its objects must die in their own thread. And it
runs in the middle of whatever allocates: while Qt destroys an object it asks Python for an override and
holds a lock, and a second object that the collector destroys then waits for that lock for ever.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

LOOK_EVERY_MS = 500
OLDEST_EVERY_LOOKS = 240
"""The oldest generation holds a long list, and takes tens of milliseconds: every two minutes at most."""


class Collector(QObject):
    """While it lives, takes over from Python's automatic collection, by the same thresholds."""

    def __init__(self, parent: QObject) -> None:
        """Take over."""
        super().__init__(parent)
        self._looks = 0
        gc.disable()
        self._timer = QTimer(self, interval=LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Collect the generations whose time has come."""
        self._looks += 1
        counts, thresholds = gc.get_count(), gc.get_threshold()
        reach = 3 if self._looks % OLDEST_EVERY_LOOKS == 0 else 2
        due = [place for place in range(reach) if counts[place] > thresholds[place]]
        if due:
            gc.collect(due[-1])

    def stop(self) -> None:
        """Collect no more. Nor does Python by itself: windows are taken down next."""
        self._timer.stop()
