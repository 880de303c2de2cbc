"""Unlocking: the passphrase, the wait after wrong ones, and the way by the recovery key."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from app.domain.errors import KimError
from app.i18n import N_, _, ngettext
from ui.accessible import button, label_for, named
from ui.labels import heading
from ui.notice import Notice
from ui.secret_field import CAPS_LOCK, SecretField
from ui.tasks import Lanes

if TYPE_CHECKING:
    from ui.bootstrap import Workplace

SECOND_MS = 1000
NOT_YET = "not_yet_admitted"


class UnlockPanel(QWidget):
    """`unlocked` carries the open workplace; what was typed is forgotten at once."""

    unlocked = Signal(object)
    recovery_requested = Signal()
    restore_requested = Signal()
    not_yet_admitted = Signal(str)
    """The passphrase is right, but no keeper has taken this computer in yet."""

    def __init__(
        self, open_door: Callable[[str], Workplace], lanes: Lanes, parent: QWidget | None = None
    ) -> None:
        """Ask for the passphrase that `open_door` tries, in a lane."""
        super().__init__(parent)
        self._open_door, self._lanes = open_door, lanes
        self._seconds = 0
        self._countdown = QTimer(self, interval=SECOND_MS)
        self._countdown.timeout.connect(self._on_second)
        self.field = SecretField()
        self.notice = Notice()
        self._caps = Notice()
        self._busy = QProgressBar()
        self._busy.setRange(0, 0)
        self._busy.setTextVisible(False)
        self.unlock_button = button(N_("Unlock"), self.unlock)
        self._lay_out()
        self.field.returnPressed.connect(self.unlock)
        self.field.textChanged.connect(lambda _text: self._refresh())
        self.field.caps_lock_noticed.connect(self._on_caps_lock)
        self.setFocusProxy(self.field)
        self._set_working(False)

    @property
    def waiting_seconds(self) -> int:
        """Seconds until the next try may be made."""
        return self._seconds

    def unlock(self) -> None:
        """Try what was typed."""
        phrase = self.field.text()
        if not phrase or self._seconds or self._working:
            return
        self._set_working(True)
        self.notice.clear()
        self._lanes.database(lambda: self._open_door(phrase), self._on_unlocked, self._on_failed, owner=self)

    def fail(self, error: KimError) -> None:
        """Say why it did not open, and count down when there is a wait."""
        self.notice.explain(error)
        self._wait(int(error.params.get("wait_seconds", 0)))

    def _lay_out(self) -> None:
        show = named(QCheckBox(_("Show what I type")), N_("Show what I type"))
        show.toggled.connect(self.field.show_text)
        row = QHBoxLayout()
        row.addWidget(button(N_("Passphrase forgotten: recovery key …"), self.recovery_requested.emit))
        row.addWidget(button(N_("Bring back a backup …"), self.restore_requested.emit))
        row.addStretch(1)
        row.addWidget(self.unlock_button)
        column = QVBoxLayout(self)
        column.addWidget(heading(_("Unlock KIM mobil")))
        column.addSpacing(8)
        column.addWidget(label_for(self.field, N_("Passphrase")))
        for part in (self.field, show, self._caps, self._busy, self.notice):
            column.addWidget(part)
        column.addLayout(row)
        column.addStretch(1)

    def _on_unlocked(self, workplace: Workplace) -> None:
        self.field.clear()
        self._set_working(False)
        self.unlocked.emit(workplace)

    def _on_failed(self, error: KimError) -> None:
        self._set_working(False)
        if error.error_id == NOT_YET:
            self.not_yet_admitted.emit(self.field.text())
            return
        self.fail(error)
        self.field.selectAll()
        self.field.setFocus()

    def _on_caps_lock(self, on: bool) -> None:
        if on:
            self._caps.say(_(CAPS_LOCK))
        else:
            self._caps.clear()

    def _wait(self, seconds: int) -> None:
        self._seconds = seconds
        if seconds:
            self._countdown.start()
        self._refresh()

    def _on_second(self) -> None:
        self._seconds -= 1
        if self._seconds <= 0:
            self._seconds = 0
            self._countdown.stop()
            self.notice.clear()
        self._refresh()

    def _set_working(self, working: bool) -> None:
        self._working = working
        self._busy.setVisible(working)
        self.field.setEnabled(not working)
        self._refresh()

    def _refresh(self) -> None:
        self.unlock_button.setEnabled(bool(self.field.text()) and not self._seconds and not self._working)
        waiting = ngettext("Unlock in {seconds} second", "Unlock in {seconds} seconds", self._seconds)
        self.unlock_button.setText(waiting.format(seconds=self._seconds) if self._seconds else _("Unlock"))
