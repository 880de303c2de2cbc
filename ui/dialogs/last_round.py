"""Before the program ends with changes that have not left this computer: one last round is offered."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QProgressBar, QVBoxLayout, QWidget

from app.domain.errors import KimError
from app.i18n import N_, _, ngettext
from ui.accessible import button
from ui.dialogs.button_row import button_row
from ui.labels import paragraph
from ui.notice import Notice
from ui.rounds import Rounds
from ui.sizes import letters


class LastRoundDialog(QDialog):
    """`quit_requested` when the round got through, or the person quits without one."""

    quit_requested = Signal()

    def __init__(self, waiting: int, rounds: Rounds, parent: QWidget | None = None) -> None:
        """Tell that `waiting` changes are saved here and nowhere else."""
        super().__init__(parent)
        self.setWindowTitle(_("Quit"))
        self.setMinimumWidth(letters(self, 66))
        self._rounds = rounds
        told = ngettext(
            "{count} change has not left this computer yet. It is saved here and goes out next time.",
            "{count} changes have not left this computer yet. They are saved here and go out next time.",
            waiting,
        )
        self.notice, self._busy = Notice(), QProgressBar()
        self._busy.setRange(0, 0)
        self._busy.hide()
        self.sync_button = button(N_("Sync, then quit"), self._synchronise)
        self.quit_button = button(N_("Quit now"), self._quit)
        self.stay_button = button(N_("Stay"), self.reject)
        steps = (self.sync_button, self.quit_button)
        buttons = button_row(*steps, away=self.stay_button, enter=self.sync_button)
        column = QVBoxLayout(self)
        for part in (paragraph(told.format(count=waiting)), self._busy, self.notice, buttons):
            column.addWidget(part)
        rounds.failed.connect(self._on_failed)
        rounds.ended.connect(self._on_ended)
        self._asked = False

    def _synchronise(self) -> None:
        self._asked = True
        self._busy.show()
        self.notice.clear()
        self.sync_button.setEnabled(False)
        self._rounds.run()

    def _on_failed(self, error: KimError) -> None:
        if self._asked:
            self.notice.explain(error)

    def _on_ended(self, report: object) -> None:
        self._busy.hide()
        self.sync_button.setEnabled(True)
        if self._asked and report is not None:
            self._quit()

    def _quit(self) -> None:
        self.accept()
        self.quit_requested.emit()
