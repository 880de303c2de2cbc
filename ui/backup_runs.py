"""Backups that nobody asks for, once a day, and those by the button: one at a time, beside all other work."""

from __future__ import annotations

from PySide6.QtCore import QObject

from ui.context import ScreenContext
from ui.one_at_a_time import OneAtATime

FIRST_MS = 20_000
"""A while after unlocking, so that the first page and the first round go before."""
EVERY_MS = 30 * 60 * 1000
"""How often it is asked whether a day has passed."""
STOPPED = "backup_stopped"


class BackupRuns(OneAtATime):
    """`ended` carries the new backup (BackupEntry), or None; nothing stays of one that was stopped."""

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        """Wait for `start` or `run`."""
        super().__init__(context, STOPPED, parent)
        self._timer.timeout.connect(self._run_if_due)

    def start(self) -> None:
        """Begin the backups that nobody asks for."""
        self._timer.start(FIRST_MS)

    def run(self) -> None:
        """Begin a backup unless one is under way."""
        self._begin(self._context.workplace.backups.make)

    def _run_if_due(self) -> None:
        self._begin(self._context.workplace.backups.make_if_due)

    def _next_ms(self) -> int:
        return EVERY_MS
