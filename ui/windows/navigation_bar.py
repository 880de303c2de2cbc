"""The pages at the side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app.i18n import _
from ui.accessible import named
from ui.icons import icon, text_sized
from ui.shortcuts import sequence


@dataclass(frozen=True)
class Destination:
    """A page of the side bar: its name in the program, its label's catalogue id, drawing and shortcut."""

    name: str
    label: str
    drawing: str
    shortcut: str


class NavigationBar(QFrame):
    """One button a page; `page_requested` carries its name."""

    page_requested = Signal(str)

    def __init__(self, destinations: Sequence[Destination], parent: QWidget | None = None) -> None:
        """Offer `destinations`."""
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._buttons: dict[str, QToolButton] = {}
        self._drawings: dict[str, str] = {item.name: item.drawing for item in destinations}
        group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        for item in destinations:
            button = self._button(item)
            group.addButton(button)
            column.addWidget(button)
        column.addStretch(1)

    def show_current(self, name: str) -> None:
        """Mark the page that is shown; one that has no button marks none anew."""
        if name in self._buttons:
            self._buttons[name].setChecked(True)

    def refresh_icons(self) -> None:
        """Draw the icons anew: the palette changed."""
        for name, button in self._buttons.items():
            button.setIcon(icon(self._drawings[name]))

    def _button(self, item: Destination) -> QToolButton:
        button = named(QToolButton(), item.label)
        button.setText(_(item.label))
        button.setIcon(icon(item.drawing))
        side = text_sized().height() + 6
        button.setIconSize(QSize(side, side))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.setMinimumHeight(side + 10)
        button.setCheckable(True)
        button.setAutoRaise(True)
        button.setToolTip(sequence(item.shortcut).toString())
        button.toggled.connect(lambda on: _embolden(button, on))
        button.clicked.connect(lambda _checked=False, name=item.name: self.page_requested.emit(name))
        self._buttons[item.name] = button
        return button


def _embolden(button: QToolButton, on: bool) -> None:
    font = button.font()
    font.setBold(on)
    button.setFont(font)
