"""Our own line drawings in the palette's text colour, sharp at every text size."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QLabel

from app.paths import resources_dir

_DRAWN_IN = b"#000000"
_SIZES = (16, 24, 32, 48)


def icon(name: str) -> QIcon:
    """Give the drawing of that name in the present text colour; ask again when that changes."""
    made = QIcon()
    for size in _SIZES:
        made.addPixmap(_drawn(name, size, QPalette.ColorRole.WindowText, QPalette.ColorGroup.Active))
        made.addPixmap(
            _drawn(name, size, QPalette.ColorRole.WindowText, QPalette.ColorGroup.Disabled),
            QIcon.Mode.Disabled,
        )
        made.addPixmap(
            _drawn(name, size, QPalette.ColorRole.HighlightedText, QPalette.ColorGroup.Active),
            QIcon.Mode.Selected,
        )
    return made


def icon_label(name: str) -> QLabel:
    """Give a label with the drawing, as high as a line of text; what it says stands in text beside it."""
    made = QLabel()
    made.setPixmap(text_pixmap(name))
    return made


def text_pixmap(name: str) -> QPixmap:
    """Give the drawing alone, as high as a line of text, as sharp as the screen can show it."""
    ratio = QApplication.primaryScreen().devicePixelRatio()
    size = round(text_sized().height() * ratio)
    made = QPixmap(_drawn(name, size, QPalette.ColorRole.WindowText, QPalette.ColorGroup.Active))
    made.setDevicePixelRatio(ratio)
    return made


def text_sized() -> QSize:
    """Give the size of an icon that stands in a line of text."""
    side = QFontMetrics(QApplication.font()).height()
    return QSize(side, side)


def _drawn(name: str, size: int, role: QPalette.ColorRole, group: QPalette.ColorGroup) -> QPixmap:
    return _painted(name, size, QGuiApplication.palette().color(group, role).name())


@cache
def _painted(name: str, size: int, colour: str) -> QPixmap:
    source = (resources_dir() / "icons" / f"{name}.svg").read_bytes()
    renderer = QSvgRenderer(QByteArray(source.replace(_DRAWN_IN, colour.encode())))
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return pixmap
