"""Rounds with the relay: by hand, every 15 minutes with jitter, and when the network comes up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtNetwork import QNetworkInformation

from app.domain.errors import KimError
from app.services.mailbox import RoundReport
from ui.context import ScreenContext
from ui.tasks import Task

if TYPE_CHECKING:
    from sync.workplace import Workplace

EVERY_MS = 15 * 60 * 1000
JITTER_MS = 3 * 60 * 1000
STOPPED = "round_cancelled"
FIRST_MS = 4000
"""A little after unlocking, so that the first page stands before the network is asked."""


class Rounds(QObject):
    """One round at a time; `ended` comes after every one, also a failed one (then with None)."""

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
        self._timer.timeout.connect(self.run)

    @property
    def running(self) -> bool:
        """Whether a round is under way."""
        return self._task is not None

    def start(self) -> None:
        """Begin the rounds that nobody asks for; on a restored computer only once a person agreed."""
        found = self._context.workplace.backups.restored
        if found is not None and not found.agreed:
            return
        self._timer.start(FIRST_MS)
        if QNetworkInformation.loadBackendByFeatures(QNetworkInformation.Feature.Reachability):
            QNetworkInformation.instance().reachabilityChanged.connect(self._on_reachability)

    def hold(self) -> None:
        """Begin no round by itself until the next one was asked for."""
        self._timer.stop()

    def stop(self) -> None:
        """Ask the round under way to stop after its present step, and begin none by itself."""
        self.hold()
        self.cancel()

    def cancel(self) -> None:
        """Ask the round under way to stop after its present step."""
        if self._task is not None:
            self._task.cancel()

    def run(self) -> None:
        """Begin a round unless one is under way."""
        if self._task is not None:
            return
        place: Workplace = self._context.workplace
        self._task = self._context.lanes.network(place.run_round, self._on_done, self._on_failed, owner=self)
        self._task.progressed.connect(self.progressed)
        self.begun.emit()

    def _on_done(self, report: RoundReport) -> None:
        self.last_error = None
        self._finish(report)
        if report.changed:
            self._context.changes.records_changed.emit(report.changed)

    def _on_failed(self, error: KimError) -> None:
        stopped = error.error_id == STOPPED
        self.last_error = None if stopped else error
        self._finish(None)
        if not stopped:
            self.failed.emit(error)

    def _finish(self, report: RoundReport | None) -> None:
        self._task = None
        self._timer.start(self._next_ms())
        self.ended.emit(report)

    def _next_ms(self) -> int:
        drawn = int.from_bytes(self._context.session.entropy.bytes(4), "big")
        return EVERY_MS - JITTER_MS + drawn % (2 * JITTER_MS)

    def _on_reachability(self, reach: QNetworkInformation.Reachability) -> None:
        if reach == QNetworkInformation.Reachability.Online:
            self.run()
