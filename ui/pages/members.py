"""The keeper's page: who belongs to the district, inviting, and admitting who applied."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.audience import Member
from app.domain.errors import KimError
from app.i18n import N_, _, ngettext
from ui.accessible import announce, button, named
from ui.context import ScreenContext
from ui.dialogs.admit import AdmitDialog
from ui.dialogs.invite import ROLES, InviteDialog
from ui.display import member_name
from ui.labels import heading, paragraph, subheading
from ui.notice import Notice
from ui.pages.page import Page
from ui.tables import reading_table

if TYPE_CHECKING:
    from sync.workplace import Applicant

LOOK_EVERY_MS = 30_000
COLUMNS = (N_("Name"), N_("Role"), N_("Employer"), N_("Supervisor"), N_("Reads sensitive entries"))


class MembersPage(Page):
    """Members in a table; applicants in a list, looked for while the page is shown."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        """Show the roster, and ask the relay who applied."""
        super().__init__(parent)
        self._context = context
        self._applicants: tuple[Applicant, ...] = ()
        self._looking = False
        self.notice = Notice()
        self.table = reading_table(N_("List of members"), COLUMNS)
        self.applicants = named(QListWidget(), N_("Applicants"))
        self._no_applicants = paragraph(_("Nobody waits to be admitted."))
        self.invite_button = button(N_("Invite a member …"), self.invite)
        self.look_button = button(N_("Look for applicants"), self.look)
        self.admit_button = button(N_("Compare and admit …"), self.admit)
        self._lay_out()
        self.applicants.itemActivated.connect(lambda _item: self.admit())
        self.applicants.currentRowChanged.connect(lambda row: self.admit_button.setEnabled(row >= 0))
        self._timer = QTimer(self, interval=LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        self._show_members()
        self._show_applicants(())
        self.look()

    def take_focus(self) -> None:
        """Begin at the applicants when there are some."""
        (self.applicants if self._applicants else self.invite_button).setFocus()

    def look(self) -> None:
        """Ask the relay who applied."""
        if self._looking:
            return
        self._looking = True
        place = self._context.workplace
        self._context.lanes.network(
            lambda _progress, _cancelled: place.applicants(),
            self._on_applicants,
            self._on_look_failed,
            owner=self,
        )

    def invite(self) -> None:
        """Ask whom to invite, deposit the invitation at the relay, and save the file."""
        dialog = InviteDialog(self._context.session.members.members(), self)
        dialog.accepted.connect(lambda: self._make_invitation(dialog.intended))
        dialog.open()

    def admit(self) -> None:
        """Compare the chosen applicant's words, then admit."""
        row = self.applicants.currentRow()
        if row < 0:
            return
        applicant = self._applicants[row]
        dialog = AdmitDialog(applicant, self)
        dialog.accepted.connect(lambda: self._admit(applicant))
        dialog.open()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(heading(_("Members")), 1)
        top.addWidget(self.invite_button)
        below = QHBoxLayout()
        below.addWidget(subheading(_("Applicants")), 1)
        below.addWidget(self.look_button)
        below.addWidget(self.admit_button)
        column = QVBoxLayout(self)
        column.addLayout(top)
        column.addWidget(self.notice)
        column.addWidget(self.table, 3)
        column.addLayout(below)
        column.addWidget(self._no_applicants)
        column.addWidget(self.applicants, 1)

    def _show_members(self) -> None:
        members = self._context.session.members.members()
        self.table.setRowCount(len(members))
        for row, member in enumerate(members):
            for column, text in enumerate(self._texts(member)):
                self.table.setItem(row, column, QTableWidgetItem(text))

    def _texts(self, member: Member) -> tuple[str, ...]:
        supervisor = member_name(self._context.session.members, member.supervisor)
        cleared = _("Yes") if member.cleared else _("No")
        return (member.name, _(ROLES[member.role]), member.employer, supervisor, cleared)

    def _show_applicants(self, applicants: tuple[Applicant, ...]) -> None:
        self._applicants = applicants
        self.applicants.clear()
        for applicant in applicants:
            role = _(ROLES[applicant.member.role])
            text = _("{name}, {role}, {employer}").format(
                name=applicant.member.name, role=role, employer=applicant.member.employer
            )
            self.applicants.addItem(QListWidgetItem(text))
        self.applicants.setVisible(bool(applicants))
        self.admit_button.setVisible(bool(applicants))
        self._no_applicants.setVisible(not applicants)
        if applicants:
            self.applicants.setCurrentRow(0)
            waiting = ngettext("{count} applicant waits", "{count} applicants wait", len(applicants))
            announce(self, waiting.format(count=len(applicants)))

    def _on_applicants(self, applicants: tuple[Applicant, ...]) -> None:
        self._looking = False
        if applicants != self._applicants:
            self._show_applicants(applicants)
        self._show_members()

    def _on_look_failed(self, error: KimError) -> None:
        self._looking = False
        self.notice.explain(error)

    def _make_invitation(self, intended: Member) -> None:
        place = self._context.workplace
        self._context.lanes.network(
            lambda _progress, _cancelled: place.invite(intended),
            self._save_invitation,
            self.notice.explain,
            owner=self,
        )

    def _save_invitation(self, content: bytes) -> None:
        name, _filter = QFileDialog.getSaveFileName(
            self, _("Save the invitation file"), "kim-mobil.invitation", _("Invitation files (*.invitation)")
        )
        if not name:
            self.notice.say(_("The invitation was not saved and will not be used by anybody."))
            return
        self._context.lanes.reading(
            lambda: _written(Path(name), content), self._on_saved, self.notice.explain, owner=self
        )

    def _on_saved(self, written: bool) -> None:
        if written:
            self.notice.say(_("The invitation is saved. When they have applied, they appear below."), "saved")
        else:
            self.notice.say(_("The file could not be written there. Invite once more, to another folder."))

    def _admit(self, applicant: Applicant) -> None:
        place = self._context.workplace

        def told(_answer: None) -> None:
            self.notice.say(_("{name} was admitted.").format(name=applicant.member.name), "saved")
            self.look()

        self._context.lanes.network(
            lambda _progress, _cancelled: place.admit(applicant), told, self.notice.explain, owner=self
        )


def _written(path: Path, content: bytes) -> bool:
    try:
        path.write_bytes(content)
    except OSError:
        return False
    return True
