"""Above every page: that there has been no backup for a week, or that a restored copy waits for an answer."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.i18n import N_, _
from app.services.backups import BackupStatus
from ui.backup_runs import BackupRuns
from ui.context import ScreenContext
from ui.pages.backup_words import OVERDUE
from ui.windows.notice_above import NoticeAbove


class BackupNotice(NoticeAbove):
    """Takes no room while all is well."""

    def __init__(self, context: ScreenContext, runs: BackupRuns, parent: QWidget | None = None) -> None:
        """Ask, and ask again after each backup."""
        super().__init__(N_("Go to the backups"), context.navigation.backups_requested.emit, parent)
        self._context = context
        runs.ended.connect(self._on_ended)
        self.refresh()

    def refresh(self) -> None:
        """Ask how backups stand."""
        backups = self._context.workplace.backups
        self._context.lanes.database(backups.status, self._show, owner=self)

    def _on_ended(self, _entry: object) -> None:
        self.refresh()

    def _show(self, status: BackupStatus) -> None:
        self.setVisible(status.overdue or bool(status.debts))
        if status.overdue:
            self.notice.say(_(OVERDUE), "conflict")
        elif status.debts:
            self.notice.say(_("Older backups still hold what was erased; see the backups."), "conflict")
