"""Noticing when something is on the screen."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget


class _Watch(QObject):
    def __init__(self, wanted: Callable[[QWidget], bool], then: Callable[[], None]) -> None:
        super().__init__()
        self._wanted, self._then = wanted, then

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let everything pass; after the first paint of what is wanted, call back and look away."""
        if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget) and self._wanted(watched):
            QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]  # it runs
            QTimer.singleShot(0, self._then)
        return False


def when_painted(wanted: Callable[[QWidget], bool], then: Callable[[], None]) -> QObject:
    """Call `then` once, after the first paint of a widget that is `wanted`; keep the answer until then."""
    watch = _Watch(wanted, then)
    application = QApplication.instance()
    if application is None:
        raise RuntimeError("there is no application yet")
    application.installEventFilter(watch)
    return watch
