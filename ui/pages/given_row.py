"""How the sheet or a consent was given: one key, and a sentence that says what will be noted."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from app.domain.code_lists import CONSENT_FORM
from app.i18n import N_, _
from ui.choice_chips import ChoiceChips

NOT_YET = N_("Not yet")


class GivenRow(QWidget):
    """`changed` when a person chose; `form` is the code of the way it was given, empty for not yet."""

    changed = Signal()

    def __init__(self, what: str, forms: Sequence[str], parent: QWidget | None = None) -> None:
        """Offer `forms` (codes of the list of consent forms) for `what`, a catalogue id."""
        super().__init__(parent)
        choices = {code: CONSENT_FORM.labels[code] for code in forms}
        self.chips = ChoiceChips(what, NOT_YET, choices)
        self.chips.chosen.connect(lambda _code: self.changed.emit())
        label = QLabel(_(what))
        label.setMinimumWidth(label.fontMetrics().averageCharWidth() * 20)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label)
        row.addWidget(self.chips, 1)

    @property
    def form(self) -> str:
        """The code of the way it was given, empty for not yet."""
        return self.chips.choice or ""

    def choose(self, form: str) -> None:
        """Show a choice without telling anybody."""
        self.chips.choose(form or None)

    def take(self, form: str) -> None:
        """Choose as a person would."""
        self.chips.take(form)
