"""What somebody else wrote into a register while it is being edited here: said beside it, with a choice."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from app.i18n import N_, _
from ui.accessible import EnterButton, announce, named

TAKE_OVER = N_("Take over: {register}")
KEEP_MINE = N_("Keep mine: {register}")


class MeanwhileNote(QFrame):
    """Takes no room until there is something to say."""

    taken_over = Signal()
    kept = Signal()

    def __init__(self, register: str, parent: QWidget | None = None) -> None:
        """Begin with nothing to say; `register` is the label of the register, a catalogue id."""
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.text = QLabel()
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setWordWrap(True)
        self.take_button = named(EnterButton(_("Take over")), TAKE_OVER, register=_(register))
        self.keep_button = named(EnterButton(_("Keep mine")), KEEP_MINE, register=_(register))
        self.take_button.clicked.connect(lambda _checked=False: self.taken_over.emit())
        self.keep_button.clicked.connect(lambda _checked=False: self.kept.emit())
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 2, 6, 2)
        row.addWidget(self.text, 1)
        row.addWidget(self.take_button)
        row.addWidget(self.keep_button)
        self.hide()

    def say(self, text: str) -> None:
        """Show what was written meanwhile."""
        news = text != self.text.text() or self.isHidden()
        self.text.setText(text)
        self.show()
        if news:
            announce(self, text)
