"""Backups that nobody asks for, once a day, and those by the button: one at a time, beside all other work."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.errors import KimError
from app.services.backups import BackupEntry
from ui.context import ScreenContext
from ui.tasks import Cancelled, Progress, Task

if TYPE_CHECKING:
    from sync.workplace import Workplace

FIRST_MS = 20_000
"""A while after unlocking, so that the first page and the first round go before."""
EVERY_MS = 30 * 60 * 1000
"""How often it is asked whether a day has passed."""
STOPPED = "backup_stopped"


class BackupRuns(QObject):
    """`ended` comes after every one, with the new backup or None; `failed` tells why there is none."""

    begun = Signal()
    progressed = Signal(int, int)
    ended = Signal(object)
    failed = Signal(object)

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        """Wait for `start` or `run`."""
        super().__init__(parent)
        self._context = context
        self._task: Task | None = None
        self.last_error: KimError | None = None
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._run_if_due)

    @property
    def running(self) -> bool:
        """Whether a backup is under way."""
        return self._task is not None

    def start(self) -> None:
        """Begin the backups that nobody asks for."""
        self._timer.start(FIRST_MS)

    def stop(self) -> None:
        """Begin none by itself, and stop the one under way: nothing of it stays."""
        self._timer.stop()
        self.cancel()

    def cancel(self) -> None:
        """Stop the one under way."""
        if self._task is not None:
            self._task.cancel()

    def run(self) -> None:
        """Begin a backup unless one is under way."""
        place: Workplace = self._context.workplace
        self._begin(place.backups.make)

    def _run_if_due(self) -> None:
        place: Workplace = self._context.workplace
        self._begin(place.backups.make_if_due)

    def _begin(self, make: Callable[[Progress, Cancelled], BackupEntry | None]) -> None:
        if self._task is not None:
            return
        self._task = self._context.lanes.network(make, self._on_done, self._on_failed, owner=self)
        self._task.progressed.connect(self.progressed)
        self.begun.emit()

    def _on_done(self, entry: BackupEntry | None) -> None:
        self.last_error = None
        self._finish(entry)

    def _on_failed(self, error: KimError) -> None:
        stopped = error.error_id == STOPPED
        self.last_error = None if stopped else error
        self._finish(None)
        if not stopped:
            self.failed.emit(error)

    def _finish(self, entry: BackupEntry | None) -> None:
        self._task = None
        self._timer.start(EVERY_MS)
        self.ended.emit(entry)
