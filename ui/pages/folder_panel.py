"""Exchange by a stick or a shared folder, on the page of syncing."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from app.domain.errors import KimError
from app.i18n import N_, _
from app.services.folder import FolderReport, FolderStatus
from ui.accessible import button, named
from ui.context import ScreenContext
from ui.labels import paragraph
from ui.notice import Notice
from ui.pages.folder_words import folder_report_text, folder_status_text
from ui.tasks import Task


class FolderPanel(QWidget):
    """Chooses a folder, exchanges, and says what came of it; leaving the page stops it."""

    exchanged = Signal()

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        """Show which folder was used last."""
        super().__init__(parent)
        self._context = context
        self._task: Task | None = None
        self._last = ""
        self.state, self.notice = paragraph(""), Notice()
        self.choose_button = button(N_("Exchange by stick or folder …"), self.choose)
        self.stop_button = button(N_("Stop the exchange"), self.stop)
        self.progress = named(QProgressBar(), N_("Progress of the exchange"))
        self._lay_out()
        self._show_running(False)
        self.refresh()

    def refresh(self) -> None:
        """Ask for the folder used last."""
        folder = self._context.workplace.folder
        self._context.lanes.database(folder.status, self._show_status, owner=self)

    def choose(self) -> None:
        """Ask for the folder, then exchange with it."""
        name = QFileDialog.getExistingDirectory(self, _("Choose the stick or the shared folder"), self._last)
        if name:
            self.exchange(Path(name))

    def exchange(self, path: Path) -> None:
        """Exchange with a folder unless one is under way."""
        if self._task is not None:
            return
        folder = self._context.workplace.folder
        self._task = self._context.lanes.network(
            lambda progress, cancelled: folder.exchange(path, progress, cancelled),
            self._on_done,
            self._on_failed,
            owner=self,
        )
        self._task.progressed.connect(self._on_progressed)
        self.notice.clear()
        self._show_running(True)

    def stop(self) -> None:
        """Ask the exchange under way to stop after its present step."""
        if self._task is not None:
            self._task.cancel()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.choose_button)
        row.addWidget(self.stop_button)
        row.addWidget(self.progress, 1)
        row.addStretch(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self.state)
        column.addWidget(self.notice)

    def _show_status(self, status: FolderStatus) -> None:
        self._last = status.path
        self.state.setText(folder_status_text(status))

    def _show_running(self, running: bool) -> None:
        self.choose_button.setEnabled(not running)
        self.stop_button.setVisible(running)
        self.progress.setVisible(running)

    def _on_progressed(self, done: int, of: int) -> None:
        self.progress.setRange(0, of)
        self.progress.setValue(done)

    def _on_done(self, report: FolderReport) -> None:
        self._finish()
        if report.problem is not None:
            self.notice.explain(report.problem)
        else:
            self.notice.say(folder_report_text(report), "saved")
        if report.changed:
            self._context.changes.records_changed.emit(report.changed)

    def _on_failed(self, error: KimError) -> None:
        self._finish()
        self.notice.explain(error)

    def _finish(self) -> None:
        self._task = None
        self._show_running(False)
        self.choose_button.setFocus()
        self.refresh()
        self.exchanged.emit()
