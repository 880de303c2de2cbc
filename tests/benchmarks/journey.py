"""The program over a home of case files: unlocked by hand of the benchmark, and walked through."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from threading import Event, Thread

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtTest import QTest

from tests.benchmarks.painting import when_painted
from tests.support.district import PASSPHRASE
from ui.application import Program
from ui.pages.case_list import CaseListPage
from ui.windows.main_window import MainWindow
from ui.windows.places import CASES, DESK, SYNC, Place
from ui.windows.unlock_panel import UnlockPanel

LOOK_EVERY = 0.005
_PATIENCE = 60.0
_TYPING = 120
"""Milliseconds between two keys."""
_WORDS = ("wohnung", "Lindau", "Termin", "unterlagen")
_PAGES = 40
_ENDS = 25
_OPENED = 6


class Watchdog(QObject):
    """Posts an event every 5 ms from a thread of its own, and notes how long each waits for the screen."""

    def __init__(self) -> None:
        """Begin at once."""
        super().__init__()
        self.waits: list[float] = []
        self._posted: list[float] = []
        self._over = Event()
        self._kind = QEvent.Type(QEvent.registerEventType())
        self._thread = Thread(target=self._post, daemon=True)
        self._thread.start()

    def stop(self) -> list[float]:
        """Give the waits in milliseconds."""
        self._over.set()
        self._thread.join()
        QCoreApplication.sendPostedEvents(self, self._kind.value)
        return self.waits

    def event(self, event: QEvent) -> bool:
        """Note the wait of the oldest event."""
        if event.type() != self._kind:
            return super().event(event)
        self.waits.append((time.perf_counter() - self._posted.pop(0)) * 1000)
        return True

    def _post(self) -> None:
        while not self._over.wait(LOOK_EVERY):
            self._posted.append(time.perf_counter())
            QCoreApplication.postEvent(self, QEvent(self._kind))


class Walk(QObject):
    """Does steps one after the other in the screen's thread; each gives what it waits for."""

    def __init__(self, steps: Iterator[int | Callable[[], object]], then: Callable[[], None]) -> None:
        """Begin with the loop's next turn. A step gives milliseconds or a condition."""
        super().__init__()
        self._steps, self._then = steps, then
        QTimer.singleShot(0, self, self._go)

    def _go(self) -> None:
        wait = next(self._steps, None)
        if wait is None:
            self._then()
        elif isinstance(wait, int):
            QTimer.singleShot(wait, self, self._go)
        else:
            self._look(wait, time.monotonic() + _PATIENCE)

    def _look(self, condition: Callable[[], object], until: float) -> None:
        if time.monotonic() > until:
            raise TimeoutError("the screen did not get there")
        if condition():
            self._go()
        else:
            QTimer.singleShot(5, self, lambda: self._look(condition, until))


def unlock(program: Program, then: Callable[[float], None]) -> list[QObject]:
    """Type the passphrase when all is loaded; `then` is told the seconds until the list was painted."""
    begun: list[float] = []

    def give() -> None:
        panel = program.door.panels.currentWidget() if program.door else None
        if program.lanes.busy() or not isinstance(panel, UnlockPanel):
            QTimer.singleShot(100, give)
            return
        panel.field.setText(PASSPHRASE)
        begun.append(time.perf_counter())
        panel.unlock()

    def shown(widget: object) -> bool:
        page = list_page(program)
        return page is not None and widget is page.table.viewport() and page.model.rowCount() > 0

    watch = when_painted(shown, lambda: then(time.perf_counter() - begun[0]))
    QTimer.singleShot(500, give)
    return [watch]


def list_page(program: Program) -> CaseListPage | None:
    """Give the list of case files, when it is there."""
    page = program.work.window.frame.page if program.work is not None else None
    return page if isinstance(page, CaseListPage) else None


def main_window(program: Program) -> MainWindow:
    """Give the main window, which must be there."""
    if program.work is None:
        raise AssertionError("the program is locked")
    return program.work.window


def stand_still(_program: Program) -> Iterator[int | Callable[[], object]]:
    """Leave the list as it is."""
    yield 200


def load_everything(program: Program) -> Iterator[int | Callable[[], object]]:
    """Scroll until every case file is in the list."""
    page = list_page(program)
    if page is None:
        raise AssertionError("the list is not shown")
    model = page.model
    while model.canFetchMore(model.index(-1, -1)) or program.lanes.busy():
        page.table.scrollToBottom()
        yield lambda: not program.lanes.busy()
    yield 200


def through_everything(program: Program) -> Iterator[int | Callable[[], object]]:
    """Turn pages, jump to the end, search, filter, open case files, look at the other pages."""
    page = list_page(program)
    if page is None:
        raise AssertionError("the list is not shown")
    for _ in range(_PAGES):
        QTest.keyClick(page.table, Qt.Key.Key_PageDown)
        yield 30
    for _ in range(_ENDS):
        page.table.scrollToBottom()
        yield lambda: not program.lanes.busy()
    for word in _WORDS:
        for letter in word:
            QTest.keyClicks(page.search, letter)
            yield _TYPING
        yield lambda: not program.lanes.busy()
        yield from _into_case_files(program, page)
        page.search.clear()
        yield _TYPING
    for code in ("assessment", "planning"):
        page.chips.take(code)
        yield 300
    for place in (DESK, SYNC, CASES):
        main_window(program).go(Place(place))
        yield 300


def _into_case_files(program: Program, page: CaseListPage) -> Iterator[int | Callable[[], object]]:
    window = main_window(program)
    for row in range(min(_OPENED, page.model.rowCount())):
        page.table.selectRow(row)
        page.open_current()
        yield 250
        yield lambda: not program.lanes.busy()
        window.back()
        yield 60
