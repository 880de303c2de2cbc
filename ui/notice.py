"""A line of help or an explained failure inside a window, announced to the screen reader."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from app.domain.errors import KimError
from ui.accessible import announce


class Notice(QFrame):
    """Icon and text in a frame; takes no room while it has nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin with nothing to say."""
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._icon, self._text = QLabel(), QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        row = QHBoxLayout(self)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)
        self.hide()

    @property
    def text(self) -> str:
        """What it says now."""
        return self._text.text()

    def say(self, text: str, drawing: str = "information") -> None:
        """Show `text` beside a drawing."""
        from ui.icons import text_pixmap

        self._icon.setPixmap(text_pixmap(drawing))
        news = text != self._text.text() or self.isHidden()
        self._text.setText(text)
        self.show()
        if news:
            announce(self, text)

    def explain(self, error: KimError) -> None:
        """Show what happened, what is safe and what to do."""
        from app.error_messages import explain

        found = explain(error)
        self.say(f"{found.what}\n{found.safe}\n{found.todo}", "conflict")

    def clear(self) -> None:
        """Say nothing."""
        self._text.clear()
        self.hide()
