"""A row of chips of which exactly one is chosen."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QButtonGroup, QToolButton, QWidget

from app.i18n import N_, _
from ui.accessible import named
from ui.flow_layout import FlowLayout
from ui.icons import icon, text_sized

NAME = N_("{what}: {choice}")


class ChoiceChips(QWidget):
    """Chips for codes, after one for none of them; `chosen` carries the code or None."""

    chosen = Signal(object)

    def __init__(
        self, what: str, none: str, choices: Mapping[str, str], parent: QWidget | None = None
    ) -> None:
        """Offer `none` and `choices`; all labels, and `what` that names the row, are catalogue ids."""
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._codes: list[str | None] = [None, *choices]
        self._marks = (icon("chosen"), QIcon())
        flow = FlowLayout(self)
        for place, label in enumerate((none, *choices.values())):
            chip = named(self._chip(_(label)), NAME, what=_(what), choice=_(label))
            self._group.addButton(chip, place)
            flow.addWidget(chip)
        self._group.button(0).setChecked(True)
        self._group.idClicked.connect(lambda place: self.chosen.emit(self._codes[place]))
        self.setFocusProxy(self._group.button(0))

    def _chip(self, text: str) -> QToolButton:
        """Give a chip whose choice shows by a tick, not by colour alone."""
        chip = QToolButton()
        chip.setText(text)
        chip.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        chip.setIconSize(text_sized())
        chip.setCheckable(True)
        chip.toggled.connect(lambda on: chip.setIcon(self._marks[0 if on else 1]))
        return chip

    @property
    def choice(self) -> str | None:
        """The chosen code."""
        return self._codes[self._group.checkedId()]

    def choose(self, code: str | None) -> None:
        """Choose without telling anybody; an unknown code chooses the first."""
        self._group.button(self._codes.index(code) if code in self._codes else 0).setChecked(True)

    def take(self, code: str) -> None:
        """Choose as a person would."""
        self.choose(code)
        self.chosen.emit(self.choice)
