"""Work beside the screen that runs now and then, or when asked: never twice at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.errors import KimError
from ui.context import ScreenContext
from ui.tasks import Cancelled, Progress, Task


class OneAtATime(QObject):
    """`ended` comes after every run with what it gave, also after a failed one, then with None."""

    begun = Signal()
    progressed = Signal(int, int)
    ended = Signal(object)
    failed = Signal(object)

    def __init__(self, context: ScreenContext, stopped: str, parent: QObject | None = None) -> None:
        """Begin nothing yet; `stopped`: the id of the error by which a run tells that a person stopped it."""
        super().__init__(parent)
        self._context, self._stopped = context, stopped
        self._task: Task | None = None
        self.last_error: KimError | None = None
        self._timer = QTimer(self, singleShot=True)

    @property
    def running(self) -> bool:
        """Whether a run is under way."""
        return self._task is not None

    def run(self) -> None:
        """Begin a run unless one is under way."""
        raise NotImplementedError

    def hold(self) -> None:
        """Begin none by itself until the next one was asked for."""
        self._timer.stop()

    def stop(self) -> None:
        """Stop the run under way after its present step, and begin none by itself."""
        self.hold()
        self.cancel()

    def cancel(self) -> None:
        """Stop the run under way after its present step."""
        if self._task is not None:
            self._task.cancel()

    def _begin(self, work: Callable[[Progress, Cancelled], Any]) -> None:
        if self._task is None:
            self._task = self._context.lanes.network(work, self._on_done, self._on_failed, owner=self)
            self._task.progressed.connect(self.progressed)
            self.begun.emit()

    def _next_ms(self) -> int:
        """Give how long to wait for the next run by itself."""
        raise NotImplementedError

    def _on_done(self, result: Any) -> None:
        self.last_error = None
        self._finish(result)

    def _on_failed(self, error: KimError) -> None:
        stopped = error.error_id == self._stopped
        self.last_error = None if stopped else error
        self._finish(None)
        if not stopped:
            self.failed.emit(error)

    def _finish(self, result: object) -> None:
        self._task = None
        self._timer.start(self._next_ms())
        self.ended.emit(result)
