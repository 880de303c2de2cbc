"""Deciding one provisional value from its case file."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from app.domain.dots import Dot
from app.domain.records import Record
from app.i18n import N_, _
from app.services import merging
from app.services.ports import Conflict
from ui.accessible import button
from ui.context import ScreenContext
from ui.field_text import Names
from ui.labels import paragraph
from ui.pages.desk_parts.candidates import Question, question_of_conflict
from ui.pages.desk_parts.choice_view import ChoiceView, bind_choice
from ui.pages.desk_parts.desk_data import files_named, names_in

SIZE_LETTERS = (100, 30)


class DecisionDialog(QDialog):
    """`decided` comes after the decision is written."""

    decided = Signal()

    def __init__(
        self, context: ScreenContext, record: Dot, register: str, parent: QWidget | None = None
    ) -> None:
        """Read the conflict of a register and show it."""
        super().__init__(parent)
        self.setWindowTitle(_("Two values: compare and decide"))
        self._context = context
        self.view: ChoiceView | None = None
        self._column = QVBoxLayout(self)
        bind_choice(self, lambda: self.view)
        metrics = self.fontMetrics()
        self.resize(SIZE_LETTERS[0] * metrics.averageCharWidth(), SIZE_LETTERS[1] * metrics.height())
        context.lanes.reading(lambda: self._read(record, register), self._show, owner=self)

    def _read(self, record: Dot, register: str) -> tuple[Conflict, Question, Names] | None:
        session = self._context.session
        queries = session.store.queries
        conflict = queries.conflict(record, register)
        if conflict is None:
            return None
        names = names_in(queries, session.members, conflict.case, files_named(conflict))
        return conflict, question_of_conflict(queries, conflict), names

    def _show(self, found: tuple[Conflict, Question, Names] | None) -> None:
        if found is None:
            self._column.addWidget(paragraph(_("This is decided already.")), 1)
            self._column.addWidget(button(N_("Close"), self.reject))
            return
        conflict, question, names = found
        self.view = ChoiceView(self._context, question, names, N_("Decide"))
        self.view.decided.connect(partial(self._decide, conflict))
        self._column.addWidget(self.view)
        self.view.take_focus()

    def _decide(self, conflict: Conflict, values: dict[str, object], reason: str) -> None:
        session = self._context.session
        self._context.lanes.database(
            lambda: merging.decide(session, conflict, values, reason),  # type: ignore[arg-type]  # a Qt signal carries no types
            self._on_decided,
            self.view.explain if self.view else None,
            owner=self,
        )

    def _on_decided(self, record: Record) -> None:
        self._context.changes.note_saved(record)
        self.decided.emit()
        self.accept()
