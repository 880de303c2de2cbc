"""A record to read: what is given, and what is not for this reader."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QLabel,
    QScrollArea,
    QStyle,
    QStyleOptionFocusRect,
    QVBoxLayout,
    QWidget,
)

from app.domain.declarations import REGISTRY
from app.domain.records import Presence, Record
from app.domain.schema import RecordType
from app.i18n import N_, _
from ui.accessible import named
from ui.field_text import Names, field_text

NAME = N_("{section}: the chosen entry")


class RecordView(QScrollArea):
    """Labels with values; empty fields are left out."""

    def __init__(self, record_type: RecordType, parent: QWidget | None = None) -> None:
        """Begin empty."""
        super().__init__(parent)
        named(self, NAME, section=_(record_type.plural))
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.texts: dict[str, str] = {}

    def show_record(self, record: Record, names: Names) -> None:
        """Show a record."""
        declared = REGISTRY[record.type]
        self.texts = {
            item.name: field_text(record, item.name, names)
            for item in declared.fields.values()
            if not item.generated and record.presence(declared, item.name) is not Presence.EMPTY
        }
        labels = {name: _(declared.fields[name].label) for name in self.texts}
        self.setAccessibleDescription("\n".join(f"{labels[name]}: {self.texts[name]}" for name in labels))
        body = _Body(self)
        column = QVBoxLayout(body)
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        for name, text in self.texts.items():
            _add_line(grid, labels[name], text)
        column.addLayout(grid)
        column.addStretch(1)
        self.setWidget(body)


class _Body(QWidget):
    """Shows by the platform's own frame where the keyboard is: a scroll area has no sign of it."""

    def __init__(self, area: RecordView) -> None:
        super().__init__()
        self._area = area
        area.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._area.hasFocus():
            option = QStyleOptionFocusRect()
            option.initFrom(self)
            painter = QPainter(self)
            self.style().drawPrimitive(QStyle.PrimitiveElement.PE_FrameFocusRect, option, painter, self)
            painter.end()


def _add_line(grid: QGridLayout, label: str, text: str) -> None:
    row = grid.rowCount()
    value = QLabel(text)
    value.setTextFormat(Qt.TextFormat.PlainText)
    value.setWordWrap(True)
    value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    grid.addWidget(QLabel(f"{label}:"), row, 0, Qt.AlignmentFlag.AlignTop)
    grid.addWidget(value, row, 1, Qt.AlignmentFlag.AlignTop)
