"""Looks other than the platform's own: dark colours where it has none, boxes and icons for large text.

Loaded when they are wanted: their many names cost the first window some milliseconds.
"""

from __future__ import annotations

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QProxyStyle, QStyle, QStyleOption, QWidget

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


class GrownStyle(QProxyStyle):
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


def dark_palette() -> QPalette:
    """Give dark colours: fields darker, buttons lighter than the ground."""
    palette = QPalette()
    for role, colour in _DARK.items():
        palette.setColor(role, QColor(colour))
    for role in (_ROLE.WindowText, _ROLE.Text, _ROLE.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(_DIMMED))
    return palette
