"""Bringing a backup back: the file, then the passphrase, or the recovery key and a new passphrase."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QRadioButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.errors import KimError
from app.i18n import N_, _, format_number
from ui.accessible import button, label_for, named
from ui.dialogs.button_row import button_row
from ui.dialogs.passphrase_fields import PassphraseFields
from ui.display import moment_text
from ui.labels import paragraph
from ui.notice import Notice
from ui.secret_field import SecretField
from ui.sizes import grow_to_content, letters
from ui.tasks import Lanes, Task

if TYPE_CHECKING:
    from ui.bootstrap import BackupFacts, Doors, Workplace

COLUMNS = 78
KILOBYTE = 1000
FILTER = "*.kimbackup"


class RestoreDialog(QDialog):
    """`opened` carries the workplace; what lay on this computer before is kept in a folder of its own."""

    opened = Signal(object)

    def __init__(self, doors: Doors, lanes: Lanes, parent: QWidget | None = None) -> None:
        """Ask for the file."""
        super().__init__(parent)
        self.setWindowTitle(_("Bring back a backup"))
        self.setMinimumWidth(letters(self, COLUMNS))
        self._doors, self._lanes = doors, lanes
        self._working, self._good = False, False
        self._task: Task | None = None
        self.path, self.facts = QLineEdit(), Notice()
        self.passphrase = SecretField()
        self.by_passphrase = named(QRadioButton(_("I know the passphrase")), N_("I know the passphrase"))
        self.by_key = named(QRadioButton(_("I have the recovery sheet")), N_("I have the recovery sheet"))
        self.key = QPlainTextEdit()
        self.fields = PassphraseFields(doors, lanes)
        self.notice, self.busy = Notice(), QProgressBar()
        self.restore_button = button(N_("Bring it back"), self._restore)
        self._lay_out()
        self._connect()
        self._refresh()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.path, 1)
        row.addWidget(button(N_("Choose file …"), self._choose))
        self.key.setTabChangesFocus(True)
        self.key.setFixedHeight(4 * self.fontMetrics().lineSpacing())
        self.ways = QStackedWidget()
        self.ways.addWidget(
            _column(label_for(self.passphrase, N_("Passphrase of the backup")), self.passphrase)
        )
        self.ways.addWidget(_column(label_for(self.key, N_("Recovery key")), self.key, self.fields))
        self.by_passphrase.setChecked(True)
        self.busy.setRange(0, 0)
        self.busy.setTextVisible(False)
        self.busy.hide()
        buttons = button_row(
            self.restore_button, away=button(N_("Cancel"), self.reject), enter=self.restore_button
        )
        told = _("Choose the newest backup on the stick or the shared drive. Nothing on it is changed.")
        column = QVBoxLayout(self)
        column.addWidget(paragraph(told))
        column.addWidget(label_for(self.path, N_("Backup file")))
        column.addLayout(row)
        for part in (self.facts, self.by_passphrase, self.by_key, self.ways, self.busy, self.notice, buttons):
            column.addWidget(part)

    def _connect(self) -> None:
        self.path.textChanged.connect(self._on_path)
        self.by_key.toggled.connect(lambda by_key: self.ways.setCurrentIndex(int(by_key)))
        self.by_key.toggled.connect(lambda _by_key: self._refresh())
        self.by_key.toggled.connect(lambda _by_key: grow_to_content(self))
        self.passphrase.textChanged.connect(lambda _text: self._refresh())
        self.key.textChanged.connect(self._refresh)
        self.fields.acceptance_changed.connect(lambda _good: self._refresh())

    def _choose(self) -> None:
        kinds = _("Backups ({pattern})").format(pattern=FILTER)
        name, _filter = QFileDialog.getOpenFileName(self, _("Choose the backup"), self.path.text(), kinds)
        if name:
            self.path.setText(name)

    def _on_path(self, text: str) -> None:
        if self._task is not None:
            self._task.drop()
        self._good = False
        self._refresh()
        self._task = self._lanes.reading(
            lambda: self._doors.look_at_backup(Path(text)), self._on_facts, self._on_no_backup, owner=self
        )

    def _on_facts(self, facts: BackupFacts) -> None:
        self._good = True
        size = format_number(-(-facts.size // KILOBYTE))
        told = _("Backup of {moment}, {size} kilobytes.")
        self.facts.say(told.format(moment=moment_text(facts.made_ms), size=size), "good")
        self._refresh()

    def _on_no_backup(self, error: KimError) -> None:
        if self.path.text():
            self.facts.explain(error)
        else:
            self.facts.clear()

    def _refresh(self) -> None:
        typed = bool(self.key.toPlainText().strip()) and self.fields.accepted
        ready = typed if self.by_key.isChecked() else bool(self.passphrase.text())
        self.restore_button.setEnabled(self._good and ready and not self._working)

    def _restore(self) -> None:
        path, typed, phrase = Path(self.path.text()), self.key.toPlainText(), self.fields.passphrase
        old = self.passphrase.text()
        doors, by_key = self._doors, self.by_key.isChecked()

        def job() -> Workplace:
            if by_key:
                return doors.restore_with_recovery_key(path, typed, phrase)
            return doors.restore(path, old)

        self._set_working(True)
        self.notice.clear()
        self._lanes.database(job, self._on_opened, self._on_failed, owner=self)

    def _on_opened(self, workplace: Workplace) -> None:
        self._set_working(False)
        self.passphrase.clear()
        self.accept()
        self.opened.emit(workplace)

    def _on_failed(self, error: KimError) -> None:
        self._set_working(False)
        self.notice.explain(error)

    def _set_working(self, working: bool) -> None:
        self._working = working
        self.busy.setVisible(working)
        self._refresh()


def _column(*parts: QWidget) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    for part in parts:
        column.addWidget(part)
    column.addStretch(1)
    return made
