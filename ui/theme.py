"""The look: Fusion with the system's palette, light or dark by the system or by choice, text up to 200 %."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QProxyStyle, QStyle, QStyleOption, QWidget

APPEARANCES = {
    "system": Qt.ColorScheme.Unknown,
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
}
SCALES = (100, 125, 150, 175, 200)
_GROWING = frozenset(
    {
        QStyle.PixelMetric.PM_IndicatorWidth,
        QStyle.PixelMetric.PM_IndicatorHeight,
        QStyle.PixelMetric.PM_ExclusiveIndicatorWidth,
        QStyle.PixelMetric.PM_ExclusiveIndicatorHeight,
        QStyle.PixelMetric.PM_SmallIconSize,
        QStyle.PixelMetric.PM_ButtonIconSize,
    }
)
_ROLE = QPalette.ColorRole
_DARK = {
    _ROLE.Window: "#353535",
    _ROLE.WindowText: "#f2f2f2",
    _ROLE.Base: "#161616",
    _ROLE.AlternateBase: "#222222",
    _ROLE.ToolTipBase: "#3a3a3a",
    _ROLE.ToolTipText: "#f2f2f2",
    _ROLE.PlaceholderText: "#a6a6a6",
    _ROLE.Text: "#f2f2f2",
    _ROLE.Button: "#4c4c4c",
    _ROLE.ButtonText: "#f2f2f2",
    _ROLE.BrightText: "#ffffff",
    _ROLE.Highlight: "#2f65b5",
    _ROLE.HighlightedText: "#ffffff",
    _ROLE.Link: "#8ab4f8",
    _ROLE.LinkVisited: "#c8a8ff",
    _ROLE.Light: "#6a6a6a",
    _ROLE.Midlight: "#5a5a5a",
    _ROLE.Mid: "#8a8a8a",
    _ROLE.Dark: "#161616",
    _ROLE.Shadow: "#000000",
    _ROLE.Accent: "#4c84d6",
}
_DIMMED = "#9a9a9a"


class Theme(QObject):
    """Sets colours and text size of the whole program; the platform's own colours and fonts are kept."""

    def __init__(self, application: QApplication) -> None:
        """Take Fusion, and the system's font as 100 %."""
        super().__init__(application)
        self._application = application
        self._normal = QFont(application.font())
        self._scale = 100
        application.setStyle("Fusion")

    def set_appearance(self, name: str) -> None:
        """Show light, dark, or what the system says (an unknown name counts as the system's)."""
        scheme = APPEARANCES.get(name, Qt.ColorScheme.Unknown)
        self._application.setPalette(QPalette())
        QGuiApplication.styleHints().setColorScheme(scheme)
        if scheme == Qt.ColorScheme.Dark and not is_dark(self._application.palette()):
            # Platforms without colours of their own take no wish.
            self._application.setPalette(_dark_palette())

    def set_text_scale(self, percent: int) -> None:
        """Show all text at `percent` of the system's size, and boxes and icons with it."""
        if percent != self._scale:
            self._scale = percent
            self._application.setStyle("Fusion" if percent == 100 else _GrownStyle(percent))
        font = QFont(self._normal)
        if font.pointSizeF() > 0:
            font.setPointSizeF(font.pointSizeF() * percent / 100)
        else:
            font.setPixelSize(round(font.pixelSize() * percent / 100))
        self._application.setFont(font)


def is_dark(palette: QPalette) -> bool:
    """Tell whether text is lighter than what it stands on."""
    return palette.color(_ROLE.WindowText).lightness() > palette.color(_ROLE.Window).lightness()


def larger(percent: int) -> int:
    """Give the next larger text size, the largest after the last."""
    return next((scale for scale in SCALES if scale > percent), SCALES[-1])


def smaller(percent: int) -> int:
    """Give the next smaller text size, 100 after the first."""
    return next((scale for scale in reversed(SCALES) if scale < percent), SCALES[0])


class _GrownStyle(QProxyStyle):
    """Fusion with boxes and icons that grow with the text; only used above 100 %, because it costs time."""

    def __init__(self, percent: int) -> None:
        super().__init__("Fusion")
        self._percent = percent

    def pixelMetric(  # noqa: N802 - Qt calls it
        self,
        metric: QStyle.PixelMetric,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
    ) -> int:
        """Give a size in pixels."""
        size = super().pixelMetric(metric, option, widget)
        return size * self._percent // 100 if metric in _GROWING else size


def _dark_palette() -> QPalette:
    palette = QPalette()
    for role, colour in _DARK.items():
        palette.setColor(role, QColor(colour))
    for role in (_ROLE.WindowText, _ROLE.Text, _ROLE.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(_DIMMED))
    return palette
