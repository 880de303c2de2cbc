"""The look: Fusion with the system's palette, light or dark by the system or by choice, text up to 200 %."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStyle

APPEARANCES = {
    "system": Qt.ColorScheme.Unknown,
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
}
SCALES = (100, 125, 150, 175, 200)


class Theme(QObject):
    """Sets colours and text size of the whole program; the platform's own colours and fonts are kept."""

    def __init__(self, application: QApplication) -> None:
        """Take Fusion, and the system's font as 100 %."""
        super().__init__(application)
        self._application = application
        self._normal = QFont(application.font())
        self._scale = 100
        if application.style().objectName() != "fusion":  # asking anew where it stands costs milliseconds
            application.setStyle("Fusion")

    def set_appearance(self, name: str) -> None:
        """Show light, dark, or what the system says (an unknown name counts as the system's)."""
        scheme = APPEARANCES.get(name, Qt.ColorScheme.Unknown)
        self._application.setPalette(QPalette())
        QGuiApplication.styleHints().setColorScheme(scheme)
        if scheme == Qt.ColorScheme.Dark and not is_dark(self._application.palette()):
            # Platforms without colours of their own take no wish.
            from ui.looks import dark_palette

            self._application.setPalette(dark_palette())

    def set_text_scale(self, percent: int) -> None:
        """Show all text at `percent` of the system's size, and boxes and icons with it."""
        if percent != self._scale:
            self._scale = percent
            self._application.setStyle("Fusion" if percent == 100 else _grown_style(percent))
        font = QFont(self._normal)
        if font.pointSizeF() > 0:
            font.setPointSizeF(font.pointSizeF() * percent / 100)
        else:
            font.setPixelSize(round(font.pixelSize() * percent / 100))
        self._application.setFont(font)


def is_dark(palette: QPalette) -> bool:
    """Tell whether text is lighter than what it stands on."""
    role = QPalette.ColorRole
    return palette.color(role.WindowText).lightness() > palette.color(role.Window).lightness()


def larger(percent: int) -> int:
    """Give the next larger text size, the largest after the last."""
    return next((scale for scale in SCALES if scale > percent), SCALES[-1])


def smaller(percent: int) -> int:
    """Give the next smaller text size, 100 after the first."""
    return next((scale for scale in reversed(SCALES) if scale < percent), SCALES[0])


def _grown_style(percent: int) -> QStyle:
    from ui.looks import GrownStyle

    return GrownStyle(percent)
