"""The supervisor's desk: what two people wrote differently, side by side, to be decided and revised."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSplitter, QTabWidget, QVBoxLayout, QWidget

from app.domain.dots import Dot
from app.domain.read_log import READ
from app.domain.records import Record
from app.i18n import N_, _, ngettext
from app.services import merging
from app.services.ports import Conflict, HistoryEntry
from ui.accessible import announce, named
from ui.context import ScreenContext
from ui.field_text import Names
from ui.labels import paragraph
from ui.pages.desk_parts.candidates import Question, question_of_conflict, question_of_decision
from ui.pages.desk_parts.choice_view import ChoiceView, bind_choice
from ui.pages.desk_parts.desk_data import DeskData, about, files_named, names_in, read_desk
from ui.pages.desk_parts.question_list import QuestionList
from ui.pages.page import Page

OPEN, DECIDED = range(2)
SIZES = (280, 920)
"""Pixels that the lists and the comparison share at first, in proportion."""


class DeskPage(Page):
    """Open conflicts and decisions in two lists; the chosen one beside them."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        """Read what is open."""
        super().__init__(parent)
        self._context = context
        self.data: DeskData | None = None
        self.view: ChoiceView | None = None
        self.open_list = QuestionList(N_("Conflicts to decide"))
        self.decided_list = QuestionList(N_("Decisions made"))
        self.tabs = QTabWidget()
        self.state = QLabel()
        self.hidden = paragraph("")
        self.hidden.hide()
        self.undo_button = QPushButton()
        self._beside = QVBoxLayout()
        self._shown: tuple[Dot, str] | None = None
        self._lay_out()
        self.open_list.chosen.connect(self._on_conflict)
        self.decided_list.chosen.connect(self._on_decision)
        self.tabs.currentChanged.connect(lambda _tab: self._show_current())
        self.follow(context.changes)
        bind_choice(self, lambda: self.view)
        self.refresh()

    def refresh(self) -> None:
        """Read again what is open and what was decided."""
        session = self._context.session
        self._context.lanes.reading(
            lambda: read_desk(session.store.queries, session.members), self._show, owner=self
        )

    def place(self) -> str:
        """Which of the two lists is shown."""
        return str(self.tabs.currentIndex())

    def return_to(self, place: str) -> None:
        """Show that list again."""
        if place in (str(OPEN), str(DECIDED)):
            self.tabs.setCurrentIndex(int(place))

    def take_focus(self) -> None:
        """Begin in the list."""
        (self.open_list if self.tabs.currentIndex() == OPEN else self.decided_list).setFocus()

    def undo(self) -> None:
        """Show the last decision again, to write another value over it."""
        self.tabs.setCurrentIndex(DECIDED)
        self.decided_list.setCurrentRow(0)
        self._on_decision(0)

    def _show(self, data: DeskData) -> None:
        self.data = data
        self.open_list.show_texts(data.conflict_texts, max(self.open_list.currentRow(), 0))
        self.decided_list.show_texts(data.decision_texts, max(self.decided_list.currentRow(), 0))
        self.tabs.setTabText(OPEN, _("To decide ({count})").format(count=len(data.conflicts)))
        self.tabs.setTabText(DECIDED, _("Decided ({count})").format(count=len(data.decisions)))
        for place in (OPEN, DECIDED):
            self.tabs.setTabToolTip(place, self.tabs.tabText(place))
        self.hidden.setVisible(bool(data.hidden))
        text = ngettext(
            "{count} more is open that is not for you.",
            "{count} more are open that are not for you.",
            data.hidden,
        )
        self.hidden.setText(text.format(count=data.hidden) if data.hidden else "")
        if not self._still_open():
            self._show_current()

    def _still_open(self) -> bool:
        # A conflict that is being worked on must not be taken away by a round.
        if self.view is None or self.data is None or self._shown is None:
            return False
        rows = self.data.conflicts if self.tabs.currentIndex() == OPEN else self.data.decisions
        return self._shown in [(row.record, row.register) for row in rows]

    def _show_current(self) -> None:
        if self.data is None:
            return
        if self.tabs.currentIndex() == OPEN and self.data.conflicts:
            self._on_conflict(max(self.open_list.currentRow(), 0))
        elif self.tabs.currentIndex() == DECIDED and self.data.decisions:
            self._on_decision(max(self.decided_list.currentRow(), 0))
        else:
            self._put(None, self._empty())

    def _empty(self) -> QWidget:
        texts = (
            _("Nothing to decide. When two people write different things, both values appear here."),
            _("No decisions yet. Every decision stands here and can be revised."),
        )
        empty = paragraph(texts[self.tabs.currentIndex()])
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        return empty

    def _on_conflict(self, row: int) -> None:
        if self.data is None:
            return
        conflict = self.data.conflicts[row]
        store, members = self._context.session.store, self._context.session.members

        def read() -> tuple[Question, Names]:
            queries = store.queries
            names = names_in(queries, members, conflict.case, files_named(conflict))
            return question_of_conflict(queries, conflict), names

        self._shown = (conflict.record, conflict.register)
        decide = partial(self._decide, conflict)
        self._context.lanes.reading(read, lambda found: self._ask(found, N_("Decide"), decide), owner=self)

    def _on_decision(self, row: int) -> None:
        if self.data is None:
            return
        entry = self.data.decisions[row]
        store, members = self._context.session.store, self._context.session.members

        def read() -> tuple[Question, Names]:
            queries = store.queries
            question = question_of_decision(queries, entry)
            return question, names_in(queries, members, question.record.case)

        self._shown = (entry.record, entry.register)
        revise = partial(self._revise, entry)
        self._context.lanes.reading(
            read, lambda found: self._ask(found, N_("Revise the decision"), revise), owner=self
        )

    def _ask(self, found: tuple[Question, Names], wish: str, decided: partial[None]) -> None:
        view = ChoiceView(self._context, found[0], found[1], wish)
        view.decided.connect(decided)
        self._put(view, view)
        record = found[0].record
        case = record.id if record.type == "CaseFile" else record.case
        if case is not None:
            self._context.note_read(case, READ)

    def _put(self, view: ChoiceView | None, widget: QWidget) -> None:
        while (item := self._beside.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self.view = view
        if view is None:
            self._shown = None
        self._beside.addWidget(widget)

    def _decide(self, conflict: Conflict, values: dict[str, object], reason: str) -> None:
        session = self._context.session
        what = f"{about(conflict.type, conflict.register)}, {conflict.case_number}"
        self._context.lanes.database(
            lambda: merging.decide(session, conflict, values, reason),  # type: ignore[arg-type]  # a Qt signal carries no types
            partial(self._on_decided, what),
            self.view.explain if self.view else None,
            owner=self,
        )

    def _revise(self, entry: HistoryEntry, values: dict[str, object], reason: str) -> None:
        session = self._context.session
        self._context.lanes.database(
            lambda: merging.revise(session, entry, values, reason),  # type: ignore[arg-type]  # as above
            partial(self._on_decided, about(entry.type, entry.register)),
            self.view.explain if self.view else None,
            owner=self,
        )

    def _on_decided(self, what: str, record: Record) -> None:
        self._shown = None
        text = _("Decided: {what}. The decision goes out with the next sync.").format(what=what)
        self.state.setText(text)
        announce(self, text)
        self.undo_button.setText(_("Undo: {what}").format(what=what))
        named(self.undo_button, N_("Undo: {what}"), what=what)
        self.undo_button.show()
        self._context.changes.note_saved(record)

    def _lay_out(self) -> None:
        self.tabs.addTab(self.open_list, _("To decide"))
        self.tabs.addTab(self.decided_list, _("Decided"))
        self.tabs.setUsesScrollButtons(False)
        self.tabs.setElideMode(Qt.TextElideMode.ElideRight)  # in large text the values need the room
        named(self.tabs.tabBar(), N_("Conflicts and decisions"))
        self.undo_button.clicked.connect(lambda _checked=False: self.undo())
        self.undo_button.hide()
        self.state.setWordWrap(True)
        beside = QWidget()
        beside.setLayout(self._beside)
        split = QSplitter()
        split.addWidget(self.tabs)
        split.addWidget(beside)
        split.setStretchFactor(1, 1)
        split.setSizes(list(SIZES))
        split.setChildrenCollapsible(False)
        foot = QHBoxLayout()
        foot.addWidget(self.state, 1)
        foot.addWidget(self.undo_button)
        column = QVBoxLayout(self)
        column.addWidget(split, 1)
        column.addWidget(self.hidden)
        column.addLayout(foot)
