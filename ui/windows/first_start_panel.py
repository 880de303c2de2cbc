"""The first start: which door to take."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCommandLinkButton, QVBoxLayout, QWidget

from app.i18n import N_, _
from ui.accessible import named
from ui.labels import heading, paragraph

SET_UP = N_("Set up a district")
JOIN = N_("Join with an invitation")


class FirstStartPanel(QWidget):
    """Two doors, each with a sentence."""

    set_up_requested = Signal()
    join_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Offer both doors."""
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.addWidget(heading(_("Welcome to KIM mobil")))
        column.addWidget(paragraph(_("There are no case files on this computer yet. How do you begin?")))
        join = _door(JOIN, _("The keeper of your district gave you an invitation file."))
        set_up = _door(SET_UP, _("You are the KI and begin with the first computer."))
        join.clicked.connect(lambda _checked=False: self.join_requested.emit())
        set_up.clicked.connect(lambda _checked=False: self.set_up_requested.emit())
        column.addWidget(join)
        column.addWidget(set_up)
        column.addStretch(1)
        self.setFocusProxy(join)


def _door(msgid: str, why: str) -> QCommandLinkButton:
    return named(QCommandLinkButton(_(msgid), why), msgid)
