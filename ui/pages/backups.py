"""Backups: where they go, the last one, what lies there, what is in them and how one is brought back."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from app.domain.errors import KimError
from app.i18n import N_, _, format_number
from app.services.backups import BackupEntry, BackupStatus
from ui.accessible import announce, button, label_for, only_if
from ui.backup_runs import BackupRuns
from ui.context import ScreenContext
from ui.display import moment_text
from ui.labels import heading, paragraph, subheading
from ui.notice import Notice
from ui.pages.backup_words import HOLDS, HOW_BACK, debt_text, last_text, state_text
from ui.pages.page import Page
from ui.tables import fill_rows, reading_table
from ui.widgets.run_row import RunRow

COLUMNS = (N_("Made"), N_("Kilobytes"), N_("State"), N_("File"))
KILOBYTE = 1000


class BackupsPage(Page):
    """Follows the backups; the button makes one, another stops it."""

    def __init__(self, context: ScreenContext, runs: BackupRuns, parent: QWidget | None = None) -> None:
        """Show how backups stand."""
        super().__init__(parent)
        self._context, self._runs = context, runs
        self.last, self.debts = paragraph(""), Notice()
        self.run_row = RunRow(runs, N_("Back up now"), N_("Stop the backup"))
        self.place_field = QLineEdit()
        self.place_field.setReadOnly(True)
        self.choose_button = button(N_("Choose folder …"), self.choose)
        self.check_button = button(N_("Check these backups"), self.check)
        self.table = reading_table(N_("Backups in this folder"), COLUMNS)
        self._title = only_if(False, subheading(_("Backups in this folder")))
        self._nothing = paragraph(_("There is no backup in this folder yet."))
        self._lay_out()
        runs.begun.connect(self._show_running)
        runs.ended.connect(self._on_ended)
        self._show_running()
        self._show_entries(())
        self.refresh()

    def refresh(self) -> None:
        """Ask how backups stand, and look into the folder."""
        backups = self._context.workplace.backups
        lanes = self._context.lanes
        lanes.database(backups.status, self._show, owner=self)

    def _look(self) -> None:
        backups, lanes = self._context.workplace.backups, self._context.lanes
        lanes.reading(backups.entries, self._show_entries, self._on_no_entries, owner=self)

    def take_focus(self) -> None:
        """Begin at the button that is wanted next."""
        if self.place_field.text() or self._runs.running:
            self.run_row.take_focus()
        else:
            self.choose_button.setFocus()

    def check(self) -> None:
        """Read every backup from beginning to end, and show what each is."""
        backups = self._context.workplace.backups
        self.check_button.setEnabled(False)
        task = self._context.lanes.network(backups.check, self._show_entries, self._on_no_entries, owner=self)
        task.finished.connect(self._on_checked)

    def choose(self) -> None:
        """Ask for the folder, and take it."""
        title = _("Choose a folder on a stick or a shared drive")
        chosen = QFileDialog.getExistingDirectory(self, title, self.place_field.text())
        if chosen:
            self.take_folder(Path(chosen))

    def take_folder(self, folder: Path) -> None:
        """Let backups go to `folder` from now on, and make the first there at once."""
        backups = self._context.workplace.backups

        def taken(_answer: None) -> None:
            self.refresh()
            self._runs.run()

        self._context.lanes.database(lambda: backups.set_folder(folder), taken, owner=self)

    def _lay_out(self) -> None:
        where = QHBoxLayout()
        where.addWidget(label_for(self.place_field, N_("Folder for backups")))
        where.addWidget(self.place_field, 1)
        where.addWidget(self.choose_button)
        column = QVBoxLayout(self)
        column.addWidget(heading(_("Backups")))
        column.addWidget(self.last)
        column.addLayout(where)
        column.addWidget(self.run_row)
        column.addWidget(self.debts)
        above = QHBoxLayout()
        above.addWidget(self._title, 1)
        above.addWidget(self.check_button)
        column.addLayout(above)
        column.addWidget(self._nothing)
        column.addWidget(self.table, 1000)
        for title, text in ((N_("What is in a backup"), HOLDS), (N_("How to bring one back"), HOW_BACK)):
            column.addWidget(subheading(_(title)))
            column.addWidget(paragraph(_(text)))
        column.addStretch(1)  # while there is no table, all stands at the top

    def _show(self, status: BackupStatus) -> None:
        self.place_field.setText(status.folder)
        self.place_field.setToolTip(status.folder)
        self.last.setText(last_text(status))
        self.run_row.set_ready(bool(status.folder))
        self._title.setVisible(bool(status.folder))
        if status.folder:
            self._look()
        if status.debts:
            self.debts.say(debt_text(status.debts), "conflict")
        else:
            self.debts.clear()

    def _show_entries(self, entries: tuple[BackupEntry, ...]) -> None:
        fill_rows(self.table, list(map(_texts, entries)), (1,))
        self.table.setVisible(bool(entries))
        self.check_button.setVisible(bool(entries))
        self._nothing.setVisible(not entries and bool(self.place_field.text()))

    def _on_checked(self) -> None:
        self.check_button.setEnabled(True)

    def _on_no_entries(self, error: KimError) -> None:
        self._show_entries(())
        self._nothing.hide()
        if self._runs.last_error is None:
            self.run_row.notice.explain(error)

    def _show_running(self) -> None:
        self.choose_button.setEnabled(not self._runs.running)

    def _on_ended(self, entry: BackupEntry | None) -> None:
        self._show_running()
        self.refresh()
        if entry is not None:
            told = _("The backup was made and read back.")
            self.run_row.notice.say(told, "saved")
            announce(self, told)


def _texts(entry: BackupEntry) -> tuple[str, ...]:
    made = moment_text(entry.made_ms) if entry.made_ms else "–"
    return made, format_number(-(-entry.size // KILOBYTE)), state_text(entry), entry.path.name
