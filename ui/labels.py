"""Headings and paragraphs of windows and pages."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel


def heading(text: str) -> QLabel:
    """Give a heading, half as large again as the text."""
    made = QLabel(text)
    font = QFont(made.font())
    font.setPointSizeF(font.pointSizeF() * 1.5)
    font.setBold(True)
    made.setFont(font)
    made.setWordWrap(True)
    return made


def subheading(text: str) -> QLabel:
    """Give a heading within a page."""
    made = QLabel(text)
    font = QFont(made.font())
    font.setBold(True)
    made.setFont(font)
    return made


def paragraph(text: str) -> QLabel:
    """Give a paragraph that wraps."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(True)
    return made
