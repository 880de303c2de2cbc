"""A line above every page with a button that leads on; it takes no room while there is nothing to say."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from ui.accessible import button
from ui.notice import Notice


class NoticeAbove(QFrame):
    """Hidden at first; whoever makes one of it says and shows."""

    def __init__(self, label: str, go: Callable[[], object], parent: QWidget | None = None) -> None:
        """Lay out the line; `label`: the button's catalogue id."""
        super().__init__(parent)
        self.notice = Notice()
        self.go_button = button(label, go)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.notice, 1)
        row.addWidget(self.go_button)
        self.hide()
