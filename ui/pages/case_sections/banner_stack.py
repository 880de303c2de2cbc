"""The banners above a case file, each with the one thing to do about it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.i18n import N_
from ui.accessible import button
from ui.icons import icon_label
from ui.pages.case_sections.banner_list import Banner, Matter

ACTIONS = {
    Matter.SHEET: N_("Note the sheet … (F5)"),
    Matter.CONSENT: N_("Note the consent … (F8)"),
    Matter.PROVISIONAL: N_("Compare and decide …"),
    Matter.MERGED: N_("Take apart …"),
    Matter.RESTRICTED: N_("Lift the restriction …"),
}
DRAWINGS = {
    Matter.RESTRICTED: "lock",
    Matter.SAFETY: "refused",
    Matter.READ_ONLY: "lock",
    Matter.NOT_READ: "lock",
    Matter.STAND_IN: "members",
    Matter.MERGED: "members",
}


class BannerStack(QWidget):
    """`action_requested` carries the matter."""

    action_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin with none."""
        super().__init__(parent)
        self.shown: tuple[Banner, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)

    def show_banners(self, banners: Sequence[Banner]) -> None:
        """Show these, and only these."""
        if tuple(banners) == self.shown:
            return
        self.shown = tuple(banners)
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for banner in banners:
            self._column.addWidget(self._frame(banner))

    def _frame(self, banner: Banner) -> QFrame:
        frame = QFrame()
        frame.setFrameShape(QFrame.Shape.StyledPanel)
        row = QHBoxLayout(frame)
        row.setContentsMargins(8, 4, 8, 4)
        row.addWidget(icon_label(DRAWINGS.get(banner.matter, "conflict")))
        text = QLabel(banner.text)
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setWordWrap(True)
        row.addWidget(text, 1)
        if banner.acts and banner.matter in ACTIONS:
            row.addWidget(
                button(ACTIONS[banner.matter], lambda: self.action_requested.emit(banner.matter)),
                0,
                Qt.AlignmentFlag.AlignTop,
            )
        if banner.matter is Matter.SAFETY:
            _stress(frame, text)
        return frame


def _stress(frame: QFrame, text: QLabel) -> None:
    # The pair of colours that the palette itself keeps for what must be noticed.
    palette = frame.palette()
    palette.setColor(QPalette.ColorRole.Window, palette.color(QPalette.ColorRole.ToolTipBase))
    palette.setColor(QPalette.ColorRole.WindowText, palette.color(QPalette.ColorRole.ToolTipText))
    frame.setPalette(palette)
    frame.setAutoFillBackground(True)
    frame.setFrameShape(QFrame.Shape.Box)
    frame.setLineWidth(2)
    font = QFont(text.font())
    font.setBold(True)
    text.setFont(font)
