"""The window before the case files: the doors of the first start, waiting for admission, unlocking."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from app.i18n import N_, _
from ui.accessible import button
from ui.shortcuts import bind
from ui.sizes import resize_to_text
from ui.tasks import Lanes
from ui.windows.unlock_panel import UnlockPanel

if TYPE_CHECKING:
    from ui.bootstrap import Doors, Workplace
    from ui.windows.door_dialogs import DoorDialogs

EMPTY, APPLIED = "EMPTY", "APPLIED"
LOAD_AFTER_MS = 100
"""Until then the panel is painted, which loading would slow down; nobody types a passphrase sooner."""


class DoorWindow(QWidget):
    """`opened` carries the workplace, however it was reached."""

    opened = Signal(object)
    language_requested = Signal()
    closing = Signal()

    def __init__(
        self,
        lanes: Lanes,
        load: Callable[[], Doors],
        state: Callable[[], str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """Stand at once; `load` gives the doors and may import much, `state` names the home's without that.

        Both are called in lanes.
        """
        super().__init__(parent)
        self._lanes, self._load = lanes, load
        self._state = state or (lambda: load().state().name)
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
        """Find out which door this computer stands before, and load what lies behind it meanwhile."""
        self._lanes.reading(self._state, self._on_state, owner=self)
        QTimer.singleShot(LOAD_AFTER_MS, self, self._begin_loading)

    def rebuild(self) -> None:
        """Show the present panel in the language of the moment."""
        self.setWindowTitle(_("KIM mobil"))
        self.language_button.setText(_("Deutsch / English"))
        self.begin()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell that the person closes the window."""
        self.closing.emit()
        super().closeEvent(event)

    def _begin_loading(self) -> None:
        self._lanes.database(self._load, lambda _doors: None, owner=self)

    def _on_state(self, state: str) -> None:
        if self._waiting is not None:
            self._wait(*self._waiting)
        elif state == EMPTY:
            self._show_first_start()
        else:
            self._show_unlock(state)

    def _show_first_start(self) -> None:
        from ui.windows.first_start_panel import FirstStartPanel

        panel = FirstStartPanel()
        panel.set_up_requested.connect(lambda: self._with_dialogs(self._on_set_up))
        panel.join_requested.connect(lambda: self._with_dialogs(self._on_join))
        panel.restore_requested.connect(lambda: self._with_dialogs(self._on_restore))
        self._show(panel)

    def _show_unlock(self, state: str) -> None:
        load = self._load

        def open_door(passphrase: str) -> Workplace:
            doors = load()
            return doors.finish_joining(passphrase) if state == APPLIED else doors.unlock(passphrase)

        panel = UnlockPanel(open_door, self._lanes)
        panel.unlocked.connect(self.opened)
        panel.recovery_requested.connect(lambda: self._with_dialogs(self._on_recovery))
        panel.restore_requested.connect(lambda: self._with_dialogs(self._on_restore))
        panel.not_yet_admitted.connect(self._on_not_yet)
        self._show(panel)

    def _with_dialogs(self, then: Callable[[DoorDialogs], None]) -> None:
        def ready(doors: Doors) -> None:
            from ui.windows.door_dialogs import DoorDialogs

            then(DoorDialogs(doors, self._lanes, self))

        self._lanes.database(self._load, ready, owner=self)

    def _on_set_up(self, dialogs: DoorDialogs) -> None:
        dialog = dialogs.set_up()
        dialog.opened.connect(self.opened)
        dialog.open()

    def _on_join(self, dialogs: DoorDialogs) -> None:
        dialog = dialogs.join()
        dialog.applied.connect(self._wait)
        dialog.open()

    def _on_recovery(self, dialogs: DoorDialogs) -> None:
        dialog = dialogs.recover()
        dialog.opened.connect(self.opened)
        dialog.open()

    def _on_restore(self, dialogs: DoorDialogs) -> None:
        dialog = dialogs.restore()
        dialog.opened.connect(self.opened)
        dialog.open()

    def _on_not_yet(self, passphrase: str) -> None:
        load = self._load
        self._lanes.database(
            lambda: load().fingerprint(), lambda words: self._wait(passphrase, words), owner=self
        )

    def _wait(self, passphrase: str, fingerprint: str) -> None:
        from ui.windows.waiting_panel import WaitingPanel

        self._waiting = (passphrase, fingerprint)

        def show(doors: Doors) -> None:
            panel = WaitingPanel(doors, self._lanes, passphrase, fingerprint)
            panel.unlocked.connect(self.opened)
            self._show(panel)

        self._lanes.database(self._load, show, owner=self)

    def _show(self, panel: QWidget) -> None:
        before = self.panels.currentWidget()
        self.panels.addWidget(panel)
        self.panels.setCurrentWidget(panel)
        if before is not None:
            self.panels.removeWidget(before)
            before.deleteLater()
        panel.setFocus()


def _message(text: str) -> QLabel:
    made = QLabel(text)
    made.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return made
