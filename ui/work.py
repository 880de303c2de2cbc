"""One unlocked span: the main window, its rounds and its idle lock over an open workplace."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QDialog

from ui.backup_runs import BackupRuns
from ui.context import Changes, Navigation, ScreenContext
from ui.idle_lock import IdleLock
from ui.rounds import Rounds
from ui.tasks import Lanes
from ui.windows.main_window import MainWindow
from ui.windows.places import Place

if TYPE_CHECKING:
    from sync.workplace import Workplace


class Work(QObject):
    """From unlocking to locking; `leave` ends it."""

    lock_requested = Signal()

    def __init__(
        self, workplace: Workplace, lanes: Lanes, application: QApplication, idle_minutes: int
    ) -> None:
        """Build the window over `workplace`; nothing is shown yet."""
        super().__init__(application)
        self._lanes = lanes
        self.context = ScreenContext(workplace, lanes, Changes(self), Navigation(self))
        self.rounds = Rounds(self.context, self)
        self.backup_runs = BackupRuns(self.context, self)
        self.window = MainWindow(self.context, self.rounds, self.backup_runs)
        self._idle = IdleLock(application, workplace.session.clock, idle_minutes)
        self._idle.lock_requested.connect(self.lock_requested)
        self.window.lock_requested.connect(self.lock_requested)

    def begin(self, place: Place, geometry: str) -> None:
        """Show the window at the place where work stopped."""
        if geometry:
            self.window.restore_state(geometry)
        self.window.go(place)
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()
        self._idle.start()
        self.rounds.start()
        self.backup_runs.start()
        workplace = self.context.workplace
        self._lanes.network(
            lambda _progress, _cancelled: workplace.resume_orders(),
            lambda _done: self.window.order_notice.refresh(),
            owner=self,
        )

    def leave(self, then: Callable[[], None]) -> None:
        """Keep drafts, take every window away, let each lane finish, close the workplace; then call."""
        self._idle.stop()
        self.window.keep_drafts()
        self.window.hide()
        _close_dialogs()
        self.rounds.stop()
        self.backup_runs.stop()
        place = self.context.workplace

        def closed(_answer: None) -> None:
            self._idle.deleteLater()
            self.deleteLater()
            then()

        def write_lane(_answer: None) -> None:
            self.window.deleteLater()
            self._lanes.database(place.close, closed, owner=self)

        def read_lane(_answer: None) -> None:
            self._lanes.reading(_nothing, write_lane, owner=self)

        self._lanes.network(lambda _progress, _cancelled: None, read_lane, owner=self)


def _nothing() -> None:
    """Pass through a lane, so that what was asked before is done."""


def _close_dialogs() -> None:
    for window in QApplication.topLevelWidgets():
        if isinstance(window, QDialog) and window.isVisible():
            window.reject()
