"""Rounds with the relay: by hand, every 15 minutes with jitter, and when the network comes up."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtNetwork import QNetworkInformation

from app.services.mailbox import RoundReport
from ui.context import ScreenContext
from ui.one_at_a_time import OneAtATime

EVERY_MS = 15 * 60 * 1000
JITTER_MS = 3 * 60 * 1000
STOPPED = "round_cancelled"
FIRST_MS = 4000
"""A little after unlocking, so that the first page stands before the network is asked."""


class Rounds(OneAtATime):
    """`ended` carries the RoundReport, or None."""

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        """Wait for `start` or `run`."""
        super().__init__(context, STOPPED, parent)
        self._timer.timeout.connect(self.run)

    def start(self) -> None:
        """Begin the rounds that nobody asks for; on a restored computer only once a person agreed."""
        found = self._context.workplace.backups.restored
        if found is not None and not found.agreed:
            return
        self._timer.start(FIRST_MS)
        if QNetworkInformation.loadBackendByFeatures(QNetworkInformation.Feature.Reachability):
            QNetworkInformation.instance().reachabilityChanged.connect(self._on_reachability)

    def run(self) -> None:
        """Begin a round unless one is under way."""
        self._begin(self._context.workplace.run_round)

    def _on_done(self, report: RoundReport) -> None:
        super()._on_done(report)
        if report.changed:
            self._context.changes.records_changed.emit(report.changed)

    def _next_ms(self) -> int:
        drawn = int.from_bytes(self._context.session.entropy.bytes(4), "big")
        return EVERY_MS - JITTER_MS + drawn % (2 * JITTER_MS)

    def _on_reachability(self, reach: QNetworkInformation.Reachability) -> None:
        if reach == QNetworkInformation.Reachability.Online:
            self.run()
