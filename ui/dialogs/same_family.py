"""“This is the same family as …”: two case files are put together, after it was shown who then reads what."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.domain.case_number import read_case_number
from app.domain.errors import KimError, NotFoundError
from app.domain.records import Record
from app.i18n import N_, _
from app.services import case_merging
from app.services.case_merging import MergePlan
from app.services.ports import Members, Saved
from ui.accessible import announce, button, label_for
from ui.context import ScreenContext
from ui.dialog_draft import keep_line
from ui.dialogs.button_row import button_row
from ui.dialogs.reason import ReasonDialog
from ui.display import member_name
from ui.labels import paragraph
from ui.notice import Notice
from ui.sizes import grow_to_content
from ui.widgets.phrase_row import add_reason

WIDTH_LETTERS = 70
PHRASES = (N_("The client agreed to it"), N_("Both case managers and the client agreed"))
PART_PHRASES = (N_("They are two families after all"), N_("The client wishes it"))


class SameFamilyDialog(QDialog):
    """`merged` carries what was written (Saved)."""

    merged = Signal(object)

    def __init__(self, context: ScreenContext, source: Record, parent: QWidget | None = None) -> None:
        """Ask for the number of the other case file; `source` will be read under it."""
        super().__init__(parent)
        self.setWindowTitle(_("Same family as another case file"))
        self.setMinimumWidth(WIDTH_LETTERS * self.fontMetrics().averageCharWidth())
        self._context, self._source = context, source
        self.plan: MergePlan | None = None
        self.number, self.reason = QLineEdit(), QLineEdit()
        self.readers, self.notice = paragraph(""), Notice()
        self.find_button = button(N_("Look up"), self.look_up)
        self.merge_button = button(N_("Put together"), self.merge)
        self._lay_out()
        keep_line(context, "same-family", source.id, self.reason, self)
        self.number.returnPressed.connect(self.look_up)
        self.number.textChanged.connect(lambda _text: self._forget())
        self.reason.textChanged.connect(lambda _text: self._refresh())
        self._refresh()

    def look_up(self) -> None:
        """Look for the case file of that number, and work out who reads what afterwards."""
        typed, source = self.number.text(), self._source.id
        store, place = self._context.session.store, self._context.workplace

        def plan() -> MergePlan:
            named = store.queries.case_by_number(str(read_case_number(typed)))
            found = [case for case in named if case != source]
            if source is None or len(found) != 1:
                raise NotFoundError(record_type="Case file")
            return place.joined_files.plan(source, found[0])

        self._context.lanes.database(plan, self._on_found, self._on_failed, owner=self)

    def merge(self) -> None:
        """Put the two together, as it was shown."""
        plan, reason = self.plan, self.reason.text()
        if plan is not None and reason.strip():
            self.merge_button.setEnabled(False)
            session = self._context.session
            self._context.lanes.database(
                lambda: case_merging.merge_case_files(session, plan, reason),
                self._on_merged,
                self._on_failed,
                owner=self,
            )

    def _on_found(self, plan: MergePlan) -> None:
        self.plan = plan
        self.notice.clear()
        text = readers_text(plan, self._context.session.members)
        self.readers.setText(text)
        grow_to_content(self)
        announce(self, text)
        self.reason.setFocus()
        self._refresh()

    def _on_merged(self, saved: Saved) -> None:
        self._context.changes.note_saved(saved.record, *((self.plan.into,) if self.plan else ()))
        self.merged.emit(saved)
        self.accept()

    def _on_failed(self, error: KimError) -> None:
        self._forget()
        self.notice.explain(error)
        grow_to_content(self)

    def _forget(self) -> None:
        self.plan = None
        self.readers.clear()
        self._refresh()

    def _refresh(self) -> None:
        ready = self.plan is not None
        self.reason.setEnabled(ready)
        self.merge_button.setEnabled(ready and bool(self.reason.text().strip()))

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.number, 1)
        row.addWidget(self.find_button)
        cancel = button(N_("Cancel"), self.reject)
        buttons = button_row(self.merge_button, away=cancel, enter=self.merge_button)
        column = QVBoxLayout(self)
        column.addWidget(
            paragraph(
                _(
                    "Both case files are then read as one, under the number of the other. Nothing is lost, "
                    "and they can be taken apart again. The client has to agree to it."
                )
            )
        )
        column.addWidget(label_for(self.number, N_("Number of the other case file")))
        column.addLayout(row)
        column.addWidget(self.readers)
        add_reason(column, self.reason, PHRASES)
        column.addWidget(self.notice)
        column.addWidget(buttons)
        self.resize(self.minimumWidth(), 0)
        grow_to_content(self)


def readers_text(plan: MergePlan, members: Members) -> str:
    """Tell who will read which case file and could not before."""
    source, into = plan.source.text("number"), plan.into.text("number")
    lines = [_("{number} is then read under {other}.").format(number=source, other=into)]
    for number, readers in ((source, plan.will_read_source), (into, plan.will_read_into)):
        if readers:
            text = _("Will read {number} and could not before: {names}.")
            lines.append(text.format(number=number, names=_names(readers, members)))
    if len(lines) == 1:
        lines.append(_("Nobody will read more than before."))
    return "\n".join(lines)


def part_dialog(number: str, parent: QWidget | None = None) -> ReasonDialog:
    """Ask why a case file is taken out of the one it was put together with."""
    text = _("{number} becomes a case file of its own again, with all that was written in it.")
    return ReasonDialog(
        _("Take case files apart"), text.format(number=number), N_("Take apart"), PART_PHRASES, parent
    )


def _names(members_ids: Iterable[int], members: Members) -> str:
    return ", ".join(member_name(members, item) for item in sorted(members_ids))
