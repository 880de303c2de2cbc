"""Locks after a time without keys and clicks, and when the computer had slept."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QWindow
from PySide6.QtWidgets import QApplication

from app.services.ports import Clock
from ui.shortcuts import sequence

LOOK_EVERY_MS = 1000
SLEPT_SECONDS = 30
"""A look that comes so much later than planned means that the computer slept."""
LONGEST_MINUTES = 15
_INPUT = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
        QEvent.Type.InputMethod,
    }
)


class IdleLock(QObject):
    """Emits `lock_requested` once; `start` begins anew. Measured by the wall, so that sleep counts."""

    lock_requested = Signal()

    def __init__(self, application: QApplication, clock: Clock, minutes: int) -> None:
        """Wait for `start`; `minutes` above 15 count as 15."""
        super().__init__(application)
        self._clock = clock
        self._limit = min(minutes, LONGEST_MINUTES) * 60.0
        self._last_input = self._last_look = self._now()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        # On windows, where keys and clicks come in, not on the application: there every event of every
        # widget would pass through Python, which made pages build at half the speed.
        application.focusWindowChanged.connect(self._watch)
        for window in application.topLevelWindows():
            self._watch(window)

    def start(self) -> None:
        """Count from now."""
        self._last_input = self._last_look = self._now()
        self._timer.start(LOOK_EVERY_MS)

    def stop(self) -> None:
        """Count no more: there is nothing to lock."""
        self._timer.stop()

    def look(self) -> None:
        """Ask for the lock when the time is over or the computer had slept."""
        now = self._now()
        idle = now - self._last_input
        slept = now - self._last_look
        self._last_look = now
        if idle >= self._limit or slept >= SLEPT_SECONDS:
            self.stop()
            self.lock_requested.emit()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Note that somebody is there; takes no event away but the lock key."""
        if event.type() not in _INPUT:
            return False
        self._last_input = self._now()
        return self._timer.isActive() and self._is_lock_key(event)

    def _watch(self, window: QWindow | None) -> None:
        if window is not None:
            window.installEventFilter(self)

    def _is_lock_key(self, event: QEvent) -> bool:
        # The menu's own shortcut is dead while a dialog stands before the window.
        if not isinstance(event, QKeyEvent) or QKeySequence(event.keyCombination()) != sequence("lock"):
            return False
        self.stop()
        self.lock_requested.emit()
        return True

    def _now(self) -> float:
        return self._clock.now().timestamp()
