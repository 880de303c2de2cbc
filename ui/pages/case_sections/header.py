"""The head of a case file: number, languages, people in charge, how far it is saved, the phase."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from app.domain.declarations import CASE_FILE, HANDOVER, PERSON, STAND_IN
from app.i18n import N_, _
from app.services.ports import Session
from ui.accessible import button, named, only_if
from ui.field_text import Names, field_text
from ui.flow_layout import flowing
from ui.labels import heading
from ui.pages.case_sections.case_data import CaseData, is_supervisor
from ui.pages.case_sections.gate_words import is_closed
from ui.pages.case_sections.phase_steps import PhaseSteps
from ui.widgets.elided_label import ElidedLabel
from ui.windows.state_line import delivery_text


class CaseHeader(QWidget):
    """Shows a case file's head; wishes go out as signals."""

    papers_requested = Signal()
    stand_in_requested = Signal()
    hand_over_requested = Signal()
    merge_requested = Signal()
    split_requested = Signal()
    deleted_requested = Signal()
    restrict_requested = Signal()
    erase_requested = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        """Begin empty; only a supervisor is offered to name a stand-in."""
        super().__init__(parent)
        self._session = session
        self.number, self.facts, self.delivery = heading(""), QLabel(), ElidedLabel()
        self.steps = PhaseSteps()
        self.stand_in_button = button(N_("Name a stand-in …"), self.stand_in_requested.emit)
        only_if(is_supervisor(session), self.stand_in_button)
        self.more_button = self._make_more()
        self._lay_out()

    def show_case(self, data: CaseData) -> None:
        """Show a case file's head."""
        self.number.setText(data.record.text("number"))
        self.facts.setText(self._facts(data))
        self.delivery.setText(delivery_text(data.delivery))
        closed = is_closed(CASE_FILE, data)
        self.steps.show_phase(data.record.text("phase"))
        self.steps.setEnabled(not closed)
        self.merge_action.setEnabled(not closed)
        self.split_action.setEnabled(len(data.entries.get(PERSON.name, ())) > 1 and not closed)
        self.deleted_action.setEnabled(bool(data.deleted))
        self.hand_over_action.setEnabled(not is_closed(HANDOVER, data))
        self.stand_in_button.setEnabled(not is_closed(STAND_IN, data))
        self.restrict_action.setEnabled(not closed)
        self.erase_action.setEnabled(not data.read_only)
        self.deleted_action.setText(_("Deleted entries ({count}) …").format(count=len(data.deleted)))

    def _make_more(self) -> QToolButton:
        more = named(QToolButton(), N_("More"))
        more.setText(_("More"))
        more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(more)
        self.hand_over_action = menu.addAction(_("Hand over …"), self.hand_over_requested.emit)
        self.merge_action = menu.addAction(_("This is the same family as …"), self.merge_requested.emit)
        self.split_action = menu.addAction(_("Persons leave this case file …"), self.split_requested.emit)
        self.deleted_action = menu.addAction("", self.deleted_requested.emit)
        menu.addSeparator()
        self.restrict_action = menu.addAction(_("Restrict …"), self.restrict_requested.emit)
        self.erase_action = menu.addAction(_("Erase …"), self.erase_requested.emit)
        more.setMenu(menu)
        return more

    def _facts(self, data: CaseData) -> str:
        names = Names(self._session.members)
        parts = []
        for name in ("speaks", "reads", "responsible", "supervision"):
            text = field_text(data.record, name, names)
            if text:
                parts.append(f"{_(CASE_FILE.fields[name].label)}: {text}")
        interpreter = CASE_FILE.fields["interpreter_needed"]
        if data.record.get(interpreter.name) is True:
            parts.insert(min(2, len(parts)), _(interpreter.label))
        return "   ".join(parts)

    def _lay_out(self) -> None:
        self.number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.number.setWordWrap(False)
        self.facts.setWordWrap(True)
        self.facts.setTextFormat(Qt.TextFormat.PlainText)
        top = QHBoxLayout()
        top.addWidget(self.number)
        top.addSpacing(12)
        top.addWidget(self.delivery, 1)
        papers = button(N_("Papers … (Ctrl+P)"), self.papers_requested.emit)
        top.addWidget(flowing(self.stand_in_button, papers, self.more_button, at_end=True))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(top)
        column.addWidget(self.facts)
        column.addWidget(self.steps)
