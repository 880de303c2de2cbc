"""What can be done with the household of a case file as a whole: put together, taken apart, left."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from app.domain.declarations import CASE_SPLIT, PERSON
from app.domain.records import Record
from app.i18n import N_, _
from app.services import case_merging, case_splitting
from app.services.case_splitting import CaseSplitting
from app.services.ports import Saved
from ui.context import ScreenContext
from ui.dialog_draft import keep_line
from ui.dialogs.deleted_entries import DeletedEntriesDialog
from ui.dialogs.persons_leave import PersonsLeaveDialog
from ui.dialogs.reason import ReasonDialog
from ui.dialogs.same_family import SameFamilyDialog, part_dialog
from ui.notice import Notice
from ui.pages.case_sections.case_data import CaseData

BACK_PHRASES = (N_("They live together again"), N_("Entered by mistake"))


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

    def may_come_back(self, split: Record) -> bool:
        """Tell whether an entry is the last word about persons who left."""
        entries = self._data.entries.get(CASE_SPLIT.name, ()) if self._data else ()
        same = (item for item in entries if item.reference("split_into") == split.reference("split_into"))
        newest = max(same, key=lambda item: (item.updated_hlc, item.id), default=None)
        return newest is not None and newest.id == split.id and split.text("split_kind") == "left"

    def bring_back(self, split: Record) -> None:
        """Let the persons who left by this entry belong to the case file again."""
        dialog = ReasonDialog(
            _("Bring persons back"),
            _(
                "The persons who left belong to this case file again, and what was written about them alone"
                " in their own comes along. The other case file stays, without them."
            ),
            N_("Bring them back"),
            BACK_PHRASES,
            parent=self._page,
        )
        keep_line(self._context, f"back/{split.id}", split.case, dialog.reason, dialog)
        dialog.confirmed.connect(partial(self._take_back, split))
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

    def _take_back(self, split: Record, reason: str) -> None:
        if self._data is not None:
            session, case = self._context.session, self._data.case
            self._context.lanes.database(
                lambda: case_splitting.take_back(session, case, split, reason),
                lambda moved: self._context.changes.note_saved(split, *moved),
                self._notice.explain,
                owner=self._page,
            )

    def _on_parted(self, saved: Saved) -> None:
        self._context.changes.note_saved(saved.record)

    def _on_left(self, done: CaseSplitting) -> None:
        self._context.navigation.case_requested.emit(done.case_file.id)
