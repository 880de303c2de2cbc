"""Handovers and stand-ins: what is asked of whom, what still waits for what, who stands in when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QTableWidget, QVBoxLayout, QWidget

from app.domain.audience import Role
from app.domain.declarations import HANDOVER, HANDOVER_RECEIPT, STAND_IN
from app.domain.dots import Dot
from app.domain.errors import KimError
from app.domain.records import Record, new_record
from app.i18n import N_, _
from app.services import handovers, stand_ins
from app.services.caseload import Caseload
from app.services.ports import Saved, today
from ui.accessible import announce, button, only_if
from ui.context import ScreenContext
from ui.dialogs.hand_over import all_files_question, all_stand_ins_question, terms_of
from ui.dialogs.record_question import RecordQuestion
from ui.display import member_name
from ui.field_text import Names, field_text
from ui.flow_layout import flowing
from ui.labels import heading, paragraph, subheading
from ui.notice import Notice
from ui.pages.handover_parts.words import caseload_text, stand_in_text, standing_text
from ui.pages.page import Page
from ui.tables import fill_rows, reading_table, wrap_rows
from ui.tasks import Cancelled, Progress, Task
from ui.widgets.record_form import RecordForm

if TYPE_CHECKING:
    from sync.handing.handovers import StandIn, Standing

COLUMNS = (N_("Case file"), N_("From whom"), N_("To whom"), N_("Asked on"), N_("How it stands"))
STAND_IN_COLUMNS = (N_("Case file"), N_("Stand-in"), N_("Since"), N_("Until"), N_("How it stands"))
SHOWN = frozenset({HANDOVER.name, HANDOVER_RECEIPT.name, STAND_IN.name, "CaseFile"})
"""Types of records that move something on this page."""
Step = Callable[[Progress, Cancelled], Caseload]


class HandoversPage(Page):
    """Two tables; the buttons below do what is possible with the chosen row."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        """Read what is known."""
        super().__init__(parent)
        self._context = context
        self._found: tuple[Standing, ...] = ()
        self._stand_ins: tuple[StandIn, ...] = ()
        self._task: Task | None = None
        me = context.session.members.member(context.session.me)
        self._supervises = me is not None and me.role is Role.SUPERVISOR
        self.notice = Notice()
        self.table = reading_table(N_("Handovers"), COLUMNS)
        self.stand_ins = reading_table(N_("Stand-ins"), STAND_IN_COLUMNS)
        wrap_rows(self.table)
        wrap_rows(self.stand_ins)
        self._make_buttons()
        self.progress = QProgressBar()
        self._nothing = paragraph(_("No case file changes hands."))
        self._nobody = paragraph(_("Nobody stands in for anybody."))
        self._lay_out()
        self.table.itemSelectionChanged.connect(self._enable)
        self.stand_ins.itemSelectionChanged.connect(self._enable)
        context.changes.records_changed.connect(self._on_records_changed)
        self._show_working(False)
        self.refresh()

    def _make_buttons(self) -> None:
        self.accept_button = button(N_("Accept"), self.accept)
        self.decline_button = button(N_("Decline"), self.decline)
        self.withdraw_button = button(N_("Withdraw the request"), self.withdraw)
        self.identity_button = button(N_("Contact data and attachments …"), self.settle_identity)
        self.open_button = button(N_("Open the case file"), self.open_case)
        self.all_button = button(
            N_("Assign all case files …") if self._supervises else N_("Hand all my case files over …"),
            self.hand_over_all,
        )
        self.stand_in_button = button(N_("Name a stand-in for all …"), self.stand_in_for_all)
        only_if(self._supervises, self.stand_in_button)
        self.end_button = button(N_("End this stand-in today"), self.end_stand_in)
        self.stop_button = button(N_("Stop"), self.stop)

    def refresh(self) -> None:
        """Read again how everything stands."""
        place = self._context.workplace
        self._context.lanes.database(
            lambda: (place.handovers.standing(), place.handovers.stand_ins()), self._show, owner=self
        )

    def take_focus(self) -> None:
        """Begin in the list."""
        self.table.setFocus()

    def accept(self) -> None:
        """Take the chosen case file over."""
        self._answer(handovers.accept, _("The case file is yours; the rest of it comes with the next syncs."))

    def decline(self) -> None:
        """Say no to the chosen request."""
        self._answer(handovers.decline, _("You declined; the case file stays where it is."))

    def withdraw(self) -> None:
        """Take the chosen request back."""
        self._answer(handovers.withdraw, _("The request was withdrawn."))

    def settle_identity(self) -> None:
        """Ask what became of contact data and attachments, which never travel by themselves."""
        form = RecordForm(self._context, HANDOVER, ("identity_data",))
        form.set_record(new_record(HANDOVER))
        question = RecordQuestion(
            _("Contact data and attachments"),
            _(
                "Contact data and attachments never travel by themselves. Before the copy here is erased, "
                "please say whether they were passed on, or are expressly left behind: then they are erased "
                "with it."
            ),
            N_("Note it"),
            form,
            ("identity_data",),
            self,
        )
        question.answered.connect(self._on_identity)
        question.open()

    def open_case(self) -> None:
        """Go to the chosen case file."""
        chosen = self._chosen()
        if chosen is not None:
            self._context.navigation.case_requested.emit(chosen.case)

    def hand_over_all(self) -> None:
        """Ask for the terms, then hand over every case file of somebody."""
        all_files_question(self._context, at_once=self._supervises, answered=self._on_all, parent=self).open()

    def stand_in_for_all(self) -> None:
        """Ask who stands in for whom, then name them in every case file."""
        all_stand_ins_question(self._context, answered=self._on_all_stand_ins, parent=self).open()

    def end_stand_in(self) -> None:
        """End the chosen stand-in's time at once."""
        row = self.stand_ins.currentRow()
        if 0 <= row < len(self._stand_ins):
            entry, session = self._stand_ins[row].entry, self._context.session
            self._save(lambda: stand_ins.end_early(session, entry), _("The stand-in ended."))

    def stop(self) -> None:
        """Stop going through the case files; what was done stays."""
        if self._task is not None:
            self._task.cancel()

    def _on_records_changed(self, moved: frozenset[tuple[str, Dot, Dot | None]]) -> None:
        if SHOWN & {record_type for record_type, _record, _case in moved}:
            self.refresh()

    def _on_identity(self, record: Record) -> None:
        answer, session = record.text("identity_data"), self._context.session
        chosen = self._chosen()
        if chosen is not None:
            asked = chosen.handover.asked
            self._save(lambda: handovers.settle_identity(session, asked, answer), _("Noted."))

    def _on_all(self, record: Record) -> None:
        session, at_once = self._context.session, self._supervises
        giver = record.number("handover_from") or session.me
        terms = terms_of(record)

        def step(progress: Progress, cancelled: Cancelled) -> Caseload:
            return handovers.hand_over_all(
                session, giver, terms, at_once=at_once, progress=progress, cancelled=cancelled
            )

        self._run(step)

    def _on_all_stand_ins(self, whose: Record, entry: Record) -> None:
        session, responsible = self._context.session, whose.number("responsible") or 0
        self._run(
            lambda progress, cancelled: stand_ins.name_for_all(
                session, responsible, entry, progress, cancelled
            )
        )

    def _run(self, step: Step) -> None:
        self.notice.clear()
        self._show_working(True)
        task = self._context.lanes.network(step, self._on_caseload, self.notice.explain, owner=self)
        task.progressed.connect(self._on_progressed)
        task.finished.connect(self._on_finished)
        self._task = task

    def _on_progressed(self, done: int, of: int) -> None:
        self.progress.setRange(0, of)
        self.progress.setValue(done)

    def _on_caseload(self, result: Caseload) -> None:
        self.notice.say(caseload_text(result), "conflict" if result.refused else "saved")
        moved = frozenset((HANDOVER.name, case, case) for case in result.done)
        self._context.changes.records_changed.emit(moved)

    def _on_finished(self) -> None:
        self._task = None
        self._show_working(False)

    def _answer(self, answer: Callable[..., Saved], text: str) -> None:
        chosen, session = self._chosen(), self._context.session
        if chosen is not None:
            asked = chosen.handover.asked
            self._save(lambda: answer(session, asked), text)

    def _save(self, work: Callable[[], Saved], text: str) -> None:
        self._context.lanes.database(work, partial(self._on_saved, text), self._on_failed, owner=self)

    def _on_saved(self, text: str, saved: Saved) -> None:
        self.notice.say(text, "saved")
        self._context.changes.note_saved(saved.record)

    def _on_failed(self, error: KimError) -> None:
        self.notice.explain(error)
        self.refresh()

    def _show(self, found: tuple[tuple[Standing, ...], tuple[StandIn, ...]]) -> None:
        news = self._found and found[0] != self._found
        self._found, self._stand_ins = found
        handed, standing = self._handover_rows(), self._stand_in_rows()
        _fill(self.table, handed)
        _fill(self.stand_ins, standing)
        self._nothing.setVisible(not handed)
        self._nobody.setVisible(not standing)
        self._enable()
        if news:
            announce(self, _("The list of handovers changed"))

    def _handover_rows(self) -> list[tuple[str, ...]]:
        members, me = self._context.session.members, self._context.session.me
        names = Names(members)
        return [
            (
                item.number,
                member_name(members, item.handover.giver),
                member_name(members, item.handover.recipient),
                field_text(item.handover.asked, "handover_on", names),
                standing_text(item, me, members),
            )
            for item in self._found
        ]

    def _stand_in_rows(self) -> list[tuple[str, ...]]:
        names, day = Names(self._context.session.members), today(self._context.session.clock)
        fields = ("stand_in", "stand_in_since", "stand_in_until")
        return [
            (item.number, *(field_text(item.entry, name, names) for name in fields), stand_in_text(item, day))
            for item in self._stand_ins
        ]

    def _enable(self) -> None:
        chosen, me = self._chosen(), self._context.session.me
        status = "" if chosen is None else chosen.handover.status
        asked = chosen is not None and status == "asked"
        mine = chosen is not None and chosen.handover.recipient == me
        self.accept_button.setEnabled(asked and mine)
        self.decline_button.setEnabled(asked and mine)
        self.withdraw_button.setEnabled(asked and not mine)
        self.identity_button.setEnabled(chosen is not None and "identity" in chosen.lacks)
        self.open_button.setEnabled(chosen is not None and not (asked and mine))
        row = self.stand_ins.currentRow()
        known = 0 <= row < len(self._stand_ins)
        self.end_button.setEnabled(known and self._stand_ins[row].stands)

    def _chosen(self) -> Standing | None:
        row = self.table.currentRow()
        return self._found[row] if 0 <= row < len(self._found) else None

    def _show_working(self, working: bool) -> None:
        self.progress.setVisible(working)
        self.stop_button.setVisible(working)
        self.all_button.setEnabled(not working)
        self.stand_in_button.setEnabled(not working)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.addWidget(heading(_("Handovers and stand-ins")))
        column.addWidget(self.notice)
        column.addLayout(_row(self.progress, self.stop_button))
        column.addLayout(_row(subheading(_("Handovers")), self.all_button))
        column.addWidget(self._nothing)
        column.addWidget(self.table, 3)
        answers = (self.accept_button, self.decline_button, self.withdraw_button)
        column.addWidget(flowing(*answers, self.identity_button, self.open_button, at_end=True))
        column.addLayout(_row(subheading(_("Stand-ins")), self.stand_in_button))
        column.addWidget(self._nobody)
        column.addWidget(self.stand_ins, 2)
        column.addWidget(flowing(self.end_button, at_end=True))
        column.addStretch()  # without tables the lines stay at the top


def _row(first: QWidget, step: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addWidget(first, 1)
    row.addWidget(step)
    return row


def _fill(table: QTableWidget, rows: Sequence[Sequence[str]]) -> None:
    """Show rows; the chosen one stays, else the first is chosen."""
    chosen = max(table.currentRow(), 0)
    table.blockSignals(True)
    fill_rows(table, rows)
    if rows:
        table.setCurrentCell(min(chosen, len(rows) - 1), 0)
    table.blockSignals(False)
    table.setVisible(bool(rows))
