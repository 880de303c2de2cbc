"""Sizes that follow the text, so that nothing is cut off at 200 %."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

_OF_SCREEN = 0.92


def resize_to_text(widget: QWidget, columns: int, lines: int) -> None:
    """Make a window so many average letters wide and lines high, but never larger than the screen."""
    metrics, room = widget.fontMetrics(), widget.screen().availableGeometry()
    width = min(columns * metrics.averageCharWidth(), round(room.width() * _OF_SCREEN))
    height = min(lines * metrics.lineSpacing(), round(room.height() * _OF_SCREEN))
    widget.resize(width, height)


def letters(widget: QWidget, count: int) -> int:
    """Give the width of so many average letters, in pixels."""
    return count * widget.fontMetrics().averageCharWidth()


def grow_to_content(widget: QWidget) -> None:
    """Make a window as high as what it says by now, but never smaller, nor higher than the screen."""
    layout = widget.layout()
    if layout is None:
        return
    layout.activate()
    width = max(widget.width(), layout.minimumSize().width())
    room = round(widget.screen().availableGeometry().height() * _OF_SCREEN)
    needed = min(layout.totalHeightForWidth(width), room)
    widget.resize(width, max(needed, widget.height()))
