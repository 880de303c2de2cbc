"""Above every page: that there has been no backup for a week, or that a restored copy waits for an answer."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.i18n import N_, _
from app.services.backups import BackupStatus
from ui.accessible import button
from ui.backup_runs import BackupRuns
from ui.context import ScreenContext
from ui.notice import Notice
from ui.pages.backup_words import OVERDUE


class BackupNotice(QFrame):
    """Takes no room while all is well."""

    def __init__(self, context: ScreenContext, runs: BackupRuns, parent: QWidget | None = None) -> None:
        """Ask, and ask again after each backup."""
        super().__init__(parent)
        self._context = context
        self.notice = Notice()
        self.go_button = button(N_("Go to the backups"), context.navigation.backups_requested.emit)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.notice, 1)
        row.addWidget(self.go_button)
        self.hide()
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
