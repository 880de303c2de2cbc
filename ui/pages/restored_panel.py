"""What a person is asked before a store that was brought back from a backup syncs for the first time."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.i18n import N_, _
from app.services.restored import Restored
from ui.accessible import button
from ui.context import ScreenContext
from ui.display import moment_text
from ui.labels import paragraph, subheading
from ui.rounds import Rounds

QUESTION = N_(
    "Is the computer from which this backup came out of use for good? Two computers that are both this one "
    "would contradict each other. If it still works, go on there, and do not sync here."
)
COMING = N_(
    "Only this page is shown until a computer of supervision has synced, too, and this one after it: what was"
    " to be erased since then goes first."
)


class RestoredPanel(QFrame):
    """Takes no room on a computer that was not restored, or once all is as usual again."""

    def __init__(self, context: ScreenContext, rounds: Rounds, parent: QWidget | None = None) -> None:
        """Show the question until it is answered."""
        super().__init__(parent)
        self._context, self._rounds = context, rounds
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.title, self.text = subheading(""), paragraph("")
        self.agree_button = button(N_("It is out of use: sync now"), self.agree)
        column = QVBoxLayout(self)
        column.addWidget(self.title)
        column.addWidget(self.text)
        column.addWidget(self.agree_button, 0, Qt.AlignmentFlag.AlignLeft)
        rounds.ended.connect(self._on_ended)
        self._show()

    def agree(self) -> None:
        """Take the answer, and begin the first round."""
        self.agree_button.setEnabled(False)
        backups = self._context.workplace.backups
        self._context.lanes.database(backups.agree, self._on_agreed, owner=self)

    def _on_ended(self, _report: object) -> None:
        self._show()

    def _on_agreed(self, _answer: None) -> None:
        self._show()
        self._rounds.run()

    def _show(self) -> None:
        found = self._context.workplace.backups.restored
        self.setVisible(found is not None)
        if found is not None:
            self.title.setText(_title(found))
            self.text.setText(_(COMING) if found.agreed else f"{_(QUESTION)}\n\n{_(COMING)}")
            self.agree_button.setVisible(not found.agreed)


def _title(found: Restored) -> str:
    if found.made_ms is None:
        return _("The data on this computer stand at an earlier moment than what it has sent since.")
    return _("This is a backup of {moment} that was brought back.").format(moment=moment_text(found.made_ms))
