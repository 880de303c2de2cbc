"""The first start: which door to take."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.i18n import N_, _
from ui.accessible import button
from ui.labels import heading, paragraph
from ui.sizes import letters

SET_UP = N_("Set up a district")
JOIN = N_("Join with an invitation")
JOIN_WHY = N_("The keeper of your district gave you an invitation file.")
SET_UP_WHY = N_("You are the KI and begin with the first computer.")

RESTORE = N_("Bring back a backup")
RESTORE_WHY = N_("This computer takes the place of one that was lost or broke.")


class FirstStartPanel(QWidget):
    """Three doors, each with a sentence."""

    set_up_requested = Signal()
    join_requested = Signal()
    restore_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Offer the doors."""
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.addWidget(heading(_("Welcome to KIM mobil")))
        column.addWidget(paragraph(_("There are no case files on this computer yet. How do you begin?")))
        join = _large(button(JOIN, self.join_requested.emit))
        set_up = _large(button(SET_UP, self.set_up_requested.emit))
        restore = _large(button(RESTORE, self.restore_requested.emit))
        for door, why in ((join, JOIN_WHY), (set_up, SET_UP_WHY), (restore, RESTORE_WHY)):
            column.addSpacing(16)
            column.addWidget(door, 0, Qt.AlignmentFlag.AlignLeft)
            column.addWidget(paragraph(_(why)))
        column.addStretch(1)
        self.setFocusProxy(join)


def _large(door: QPushButton) -> QPushButton:
    door.setAutoDefault(True)
    door.setMinimumSize(letters(door, 34), 2 * door.fontMetrics().lineSpacing())
    return door
