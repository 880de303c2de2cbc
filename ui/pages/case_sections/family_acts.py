"""What can be done with the household of a case file as a whole: put together, taken apart, left."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from app.domain.declarations import PERSON
from app.domain.records import Record
from app.services import case_merging
from app.services.case_splitting import CaseSplitting
from app.services.ports import Saved
from ui.context import ScreenContext
from ui.dialog_draft import keep_line
from ui.dialogs.deleted_entries import DeletedEntriesDialog
from ui.dialogs.persons_leave import PersonsLeaveDialog
from ui.dialogs.same_family import SameFamilyDialog, part_dialog
from ui.notice import Notice
from ui.pages.case_sections.case_data import CaseData


class FamilyActs:
    """Opens the dialogs over a case file's page."""

    def __init__(self, context: ScreenContext, page: QWidget, notice: Notice) -> None:
        """Work for `page`; failures are said in `notice`."""
        self._context, self._page, self._notice = context, page, notice
        self._data: CaseData | None = None

    def show_case(self, data: CaseData) -> None:
        """Work on this case file from now on."""
        self._data = data

    def find_same_family(self) -> None:
        """Put this case file together with another one."""
        if self._data is not None:
            SameFamilyDialog(self._context, self._data.record, self._page).open()

    def take_apart(self) -> None:
        """Take a case file that is read here out again."""
        if self._data is not None and self._data.merged:
            source = self._data.merged[0]
            dialog = part_dialog(source.text("number"), self._page)
            keep_line(self._context, "part", source.id, dialog.reason, dialog)
            dialog.confirmed.connect(partial(self._part, source))
            dialog.open()

    def let_persons_leave(self) -> None:
        """Let persons leave into a case file of their own."""
        if self._data is not None:
            persons = self._data.entries.get(PERSON.name, ())
            dialog = PersonsLeaveDialog(self._context, self._data.case, persons, self._page)
            dialog.left.connect(self._on_left)
            dialog.open()

    def show_deleted(self) -> None:
        """Show what was deleted in this case file."""
        if self._data is not None:
            names = self._data.names(self._context.session)
            DeletedEntriesDialog(self._context, self._data.deleted, names, self._page).open()

    def _part(self, source: Record, reason: str) -> None:
        session = self._context.session
        self._context.lanes.database(
            lambda: case_merging.part_case_files(session, source, reason),
            self._on_parted,
            self._notice.explain,
            owner=self._page,
        )

    def _on_parted(self, saved: Saved) -> None:
        self._context.changes.note_saved(saved.record)

    def _on_left(self, done: CaseSplitting) -> None:
        self._context.navigation.case_requested.emit(done.case_file.id)
