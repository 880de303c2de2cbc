"""A layout that breaks into lines: at 200 % text nothing is cut off at the side."""

# ruff: noqa: N802 - a layout answers to the names that Qt calls

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QStyle, QWidget


class FlowLayout(QLayout):
    """Lays widgets out like words, from the side where reading begins."""

    def __init__(self, parent: QWidget | None = None, *, at_end: bool = False) -> None:
        """Lay out the children of `parent`, without a margin; `at_end`: lines end at the far side."""
        super().__init__(parent)
        self._at_end = at_end
        self._known: dict[int, list[list[QLayoutItem]]] = {}
        """Lines by width, until something in them changes: Qt asks for them many times over."""
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        """Take an item at the end."""
        self._items.append(item)
        self.invalidate()

    def invalidate(self) -> None:
        """Forget how the lines were broken: something in them changed."""
        self._known.clear()
        super().invalidate()

    def count(self) -> int:
        """Items held."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """Give an item, None beyond the end."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Give an item away."""
        self._known.clear()
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """It takes no room that it does not need."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """The narrower, the higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Height of all lines at a width."""
        lines = self._lines(width)
        return sum(map(_height, lines)) + self._gap * max(len(lines) - 1, 0)

    def setGeometry(self, area: QRect) -> None:
        """Put every item into its place."""
        super().setGeometry(area)
        y = area.y()
        for line in self._lines(area.width()):
            self._place(line, area, y)
            y += _height(line) + self._gap

    def sizeHint(self) -> QSize:
        """The room of all items in one line, where there is so much."""
        items = self._shown()
        return QSize(_width(items, self._gap), self.minimumSize().height()) if items else QSize()

    def minimumSize(self) -> QSize:
        """The room of the widest item."""
        size = QSize()
        for item in self._shown():
            size = size.expandedTo(item.minimumSize())
        return size

    @property
    def _gap(self) -> int:
        return max(self.spacing(), 4)

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _lines(self, width: int) -> list[list[QLayoutItem]]:
        if width not in self._known:
            self._known[width] = self._broken(width)
        return self._known[width]

    def _broken(self, width: int) -> list[list[QLayoutItem]]:
        lines: list[list[QLayoutItem]] = []
        room = 0
        for item in self._shown():
            needed = item.sizeHint().width()
            if not lines or needed > room:
                lines.append([])
                room = width
            lines[-1].append(item)
            room -= needed + self._gap
        return lines

    def _place(self, line: list[QLayoutItem], area: QRect, y: int) -> None:
        parent, x = self.parentWidget(), area.x()
        if self._at_end:
            x += max(area.width() - _width(line, self._gap), 0)
        for item in line:
            hint = item.sizeHint()
            hint.setWidth(min(hint.width(), area.width()))
            place = QRect(QPoint(x, y), hint)
            item.setGeometry(QStyle.visualRect(parent.layoutDirection(), area, place) if parent else place)
            x += hint.width() + self._gap


def flowing(*widgets: QWidget, at_end: bool = False) -> QWidget:
    """Give a row of widgets that breaks into lines where there is no room for one."""
    row = QWidget()
    flow = FlowLayout(row, at_end=at_end)
    for widget in widgets:
        flow.addWidget(widget)
    return row


def _width(line: list[QLayoutItem], gap: int) -> int:
    return sum(item.sizeHint().width() for item in line) + gap * (len(line) - 1)


def _height(line: list[QLayoutItem]) -> int:
    return max(item.sizeHint().height() for item in line)
