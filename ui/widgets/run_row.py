"""Begin, stop, how far it has come, and what went wrong: the same for rounds and backups."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from ui.accessible import button
from ui.notice import Notice
from ui.one_at_a_time import OneAtATime

_STEPS = 1000


class RunRow(QWidget):
    """Follows runs of `work`, whoever begins them."""

    def __init__(self, work: OneAtATime, run: str, stop: str, parent: QWidget | None = None) -> None:
        """Show how it stands; `run` and `stop` are the buttons' catalogue ids."""
        super().__init__(parent)
        self._work, self._ready = work, True
        self.run_button = button(run, work.run)
        self.cancel_button = button(stop, work.cancel)
        self.progress, self.notice = QProgressBar(), Notice()
        row = QHBoxLayout()
        row.addWidget(self.run_button)
        row.addWidget(self.cancel_button)
        row.addWidget(self.progress, 1)
        row.addStretch(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self.notice)
        work.begun.connect(self._on_begun)
        work.progressed.connect(self._on_progressed)
        work.ended.connect(self._on_ended)
        work.failed.connect(self.notice.explain)
        self._show()
        if work.last_error is not None:
            self.notice.explain(work.last_error)

    def take_focus(self) -> None:
        """Begin at the button that can be pressed now."""
        (self.cancel_button if self._work.running else self.run_button).setFocus()

    def set_ready(self, ready: bool) -> None:
        """Let runs be begun, or not while something they need is missing."""
        self._ready = ready
        self._show()

    def _show(self) -> None:
        running = self._work.running
        had_focus = self.run_button.hasFocus() or self.cancel_button.hasFocus()
        self.run_button.setEnabled(self._ready and not running)
        self.cancel_button.setEnabled(running)
        self.progress.setVisible(running)
        if had_focus:
            self.take_focus()

    def _on_begun(self) -> None:
        self.notice.clear()
        self.progress.setRange(0, 0)
        self._show()

    def _on_progressed(self, done: int, of: int) -> None:
        self.progress.setRange(0, _STEPS)
        self.progress.setValue(done * _STEPS // max(of, 1))

    def _on_ended(self, _result: object) -> None:
        self._show()
