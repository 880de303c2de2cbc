"""The menus: every wish of the main window by mouse, keyboard and screen reader."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QMenuBar

from app.i18n import N_, _
from app.settings import Settings
from ui.rounds import Rounds
from ui.shortcuts import action
from ui.theme import SCALES, larger, smaller
from ui.windows.navigation_bar import Destination
from ui.windows.places import NEW_CASE, Place

if TYPE_CHECKING:
    from ui.windows.main_window import MainWindow

APPEARANCE_LABELS = {
    "system": N_("Colours of the system"),
    "light": N_("Always light"),
    "dark": N_("Always dark"),
}


class Menus:
    """Fills a menu bar for a main window."""

    def __init__(self, window: MainWindow, rounds: Rounds, destinations: Sequence[Destination]) -> None:
        """Wishes go to `window` and `rounds`."""
        self._window, self._rounds, self._destinations = window, rounds, destinations

    def fill(self, bar: QMenuBar) -> None:
        """Put the menus in, in place of those before."""
        bar.clear()
        self._file(bar.addMenu(_("&File")))
        self._go(bar.addMenu(_("&Go")))
        self._view(bar.addMenu(_("&View")))
        self._help(bar.addMenu(_("&Help")))

    def _file(self, menu: QMenu) -> None:
        window = self._window
        if window.opens_case_files:
            menu.addAction(action("new_case", menu, lambda: window.go(Place(NEW_CASE))))
        menu.addAction(action("sync_now", menu, self._rounds.run))
        menu.addSeparator()
        menu.addAction(action("lock", menu, window.lock_requested.emit))
        menu.addAction(action("quit", menu, window.close))

    def _go(self, menu: QMenu) -> None:
        window = self._window
        for item in self._destinations:
            menu.addAction(action(item.shortcut, menu, partial(window.go, Place(item.name))))
        menu.addSeparator()
        menu.addAction(action("back", menu, window.back))

    def _view(self, menu: QMenu) -> None:
        window = self._window
        settings = Settings.load()
        menu.addAction(action("language", menu, window.language_requested.emit))
        menu.addSeparator()
        looks = QActionGroup(menu)
        for name, label in APPEARANCE_LABELS.items():
            entry = QAction(_(label), menu)
            entry.setCheckable(True)
            entry.setChecked(name == settings.appearance)
            entry.triggered.connect(lambda _on=False, name=name: window.appearance_requested.emit(name))
            looks.addAction(entry)
            menu.addAction(entry)
        menu.addSeparator()
        self._sizes(menu)

    def _sizes(self, menu: QMenu) -> None:
        wish = self._window.scale_requested
        menu.addAction(action("larger", menu, lambda: wish.emit(larger(Settings.load().text_scale))))
        menu.addAction(action("smaller", menu, lambda: wish.emit(smaller(Settings.load().text_scale))))
        menu.addAction(action("normal_size", menu, lambda: wish.emit(SCALES[0])))

    def _help(self, menu: QMenu) -> None:
        menu.addAction(action("help", menu, self._window.show_shortcuts))
