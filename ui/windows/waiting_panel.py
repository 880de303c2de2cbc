"""Waiting to be taken in: six words to compare by phone, and looking whether a keeper has done it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.domain.errors import KimError
from app.i18n import N_, _
from ui.accessible import button, named, only_if
from ui.files import read_small, write_small
from ui.labels import heading, paragraph
from ui.notice import Notice
from ui.tasks import Lanes
from ui.windows.unlock_panel import NOT_YET

if TYPE_CHECKING:
    from ui.bootstrap import Doors, Workplace

LOOK_EVERY_MS = 20_000


class WaitingPanel(QWidget):
    """`unlocked` carries the workplace as soon as a keeper admitted."""

    unlocked = Signal(object)

    def __init__(
        self, doors: Doors, lanes: Lanes, passphrase: str, fingerprint: str, parent: QWidget | None = None
    ) -> None:
        """Show the six words and begin to look."""
        super().__init__(parent)
        self._doors, self._lanes, self._passphrase = doors, lanes, passphrase
        self.fingerprint = fingerprint
        self._looking = False
        self.notice = Notice()
        self.look_button = button(N_("I was taken in"), self.look)
        self.save_button = button(N_("Save the application as a file …"), self.save)
        self.open_button = button(N_("Open the admission file …"), self.open_admission)
        self._timer = QTimer(self, interval=LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        self._lay_out(fingerprint)
        self.setFocusProxy(self.look_button)

    def save(self) -> None:
        """Save the application for a keeper whom no relay reaches."""
        name, _filter = QFileDialog.getSaveFileName(
            self, _("Save the application"), "kim-mobil.application", _("Applications (*.application)")
        )
        if name:
            self._lanes.database(
                lambda: write_small(name, self._doors.application(self._passphrase)),
                self._on_saved,
                self.notice.explain,
                owner=self,
            )

    def open_admission(self) -> None:
        """Go in by the file that the keeper gave back."""
        name, _filter = QFileDialog.getOpenFileName(self, _("Choose the admission file"))
        content = read_small(name) if name else b""
        if content:
            self._ask(content)
        elif name:
            self.notice.say(_("This file cannot be read."), "conflict")

    def look(self) -> None:
        """Ask the relay whether this computer was admitted."""
        self._ask(None)

    def _ask(self, admission: bytes | None) -> None:
        if self._looking:
            return
        self._looking = True
        self.look_button.setEnabled(False)
        self._lanes.network(
            lambda _progress, _cancelled: self._doors.finish_joining(self._passphrase, admission),
            self._on_admitted,
            self._on_failed,
            owner=self,
        )

    def _lay_out(self, fingerprint: str) -> None:
        words = named(QLabel(fingerprint), N_("Six words to compare"))
        font = QFont(words.font())
        font.setPointSizeF(font.pointSizeF() * 1.8)
        font.setBold(True)
        words.setFont(font)
        words.setWordWrap(True)
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        words.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByKeyboard | Qt.TextInteractionFlag.TextSelectableByMouse
        )
        words.setFrameShape(QLabel.Shape.StyledPanel)
        words.setMargin(16)
        only_if(bool(fingerprint), words)
        column = QVBoxLayout(self)
        column.addWidget(heading(_("Almost there: a keeper takes you in")))
        column.addWidget(
            paragraph(
                _(
                    "Ring up the keeper who invited you and compare these six words. Both of you must "
                    "see the same ones; if a single word differs, stop and tell the KI."
                )
            )
        )
        column.addWidget(words)
        row = QHBoxLayout()
        for made in (self.save_button, self.open_button):
            row.addWidget(made)
        row.addStretch(1)
        row.addWidget(self.look_button)
        column.addLayout(row)
        column.addWidget(self.notice)
        column.addStretch(1)

    def _on_saved(self, written: bool) -> None:
        if written:
            self.notice.say(_("The application is saved. Hand it to the keeper, and compare the six words."))
        else:
            self.notice.say(
                _("The file could not be written there. Please choose another folder."), "conflict"
            )

    def _on_admitted(self, workplace: Workplace) -> None:
        self._timer.stop()
        self._passphrase = ""
        self.unlocked.emit(workplace)

    def _on_failed(self, error: KimError) -> None:
        self._looking = False
        self.look_button.setEnabled(True)
        if error.error_id == NOT_YET:
            self.notice.say(_("Not yet. This window looks again by itself every 20 seconds."), "waiting")
        else:
            self.notice.explain(error)
