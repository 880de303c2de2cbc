"""What was never expected: logged without values, shown without values, and the program goes on."""

from __future__ import annotations

import sys
from types import TracebackType

from PySide6.QtCore import QObject, Signal

from app import log
from app.domain.errors import KimError


class CrashGuard(QObject):
    """Takes what nobody caught in the screen's thread (`install`) and in the lanes (`report`)."""

    crashed = Signal(str)
    """The redacted report: types, files and lines; no messages, no values."""
    failed = Signal(object)
    """A KimError that came up where nobody waited for one."""

    def install(self) -> None:
        """Become the program's `sys.excepthook`."""
        sys.excepthook = self._on_exception

    def report(self, error: BaseException) -> None:
        """Log and show a failure."""
        if isinstance(error, KimError):
            self.failed.emit(error)
            return
        log.failure(error)
        self.crashed.emit(log.redacted(error))

    def _on_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        self.report(error)
