"""Cards of a form: as tall as what they hold, in a wide window too."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.labels import paragraph
from ui.widgets.card_columns import WIDEST_LETTERS, CardColumns


def test_a_line_that_wraps_in_a_wide_window_cuts_nothing_off_below_it(qtbot: QtBot) -> None:
    card = QWidget()
    column = QVBoxLayout(card)
    column.addWidget(paragraph("Please note first how the information sheet was given. " * 2))
    area = QPlainTextEdit()
    area.setFixedHeight(60)
    column.addWidget(area)
    inner = QWidget()
    below = QVBoxLayout(inner)
    below.addWidget(CardColumns([(card, 1)]))
    below.addStretch(1)
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setWidget(inner)
    qtbot.addWidget(scroll)
    widest = WIDEST_LETTERS * QFontMetrics(card.font()).averageCharWidth()
    for direction in (Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft):
        scroll.setLayoutDirection(direction)
        scroll.resize(widest + 300, 600)
        scroll.show()
        qtbot.waitUntil(lambda: 0 < card.width() <= widest and area.geometry().bottom() <= card.height())
        scroll.hide()
