"""The program with a screen: from the first window to the last, locked and unlocked."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget

from app import log
from app.domain.errors import KimError
from app.i18n import LANGUAGES
from app.paths import data_dir
from app.settings import Settings
from ui.crash import CrashGuard
from ui.tasks import Lanes
from ui.theme import Theme
from ui.translation import Translation
from ui.windows.door_window import DoorWindow
from ui.windows.places import Place

if TYPE_CHECKING:
    from sync.workplace import Workplace
    from ui.bootstrap import Doors
    from ui.error_dialog import CrashDialog
    from ui.work import Work


class Program(QObject):
    """Leads from the doors to the case files and back: unlocking, locking, language, look, quitting."""

    def __init__(
        self,
        application: QApplication,
        load: Callable[[], Doors],
        state: Callable[[], str] | None = None,
    ) -> None:
        """Take the settings of last time; `load` and `state` are those of a DoorWindow."""
        super().__init__(application)
        self._application, self._load, self._state = application, load, state
        self.lanes, self.guard = Lanes(self), CrashGuard(self)
        self.theme, self.translation = Theme(application), Translation(application)
        self.door: DoorWindow | None = None
        self.work: Work | None = None
        self._place = Place()
        self._crash: CrashDialog | None = None
        self._leaving = self._ending = self.ended = False
        application.setQuitOnLastWindowClosed(False)
        self.lanes.failed.connect(self._on_failed)
        self.lanes.crashed.connect(self.guard.report)
        self.guard.failed.connect(self._on_failed)
        self.guard.crashed.connect(self._on_crashed)
        self._take(Settings.load())

    def use_doors(self, load: Callable[[], Doors]) -> None:
        """Stand before other doors from the next first window on: another home on this computer."""
        self._load, self._state = load, None

    def start(self) -> None:
        """Show the first window."""
        self.door = DoorWindow(self.lanes, self._load, self._state)
        self.door.opened.connect(self._on_opened)
        self.door.language_requested.connect(self.switch_language)
        self.door.closing.connect(self.quit)
        self.door.show()
        self.door.begin()

    def run(self) -> int:
        """Serve the windows until the last one closes; gives the exit code."""
        return self._application.exec()

    def lock(self) -> None:
        """Keep drafts, take the windows away, put the keys out of memory, then ask for the passphrase."""
        if self.work is not None:
            log.event("locked")
            self._place = self.work.window.place()
            self._leave(self.start)

    def ask_to_quit(self) -> None:
        """End, after offering one last round when changes have not left this computer."""
        if self.work is None or not self.work.window.state_line.waiting:
            self.quit()
            return
        from ui.dialogs.last_round import LastRoundDialog

        window = self.work.window
        dialog = LastRoundDialog(window.state_line.waiting, self.work.rounds, window)
        dialog.quit_requested.connect(self.quit)
        dialog.open()

    def quit(self) -> None:
        """Put the keys out of memory and end; while a lock is under way, end after it."""
        self._ending = True
        if self.work is not None:
            self._leave(self._end)
        elif not self._leaving:
            self._end()

    def switch_language(self) -> None:
        """Go on in the next language, at the same place."""
        code = self.translation.next_language()
        self._keep(language=code)
        self.translation.switch(code)
        if self.door is not None:
            self.door.rebuild()
        if self.work is not None:
            self.work.window.rebuild()

    def set_appearance(self, name: str) -> None:
        """Show light, dark, or what the system says."""
        self._keep(appearance=name)
        self.theme.set_appearance(name)

    def set_text_scale(self, percent: int) -> None:
        """Show text larger or smaller; the window is built anew, because rows and columns follow the text."""
        self._keep(text_scale=percent)
        self.theme.set_text_scale(percent)
        if self.work is not None:
            self.work.window.rebuild()

    def _on_opened(self, workplace: Workplace) -> None:
        from ui.work import Work

        settings = Settings.load()
        work = self.work = Work(workplace, self.lanes, self._application, settings.idle_minutes)
        work.lock_requested.connect(self.lock)
        work.window.language_requested.connect(self.switch_language)
        work.window.appearance_requested.connect(self.set_appearance)
        work.window.scale_requested.connect(self.set_text_scale)
        work.window.closing.connect(self.ask_to_quit)
        self._put_door_away()
        work.begin(self._place, settings.window_state)

    def _leave(self, then: Callable[[], None]) -> None:
        work, self.work = self.work, None
        if work is None:
            return
        self._leaving = True

        def left() -> None:
            self._leaving = False
            (self._end if self._ending else then)()

        self._keep(window_state=work.window.state_text())
        work.leave(left)

    def _put_door_away(self) -> None:
        door, self.door = self.door, None
        if door is not None:
            door.closing.disconnect(self.quit)
            door.close()
            door.deleteLater()

    def _end(self) -> None:
        self._put_door_away()
        self.lanes.close()
        self.ended = True
        self._application.quit()

    def _take(self, settings: Settings) -> None:
        self.translation.switch(settings.language if settings.language in LANGUAGES else "de")
        self.theme.set_appearance(settings.appearance)
        self.theme.set_text_scale(settings.text_scale)

    def _keep(self, **chosen: str | int) -> None:
        try:
            replace(Settings.load(), **chosen).save()  # type: ignore[arg-type]  # names and types are Settings' own
        except OSError as error:
            # Not worth a window: the choice holds until the program ends.
            log.failure(error)

    def _on_failed(self, error: KimError) -> None:
        from ui.error_dialog import ErrorDialog

        ErrorDialog(error, self._window()).open()

    def _on_crashed(self, report: str) -> None:
        from ui.error_dialog import CrashDialog

        if self._crash is None:
            self._crash = CrashDialog(report, self._window())
            self._crash.finished.connect(self._on_crash_closed)
            self._crash.open()

    def _on_crash_closed(self) -> None:
        self._crash = None

    def _window(self) -> QWidget | None:
        return self.work.window if self.work is not None else self.door


def begin() -> Program:
    """Show the first window; the caller runs the program."""
    application = QApplication(sys.argv[:1])
    application.setApplicationName("kim-mobil")
    application.setApplicationDisplayName("KIM mobil")
    program = Program(application, _load_doors, _home_state)
    program.guard.install()
    program.start()
    return program


def _home_state() -> str:
    from sync.home import Home

    return Home(data_dir()).state().name


def _load_doors() -> Doors:
    log.start()
    from ui.bootstrap import doors

    return doors()
