"""The window before the case files: the doors of the first start, waiting for admission, unlocking."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from app import i18n
from app.i18n import N_, _
from ui.accessible import button
from ui.dialogs.join import JoinDialog
from ui.dialogs.pdf_dialog import PdfDialog
from ui.dialogs.recover import RecoverDialog
from ui.dialogs.set_up import SetUpDialog
from ui.shortcuts import bind
from ui.sizes import resize_to_text
from ui.tasks import Lanes
from ui.windows.first_start_panel import FirstStartPanel
from ui.windows.unlock_panel import UnlockPanel
from ui.windows.waiting_panel import WaitingPanel

if TYPE_CHECKING:
    from ui.bootstrap import Doors

EMPTY, APPLIED = "EMPTY", "APPLIED"


class DoorWindow(QWidget):
    """`opened` carries the workplace, however it was reached."""

    opened = Signal(object)
    language_requested = Signal()
    closing = Signal()

    def __init__(self, lanes: Lanes, load: Callable[[], Doors], parent: QWidget | None = None) -> None:
        """Stand at once; the doors are loaded in a lane."""
        super().__init__(parent)
        self._lanes, self._load = lanes, load
        self._doors: Doors | None = None
        self._waiting: tuple[str, str] | None = None
        self.setWindowTitle(_("KIM mobil"))
        resize_to_text(self, 88, 28)
        self.panels = QStackedWidget()
        self.language_button = button(N_("Deutsch / English"), self.language_requested.emit)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.language_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 24, 32, 16)
        column.addWidget(self.panels, 1)
        column.addLayout(foot)
        bind("language", self, self.language_requested.emit)
        self._show(_message(_("One moment …")))

    def begin(self) -> None:
        """Find out which door this computer stands before."""
        self._lanes.database(lambda: _with_state(self._load), self._on_state, owner=self)

    def rebuild(self) -> None:
        """Show the present panel in the language of the moment."""
        self.setWindowTitle(_("KIM mobil"))
        self.language_button.setText(_("Deutsch / English"))
        self.begin()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell that the person closes the window."""
        self.closing.emit()
        super().closeEvent(event)

    def _on_state(self, found: tuple[Doors, str]) -> None:
        self._doors, state = found
        if self._waiting is not None:
            self._wait(*self._waiting)
        elif state == EMPTY:
            self._show_first_start()
        else:
            self._show_unlock(state)

    def _show_first_start(self) -> None:
        panel = FirstStartPanel()
        panel.set_up_requested.connect(self._on_set_up)
        panel.join_requested.connect(self._on_join)
        self._show(panel)

    def _show_unlock(self, state: str) -> None:
        doors = self._ready_doors()
        panel = UnlockPanel(doors.finish_joining if state == APPLIED else doors.unlock, self._lanes)
        panel.unlocked.connect(self.opened)
        panel.recovery_requested.connect(self._on_recovery)
        panel.not_yet_admitted.connect(self._on_not_yet)
        self._show(panel)

    def _on_set_up(self) -> None:
        dialog = SetUpDialog(self._ready_doors(), self._lanes, self._print_sheet, self)
        dialog.opened.connect(self.opened)
        dialog.open()

    def _on_join(self) -> None:
        dialog = JoinDialog(self._ready_doors(), self._lanes, self._print_sheet, self)
        dialog.applied.connect(self._wait)
        dialog.open()

    def _on_recovery(self) -> None:
        dialog = RecoverDialog(self._ready_doors(), self._lanes, self)
        dialog.opened.connect(self.opened)
        dialog.open()

    def _on_not_yet(self, passphrase: str) -> None:
        doors = self._ready_doors()
        self._lanes.reading(doors.fingerprint, lambda words: self._wait(passphrase, words), owner=self)

    def _wait(self, passphrase: str, fingerprint: str) -> None:
        self._waiting = (passphrase, fingerprint)
        panel = WaitingPanel(self._ready_doors(), self._lanes, passphrase, fingerprint)
        panel.unlocked.connect(self.opened)
        self._show(panel)

    def _print_sheet(self, key: str, parent: QWidget) -> None:
        doors, language = self._ready_doors(), i18n.language()

        def show(data: bytes) -> None:
            PdfDialog(_("Recovery sheet"), data, parent).open()

        self._lanes.reading(lambda: doors.recovery_sheet(key, language), show, owner=parent)

    def _ready_doors(self) -> Doors:
        if self._doors is None:
            raise RuntimeError("a panel was used before the doors were loaded")
        return self._doors

    def _show(self, panel: QWidget) -> None:
        before = self.panels.currentWidget()
        self.panels.addWidget(panel)
        self.panels.setCurrentWidget(panel)
        if before is not None:
            self.panels.removeWidget(before)
            before.deleteLater()
        panel.setFocus()


def _with_state(load: Callable[[], Doors]) -> tuple[Doors, str]:
    doors = load()
    return doors, doors.state().name


def _message(text: str) -> QLabel:
    made = QLabel(text)
    made.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return made
