"""A case file: head, banners, and sections made from the declared record types."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QStackedWidget, QVBoxLayout, QWidget

from app.domain.declarations import (
    ATTACHMENT,
    CASE_SPLIT,
    CONSENT,
    HANDOVER,
    REGISTRY,
    STAND_IN,
    WITHDRAWAL,
)
from app.domain.dots import Dot
from app.domain.errors import KimError, NotFoundError
from app.domain.read_log import READ
from app.domain.records import Record
from app.domain.schema import RecordType
from app.i18n import N_, _
from app.services import cases
from app.services.first_talk import AGREED, SHEET
from app.services.ports import Saved, today
from ui.accessible import named
from ui.context import ScreenContext
from ui.dialog_draft import keep_line
from ui.dialogs.decision import DecisionDialog
from ui.dialogs.given import given_dialog, given_entry
from ui.dialogs.hand_over import hand_over_dialog
from ui.dialogs.papers import PapersDialog
from ui.dialogs.reason import ReasonDialog
from ui.dialogs.stand_in import stand_in_dialog
from ui.notice import Notice
from ui.pages.case_sections.attachments import AttachmentsSection
from ui.pages.case_sections.banner_list import Matter, banners
from ui.pages.case_sections.banner_stack import BannerStack
from ui.pages.case_sections.case_data import CaseData, is_supervisor, read_case
from ui.pages.case_sections.case_keys import NUMBERED, bind_keys
from ui.pages.case_sections.entries import EntriesSection, EntryAct
from ui.pages.case_sections.family_acts import FamilyActs
from ui.pages.case_sections.gate_words import is_closed
from ui.pages.case_sections.header import CaseHeader
from ui.pages.case_sections.history import HistorySection
from ui.pages.case_sections.order_acts import OrderActs
from ui.pages.case_sections.overview import OverviewSection
from ui.pages.case_sections.section import Section
from ui.pages.case_sections.undo_button import UndoButton
from ui.pages.page import Page
from ui.widgets.tall_rows import TallRows

ORDER = ("Person", "Contact", "BenefitPeriod", "Consent", "Withdrawal", "StandIn", "Handover", "Attachment")
"""Sections that stand first, in the order of a talk; every other type follows by itself."""
LIST_SHARE = 0.26
"""Part of the page's width that the list of sections may take."""
NO_KEY = "\N{FIGURE SPACE}"
"""As wide as a number, before sections that no key leads to."""


class CaseFilePage(Page):
    """Everything about one case file; each section saves itself."""

    def __init__(self, context: ScreenContext, case_id: Dot, parent: QWidget | None = None) -> None:
        """Read the case file and show its first section."""
        super().__init__(parent)
        self._context, self._case = context, case_id
        self.data: CaseData | None = None
        self.header = CaseHeader(context.session)
        self.banners = BannerStack()
        self.notice = Notice()
        self.undo = UndoButton(context, REGISTRY["CaseFile"])
        self.family = FamilyActs(context, self, self.notice)
        self.orders = OrderActs(context, self, self.notice)
        self.sections = self._make_sections()
        self.list = named(QListWidget(), N_("Sections"))
        self.stack = QStackedWidget()
        self._wanted = ""
        self._lay_out()
        self._connect()
        # Nothing is typed into a case file that has not been read.
        self.stack.setEnabled(False)
        self.reload()
        context.note_read(case_id, READ)

    @property
    def section(self) -> Section:
        """The section that is shown."""
        return self.sections[self.stack.currentIndex()]

    def reload(self) -> None:
        """Read the case file again."""
        session, case, lanes = self._context.session, self._case, self._context.lanes
        # At first in the writing lane: drafts that are just being kept must be seen.
        lane = lanes.database if self.data is None else lanes.reading
        lane(lambda: read_case(session, case), self._show, self._on_not_read, owner=self)

    def leave(self) -> None:
        """Make changes of what was typed; what cannot be saved stays a draft."""
        for section in self._written:
            section.finish()

    def keep_drafts(self) -> None:
        """Keep what was typed in any section."""
        for section in self._written:
            section.keep_drafts()

    def place(self) -> str:
        """The number of the section."""
        return str(self.stack.currentIndex())

    def return_to(self, place: str) -> None:
        """Show the section of that number."""
        if place.isdigit() and int(place) < len(self.sections):
            self.list.setCurrentRow(int(place))

    def take_focus(self) -> None:
        """Begin in the list of sections until there is something to work on."""
        if self.data is None:
            self.list.setFocus()
        else:
            self.section.take_focus()

    def go_to(self, place: int) -> None:
        """Show a section and begin there."""
        if place < len(self.sections):
            self.list.setCurrentRow(place)
            self.section.take_focus()

    def go_by(self, steps: int) -> None:
        """Show the section so many places on, round the ends of the list."""
        self.go_to((self.stack.currentIndex() + steps) % len(self.sections))

    def open_papers(self) -> None:
        """Show the papers for this case file."""
        if self.data is not None:
            dialog = PapersDialog(self._context, self.data, self)
            dialog.noted.connect(lambda _saved: self.reload())
            dialog.open()

    def note_given(self, kind: str, form: str) -> None:
        """Ask how the sheet was given, or what the client agreed to, and note it."""
        if self.data is not None and not is_closed(CONSENT, self.data):
            entry = given_entry(self._context, self.data.record, kind, form, self.data.language())
            given_dialog(self._context, entry, self).open()

    def decide(self, record: Dot, register: str) -> None:
        """Show the values of a register side by side."""
        if self.data is not None:
            DecisionDialog(self._context, record, register, self).open()

    def name_stand_in(self) -> None:
        """Let a supervisor name a stand-in."""
        if self.data is not None and is_supervisor(self._context.session):
            stand_in_dialog(self._context, self.data.record, self).open()

    def hand_over(self) -> None:
        """Ask another case manager to take the case file over; a supervisor assigns it."""
        if self.data is not None:
            at_once = is_supervisor(self._context.session)
            hand_over_dialog(self._context, self.data.record, at_once=at_once, parent=self).open()

    def change_phase(self, phase: str, reason: str = "") -> None:
        """Go to another phase as of today."""
        if self.data is None:
            return
        session, base = self._context.session, self.data.record
        moved = base.edited(phase=phase, phase_since=today(session.clock), phase_reason=reason or None)
        self._context.lanes.database(
            lambda: cases.save_record(session, base, moved),
            partial(self._on_phase_saved, base),
            self._on_failed,
            owner=self,
        )

    def _make_sections(self) -> list[Section]:
        found: list[Section] = [OverviewSection(self._context)]
        types = sorted(REGISTRY.in_case(), key=_section_order)
        for record_type in types:
            if record_type is ATTACHMENT:
                found.append(AttachmentsSection(self._context))
                continue
            entries = EntriesSection(self._context, record_type)
            if record_type is CASE_SPLIT:
                entries.add_only_by(self.family.let_persons_leave, allowed=True)
                entries.offer_act(
                    EntryAct(N_("Bring them back …"), self.family.bring_back, self.family.may_come_back)
                )
            if record_type is STAND_IN:
                entries.add_only_by(self.name_stand_in, allowed=is_supervisor(self._context.session))
            if record_type is HANDOVER:
                entries.add_only_by(self.hand_over, allowed=True)
            found.append(entries)
        return [*found, HistorySection(self._context)]

    def _lay_out(self) -> None:
        for section in self.sections:
            self.stack.addWidget(section)
            self.list.addItem("")
        self.list.setCurrentRow(0)
        self.list.setItemDelegate(TallRows(self.list))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        top = QHBoxLayout()
        top.addWidget(self.notice, 1)
        top.addWidget(self.undo, 0, Qt.AlignmentFlag.AlignRight)
        middle = QHBoxLayout()
        middle.addWidget(self.list)
        middle.addWidget(self.stack, 1)
        column = QVBoxLayout(self)
        column.addWidget(self.header)
        column.addWidget(self.banners)
        column.addLayout(top)
        column.addLayout(middle, 1)
        column.addStretch(0)

    def _connect(self) -> None:
        self.list.currentRowChanged.connect(self._on_section)
        self.header.papers_requested.connect(self.open_papers)
        self.header.stand_in_requested.connect(self.name_stand_in)
        self.header.hand_over_requested.connect(self.hand_over)
        self.header.merge_requested.connect(self.family.find_same_family)
        self.header.split_requested.connect(self.family.let_persons_leave)
        self.header.deleted_requested.connect(self.family.show_deleted)
        self.header.restrict_requested.connect(self.orders.restrict)
        self.header.erase_requested.connect(self.orders.erase)
        self.header.steps.phase_requested.connect(self._on_phase_requested)
        self.banners.action_requested.connect(self._on_action)
        self.undo.undone.connect(lambda saved: self._context.changes.note_saved(saved.record))
        self._context.changes.records_changed.connect(self._on_records_changed)
        for section in self.sections:
            section.decide_requested.connect(self.decide)
        bind_keys(self)

    def _show(self, data: CaseData) -> None:
        first = self.data is None
        self.data = data
        self._show_parts(True)
        self.family.show_case(data)
        self.orders.show_case(data)
        self.header.show_case(data)
        self.banners.show_banners(banners(data, self._context.session.members))
        for place, section in enumerate(self.sections):
            section.show_case(data)
            self._show_title(place, section.title)
        self._fit_list()
        if first and (self.list.hasFocus() or self.hasFocus()):
            self.section.take_focus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the list of sections from taking the room of the forms in large text."""
        super().resizeEvent(event)
        self._fit_list()

    def _fit_list(self) -> None:
        wanted = self.list.sizeHintForColumn(0) + 2 * self.list.frameWidth()
        self.list.setFixedWidth(min(wanted, round(self.width() * LIST_SHARE)))

    def _show_title(self, place: int, title: str) -> None:
        item = self.list.item(place)
        if item is not None:
            has_key = place < NUMBERED
            item.setText(f"{place + 1}  {title}" if has_key else f"{NO_KEY}  {title}")
            item.setToolTip(f"{title} (Ctrl+{place + 1})" if has_key else title)

    def _on_section(self, place: int) -> None:
        if place >= 0:
            self.section.leave()
            self.stack.setCurrentIndex(place)
            if self.data is not None:
                self.section.show_case(self.data)

    def _on_action(self, matter: Matter) -> None:
        if matter is Matter.SHEET:
            self.note_given(SHEET, "handed")
        elif matter is Matter.CONSENT:
            self.note_given(AGREED, "signed")
        elif matter is Matter.RESTRICTED:
            self.orders.lift()
        elif matter is Matter.MERGED:
            self.family.take_apart()
        elif matter is Matter.PROVISIONAL and self.data is not None:
            found = self.data.provisional()
            if found:
                self.decide(*found[0])

    def _on_phase_requested(self, phase: str, skips: bool) -> None:
        if not skips:
            self.change_phase(phase)
            return
        dialog = ReasonDialog(
            _("Skip a phase"),
            _("This step skips a phase. That may be right; the reason is kept in the case file."),
            N_("Go to this phase"),
            parent=self,
        )
        keep_line(self._context, "skip-phase", self._case, dialog.reason, dialog)
        dialog.confirmed.connect(partial(self.change_phase, phase))
        dialog.open()

    def _on_phase_saved(self, before: Record, saved: Saved) -> None:
        self.undo.offer(before, saved)
        self._context.changes.note_saved(saved.record)

    def _on_records_changed(self, moved: frozenset[tuple[str, Dot, Dot | None]]) -> None:
        here = {self._case, *(head.id for head in self.data.heads)} if self.data else {self._case}
        if any(here & {record, case} for _name, record, case in moved):
            self.reload()
        if any(name == WITHDRAWAL.name and case in here for name, _record, case in moved):
            self.orders.follow_withdrawal()

    @property
    def _written(self) -> list[Section]:
        """The sections while there is a case file: of one that was erased no draft stays."""
        return self.sections if self.data is not None else []

    def _show_parts(self, there: bool) -> None:
        for part in (self.header, self.banners, self.list, self.stack):
            part.setVisible(there)
        self.stack.setEnabled(there)

    def _on_not_read(self, error: KimError) -> None:
        """Say why; where the case file is not, or no longer, on this computer, show nothing to work in."""
        if isinstance(error, NotFoundError):
            self.data = None
            self._show_parts(False)
            self.undo.forget()
        self._on_failed(error)

    def _on_failed(self, error: KimError) -> None:
        self.notice.explain(error)


def _section_order(record_type: RecordType) -> int:
    return ORDER.index(record_type.name) if record_type.name in ORDER else len(ORDER)
