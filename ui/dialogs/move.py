"""Joining a district with all that was made alone: invitation, six words, admission."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QDialog, QFileDialog, QLabel, QVBoxLayout, QWidget

from app.domain.errors import KimError
from app.i18n import N_, _
from ui.accessible import button, named
from ui.context import ScreenContext
from ui.dialogs.button_row import button_row
from ui.files import read_small, write_small
from ui.labels import paragraph
from ui.notice import Notice
from ui.sizes import resize_to_text
from ui.windows.unlock_panel import NOT_YET

if TYPE_CHECKING:
    from sync.workplace import Moving

T = TypeVar("T")


class MoveDialog(QDialog):
    """`moved` when this computer belongs to the other district: it must be unlocked anew."""

    moved = Signal()

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        """Go on where an application waits, else begin with the invitation."""
        super().__init__(parent)
        self.setWindowTitle(_("Join a district"))
        resize_to_text(self, 76, 30)
        self._context = context
        self.words = named(QLabel(), N_("Six words to compare"))
        self.words.setWordWrap(True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.words.setFrameShape(QLabel.Shape.StyledPanel)
        self.words.setMargin(16)
        font = QFont(self.words.font())
        font.setPointSizeF(font.pointSizeF() * 1.8)
        font.setBold(True)
        self.words.setFont(font)
        self.notice = Notice()
        self.by_relay = button(N_("Apply with an invitation …"), lambda: self.apply(by_file=False))
        self.by_file = button(N_("Apply by a file, without the relay …"), lambda: self.apply(by_file=True))
        self.save_button = button(N_("Save the application as a file …"), self.save)
        self.look_button = button(N_("I was taken in"), lambda: self.finish(None))
        self.open_button = button(N_("Open the admission file …"), self.open_admission)
        self._lay_out()
        self._ask(lambda moving: moving.waiting(), self._show_words)

    def apply(self, *, by_file: bool) -> None:
        """Apply with an invitation file."""
        content = self._read(_("Choose the invitation file"))
        if content:
            self._ask(lambda moving: moving.apply(content, by_file=by_file), self._show_words)

    def save(self) -> None:
        """Save the application for the keeper."""
        name, _filter = QFileDialog.getSaveFileName(
            self, _("Save the application"), "kim-mobil.application", _("Applications (*.application)")
        )
        if name:
            self._ask(lambda moving: write_small(name, moving.application()), self._on_saved)

    def open_admission(self) -> None:
        """Finish by the keeper's file."""
        content = self._read(_("Choose the admission file"))
        if content:
            self.finish(content)

    def finish(self, admission: bytes | None) -> None:
        """Become a computer of the other district."""
        self._ask(lambda moving: moving.finish(admission), lambda _answer: self._on_finished())

    def _lay_out(self) -> None:
        told = _(
            "All case files of this computer stay on it, with their numbers, and go to whom the district"
            " names. New numbers come from the district; so do the employer's data unless you belong to"
            " the KI. Until you are admitted, work goes on as before."
        )
        buttons = button_row(away=button(N_("Close"), self.reject))
        column = QVBoxLayout(self)
        column.addWidget(paragraph(told))
        for part in self._parts():
            column.addWidget(part)
        column.addStretch(1)
        column.addWidget(buttons)
        self._show_words("")

    def _parts(self) -> tuple[QWidget, ...]:
        applying = (self.by_relay, self.by_file, self.words)
        return (*applying, self.save_button, self.look_button, self.open_button, self.notice)

    def _ask(self, work: Callable[[Moving], T], then: Callable[[T], None]) -> None:
        moving = self._context.workplace.moving
        self._context.lanes.network(
            lambda _progress, _cancelled: work(moving), then, self._on_failed, owner=self
        )

    def _read(self, title: str) -> bytes:
        name, _filter = QFileDialog.getOpenFileName(self, title)
        content = read_small(name) if name else b""
        if name and not content:
            self.notice.say(_("This file cannot be read."), "conflict")
        return content

    def _show_words(self, words: str) -> None:
        self.words.setText(words)
        for part in (self.words, self.save_button, self.look_button, self.open_button):
            part.setVisible(bool(words))
        for part in (self.by_relay, self.by_file):
            part.setVisible(not words)
        if words:
            self.notice.say(
                _("Ring the keeper up and compare these six words; if one differs, stop and tell the KI.")
            )

    def _on_saved(self, written: bool) -> None:
        if written:
            self.notice.say(_("The application is saved. Hand it to the keeper, and compare the six words."))
        else:
            self.notice.say(
                _("The file could not be written there. Please choose another folder."), "conflict"
            )

    def _on_finished(self) -> None:
        self.accept()
        self.moved.emit()

    def _on_failed(self, error: KimError) -> None:
        if error.error_id == NOT_YET:
            self.notice.say(_("Not yet: no keeper has admitted this computer."), "waiting")
        else:
            self.notice.explain(error)
