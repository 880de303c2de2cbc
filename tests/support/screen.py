"""What tests of windows share: waiting for the lanes, and the rules that every window keeps."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from babel.messages.extract import extract_from_dir
from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QEvent, QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QTabBar, QWidget

from app.domain.declarations import catalogue_labels
from app.i18n import _
from app.services.ports import Session
from tests.support.invented.people import Invented
from ui.accessible import MSGID_PROPERTY, SMALLEST_TARGET
from ui.application import Program
from ui.bootstrap import Doors
from ui.context import ScreenContext
from ui.tasks import Lanes
from ui.windows.main_window import MainWindow
from ui.windows.unlock_panel import UnlockPanel

PATIENCE_MS = 20_000
LOOK_EVERY_MS = 5
ROOT = Path(__file__).resolve().parents[2]
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}


class Screen:
    """The program in a test: reports of crashes and failures are kept, and must be taken by the test."""

    def __init__(self, program: Program, doors_of: Callable[[Invented], Doors]) -> None:
        """Listen to what the program would show."""
        self.program = program
        self._doors_of = doors_of
        self.crashes: list[str] = []
        program.guard.crashed.connect(self.crashes.append)

    @property
    def lanes(self) -> Lanes:
        """The program's lanes."""
        return self.program.lanes

    @property
    def window(self) -> MainWindow:
        """The main window; there must be one."""
        assert self.program.work is not None
        return self.program.work.window

    @property
    def session(self) -> Session:
        """The unlocked session."""
        assert self.program.work is not None
        return self.program.work.context.session

    @property
    def context(self) -> ScreenContext:
        """What pages are given."""
        assert self.program.work is not None
        return self.program.work.context

    def unlock(self, person: Invented) -> MainWindow:
        """Open the door window of a person, type the passphrase, and come to the main window."""
        self.program.use_doors(lambda: self._doors_of(person))
        if self.program.door is None:
            self.program.start()
        self.settle()
        self.type_passphrase(person.passphrase)
        assert self.program.work is not None
        self.program.work.rounds.hold()
        return self.window

    def type_passphrase(self, passphrase: str) -> None:
        """Type into the unlock panel and press Enter."""
        assert self.program.door is not None
        panel = self.program.door.panels.currentWidget()
        assert isinstance(panel, UnlockPanel)
        panel.field.setText(passphrase)
        QTest.keyClick(panel.field, Qt.Key.Key_Return)
        self.settle()

    def settle(self) -> None:
        """Let everything asked for arrive."""
        settle(self.lanes, rounds=6)

    def end(self) -> None:
        """Quit; a crash that the test did not take fails it."""
        self.program.quit()
        wait_for(lambda: self.program.ended)
        assert self.crashes == []


def settle(lanes: Lanes, *, rounds: int = 3) -> None:
    """Let the lanes finish and their answers, and what those ask in turn, arrive."""
    for _turn in range(rounds):
        wait_for(lambda: not lanes.busy())
        QApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def wait_for(condition: Callable[[], object], patience_ms: int = PATIENCE_MS) -> None:
    """Serve the screen's events until `condition` holds; fails when it takes too long.

    It sleeps until one comes: what only looks and looks again takes the interpreter from the lanes.
    """
    if condition():
        return
    deadline, look = QDeadlineTimer(patience_ms), QTimer(interval=LOOK_EVERY_MS)
    look.start()  # not all that is waited for comes with an event
    while not condition():
        assert not deadline.hasExpired(), "the screen did not get there in time"
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


def make_active(window: QWidget) -> None:
    """Give a window the keyboard, as a click on it would."""

    def active() -> bool:
        window.activateWindow()
        return window.isActiveWindow()

    wait_for(active)


def focusable_widgets(window: QWidget) -> list[QWidget]:
    """Give every widget of a window that takes the keyboard's focus and is shown."""
    found = [window, *window.findChildren(QWidget)]
    shown = (item for item in found if item.window() is window.window() and item.isVisibleTo(window))
    return [item for item in shown if item.focusPolicy() & Qt.FocusPolicy.TabFocus and not _is_part(item)]


def assert_named(window: QWidget) -> None:
    """Fail when a focusable widget has no name, the name of another, or one that no catalogue holds."""
    known = catalogue_msgids()
    seen: set[str] = set()
    faults = []
    for widget in focusable_widgets(window):
        name, msgid = widget.accessibleName(), widget.property(MSGID_PROPERTY)
        what = f"{type(widget).__name__} {name!r}"
        if not name or not msgid:
            faults.append(f"{what} in {_path(widget)} has no name")
        elif msgid not in known:
            faults.append(f"{what}: {msgid!r} stands in no catalogue")
        elif name in seen:
            faults.append(f"{what} is named twice")
        seen.add(name)
    assert not faults, "\n".join(faults)


def assert_large_enough(window: QWidget) -> None:
    """Fail when something to click is smaller than 24 pixels either way."""
    shown = (item for item in window.findChildren(QAbstractButton) if item.isVisible())
    small = [
        f"{item.accessibleName()} {item.width()}x{item.height()}"
        for item in shown
        if min(item.width(), item.height()) < SMALLEST_TARGET and item.focusPolicy()
    ]
    assert not small, "\n".join(small)


def catalogue_msgids() -> frozenset[str]:
    """Give every text that is marked for the catalogue in the windows' code, and every declared label."""
    return _marked() | frozenset(catalogue_labels())


def shoot(widget: QWidget, path: Path) -> None:
    """Save a picture of a window."""
    path.parent.mkdir(parents=True, exist_ok=True)
    assert widget.grab().save(str(path))


def translated(msgid: str) -> str:
    """Give a text in the language of the moment."""
    return _(msgid)


@cache
def _marked() -> frozenset[str]:
    found = (extract_from_dir(ROOT / part, keywords=KEYWORDS) for part in ("ui", "app"))
    return frozenset(text for each in found for item in each for text in _texts(item[2]))


def _texts(message_id: object) -> tuple[str, ...]:
    return (message_id,) if isinstance(message_id, str) else tuple(message_id)  # type: ignore[arg-type]  # plurals


def _is_part(widget: QWidget) -> bool:
    """Tell whether Qt made the widget inside another that has the name (an editor's viewport or line)."""
    of_qt = widget.objectName().startswith("qt_") or isinstance(widget.parentWidget(), QTabBar)
    return of_qt or widget.focusProxy() is not None


def _path(widget: QWidget) -> str:
    parts = []
    current: QWidget | None = widget.parentWidget()
    while current is not None:
        parts.append(type(current).__name__)
        current = current.parentWidget()
    return " < ".join(parts)
