"""A chip for each phase: one of them, or all."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QToolButton, QWidget

from app.domain.code_lists import PHASE
from app.i18n import N_, _
from ui.accessible import named
from ui.flow_layout import FlowLayout

ALL = N_("All phases")


class PhaseChips(QWidget):
    """Exclusive chips; `phase_chosen` carries the code, or None for all."""

    phase_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin with all phases."""
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._codes: list[str | None] = [None, *PHASE.labels]
        flow = FlowLayout(self)
        for place, code in enumerate(self._codes):
            flow.addWidget(self._chip(place, ALL if code is None else PHASE.labels[code]))
        self._group.button(0).setChecked(True)
        self._group.idClicked.connect(lambda place: self.phase_chosen.emit(self._codes[place]))

    @property
    def phase(self) -> str | None:
        """The chosen phase, None for all."""
        return self._codes[self._group.checkedId()]

    def choose(self, phase: str | None) -> None:
        """Choose a phase without telling anybody."""
        self._group.button(self._codes.index(phase) if phase in self._codes else 0).setChecked(True)

    def _chip(self, place: int, label: str) -> QToolButton:
        chip = named(QToolButton(), label)
        chip.setText(_(label))
        chip.setCheckable(True)
        self._group.addButton(chip, place)
        return chip
