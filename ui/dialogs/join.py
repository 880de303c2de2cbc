"""Join with an invitation: the file, the passphrase, the recovery key; then a keeper admits."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget, QWizardPage

from app.i18n import N_, _
from ui.accessible import button, label_for
from ui.check_line import CheckLine
from ui.dialogs.recovery_page import RECOVERY, KeyPage
from ui.dialogs.stepper import PassphrasePage, Stepper
from ui.files import read_small
from ui.labels import paragraph
from ui.notice import Notice
from ui.tasks import Lanes, Task

if TYPE_CHECKING:
    from ui.bootstrap import Doors

BY_FILE = N_("Answer by a file on a stick, without the relay")


class JoinDialog(Stepper):
    """`applied` carries the passphrase and the fingerprint: the application lies at the relay."""

    applied = Signal(str, str)

    def __init__(
        self, doors: Doors, lanes: Lanes, sheet: Callable[[str, QWidget], None], parent: QWidget | None = None
    ) -> None:
        """Begin with the file; `sheet` prints the recovery sheet."""
        super().__init__(_("Join with an invitation"), parent)
        self._doors, self._lanes = doors, lanes
        self._fingerprint = ""
        self.file = InvitationPage(lanes)
        self.passphrase = PassphrasePage(doors, lanes)
        self.recovery = KeyPage(RECOVERY, sheet)
        for page in (self.file, self.passphrase, self.recovery):
            self.addPage(page)

    def may_leave(self, page: QWizardPage) -> bool:
        """Apply when the passphrase is chosen; all other steps go on at once."""
        if page is self.passphrase and not self._fingerprint:
            self._apply()
            return False
        return True

    def accept(self) -> None:
        """Hand over what the waiting needs."""
        super().accept()
        self.applied.emit(self.passphrase.fields.passphrase, self._fingerprint)

    def _apply(self) -> None:
        phrase, invitation = self.passphrase.fields.passphrase, self.file.invitation
        by_file = self.file.by_file.is_checked()
        self.passphrase.set_working(True)
        self._lanes.network(
            lambda _progress, _cancelled: self._doors.apply(phrase, invitation, by_file=by_file),
            self._on_applied,
            self.passphrase.fail,
            owner=self,
        )

    def _on_applied(self, answer: tuple[str, str]) -> None:
        self._fingerprint, key = answer
        self.passphrase.set_working(False)
        self.recovery.show_key(key)
        self.next()


class InvitationPage(QWizardPage):
    """Choose the invitation file that the keeper gave."""

    def __init__(self, lanes: Lanes, parent: QWidget | None = None) -> None:
        """Begin with no file."""
        super().__init__(parent)
        self._lanes = lanes
        self._task: Task | None = None
        self.setTitle(_("Your invitation"))
        self.invitation = b""
        self.path = QLineEdit()
        self.by_file = CheckLine(BY_FILE)
        self.notice = Notice()
        self.path.textChanged.connect(self._on_path)
        row = QHBoxLayout()
        row.addWidget(self.path, 1)
        row.addWidget(button(N_("Choose file …"), self._choose))
        column = QVBoxLayout(self)
        told = _("A small file that the keeper of your district gave you. It works once.")
        column.addWidget(paragraph(told))
        column.addWidget(label_for(self.path, N_("Invitation file")))
        column.addLayout(row)
        column.addWidget(self.by_file)
        column.addWidget(self.notice)
        column.addStretch(1)

    def isComplete(self) -> bool:
        """Whether a file was read."""
        return bool(self.invitation)

    def _choose(self) -> None:
        name, _filter = QFileDialog.getOpenFileName(self, _("Choose the invitation file"))
        if name:
            self.path.setText(name)

    def _on_path(self, text: str) -> None:
        if self._task is not None:
            self._task.drop()
        self.invitation = b""
        self.completeChanged.emit()
        self._task = self._lanes.reading(lambda: read_small(text), self._on_read, owner=self)

    def _on_read(self, content: bytes) -> None:
        self.invitation = content
        self.notice.clear()
        if self.path.text() and not content:
            self.notice.say(_("There is no invitation file of that name."))
        self.completeChanged.emit()
