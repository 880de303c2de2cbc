"""The phases of a case as steps; a step ahead needs a reason."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QToolButton, QWidget

from app.domain.code_lists import PHASE
from app.domain.process import may_follow
from app.i18n import N_, _
from ui.accessible import named
from ui.flow_layout import FlowLayout

STEP = N_("Phase: {phase}")
CURRENT = N_("Phase: {phase}, the case is here")


class PhaseSteps(QWidget):
    """A button for each phase; `phase_requested` carries its code and whether a phase would be skipped."""

    phase_requested = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin in no phase."""
        super().__init__(parent)
        self._phase = ""
        flow = FlowLayout(self)
        self.buttons = {code: self._step(code) for code in PHASE.labels}
        for step in self.buttons.values():
            flow.addWidget(step)

    def show_phase(self, phase: str) -> None:
        """Mark where the case is, by text and weight and not by colour alone."""
        self._phase = phase or "access"
        for code, step in self.buttons.items():
            here = code == self._phase
            label = _(PHASE.labels[code])
            step.setText(f"● {label}" if here else label)
            named(step, CURRENT if here else STEP, phase=label)
            font = QFont(self.font())
            font.setBold(here)
            step.setFont(font)
            step.setChecked(here)
            direct = may_follow(self._phase, code)
            step.setToolTip("" if direct else _("Skips a phase; this needs a reason."))

    def _step(self, code: str) -> QToolButton:
        step = QToolButton()
        step.setCheckable(True)
        step.setAutoRaise(True)
        step.clicked.connect(lambda _checked=False: self._on_clicked(code))
        return step

    def _on_clicked(self, code: str) -> None:
        before = self._phase
        self.show_phase(before)
        if code != before:
            self.phase_requested.emit(code, not may_follow(before, code))
