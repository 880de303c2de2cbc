"""Who belongs to the district: members, computers, proposals, what changed; and who applies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.audience import Member
from app.domain.errors import KimError
from app.i18n import N_, _, ngettext
from ui.accessible import announce, button, named, only_if
from ui.context import ScreenContext
from ui.dialogs.admit import AdmitDialog
from ui.dialogs.invite import InviteDialog
from ui.dialogs.member_change import MemberChangeDialog
from ui.dialogs.member_form import ROLES
from ui.dialogs.move import MoveDialog
from ui.dialogs.relay_address import RelayAddressDialog
from ui.dialogs.roster_step import RosterStepDialog
from ui.dialogs.safe_key import SafeKeyDialog
from ui.display import known_name, member_name
from ui.files import read_small, write_small
from ui.flow_layout import flowing
from ui.labels import heading, paragraph, subheading
from ui.notice import Notice
from ui.pages.member_parts.computers import ComputersPart
from ui.pages.member_parts.news import NewsPart
from ui.pages.member_parts.overview import Overview, look, state_text
from ui.pages.member_parts.proposals import ProposalsPart
from ui.pages.member_parts.steps import PROPOSED, Steps
from ui.pages.page import Page
from ui.tables import fill_rows, reading_table

if TYPE_CHECKING:
    from sync.workplace import Applicant

LOOK_EVERY_MS = 30_000
COLUMNS = (
    N_("Name"),
    N_("Role"),
    N_("Employer"),
    N_("Supervisor"),
    N_("Reads sensitive entries"),
    N_("Keeper"),
)


class MembersPage(Page):
    """For everybody the list and its changes; for keepers also what they do with it, and who applies."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        """Show the roster, and ask the relay who applied."""
        super().__init__(parent)
        self._context = context
        self._applicants: tuple[Applicant, ...] = ()
        self._looking = False
        self.keeper = context.workplace.is_keeper
        self.notice = Notice()
        self.state = paragraph("")
        self.steps = Steps(context, self.notice, self, self.refresh)
        self.table = reading_table(N_("List of members"), COLUMNS)
        self.applicants = named(QListWidget(), N_("Applicants"))
        self._no_applicants = paragraph(_("Nobody waits to be admitted."))
        self._make_buttons()
        self.computers = ComputersPart(context, self.steps, self.keeper)
        self.proposals = ProposalsPart(self.steps)
        self.news = NewsPart(self.steps, self.keeper)
        self.tabs = named(QTabWidget(), N_("Parts of the members page"))
        self._lay_out()
        self.applicants.itemActivated.connect(lambda _item: self.admit())
        self.applicants.currentRowChanged.connect(lambda row: self.admit_button.setEnabled(row >= 0))
        self.table.itemSelectionChanged.connect(self._show_change_button)
        self._show_members()
        self._show_applicants(())
        self.refresh()
        if self.keeper:
            self._timer = QTimer(self, interval=LOOK_EVERY_MS)
            self._timer.timeout.connect(self.look)
            self._timer.start()
            self.look()

    def take_focus(self) -> None:
        """Begin at the applicants when there are some."""
        (self.applicants if self._applicants else self.table).setFocus()

    def refresh(self) -> None:
        """Look at the store anew."""
        place = self._context.workplace
        self._context.lanes.database(lambda: look(place), self._show, owner=self)

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
        dialog.accepted.connect(
            lambda: self._make_invitation(dialog.intended, by_file=dialog.by_file.is_checked())
        )
        dialog.open()

    def invite_computer(self) -> None:
        """Make an invitation for another computer of the chosen member."""
        row, members = self.table.currentRow(), self._context.session.members.members()
        if 0 <= row < len(members):
            self._make_invitation(members[row], by_file=not self._context.workplace.roster.relays)

    def admit(self) -> None:
        """Compare the chosen applicant's words, then admit."""
        row = self.applicants.currentRow()
        if row < 0:
            return
        self._compare(self._applicants[row])

    def _compare(self, applicant: Applicant) -> None:
        dialog = AdmitDialog(applicant, self)
        dialog.accepted.connect(lambda: self._admit(applicant))
        dialog.open()

    def open_application(self) -> None:
        """Read an application that came as a file, compare its words, then admit."""
        name, _filter = QFileDialog.getOpenFileName(self, _("Choose the application file"))
        if name:
            place = self._context.workplace
            self._context.lanes.network(
                lambda _progress, _cancelled: place.read_application(read_small(name)),
                self._compare,
                self.notice.explain,
                owner=self,
            )

    def save_admission(self) -> None:
        """Save the file by which an admitted computer learns of it."""
        name, _filter = QFileDialog.getSaveFileName(
            self, _("Save the admission file"), "kim-mobil.admission", _("Admission files (*.admission)")
        )
        if name:
            place = self._context.workplace
            self._context.lanes.network(
                lambda _progress, _cancelled: write_small(name, place.admission()),
                self._on_admission_saved,
                self.notice.explain,
                owner=self,
            )

    def move_district(self) -> None:
        """Join another district with all that was made here."""
        dialog = MoveDialog(self._context, self)
        dialog.moved.connect(self._context.navigation.lock_requested)
        dialog.open()

    def change(self) -> None:
        """Change the chosen member."""
        row, members = self.table.currentRow(), self._context.session.members.members()
        if not 0 <= row < len(members):
            return
        keepers = self._context.workplace.roster.keepers
        dialog = MemberChangeDialog(members[row], members[row].id in keepers, members, self)
        dialog.accepted.connect(
            lambda: self.steps.take(
                lambda keepers: keepers.change_member(dialog.changed, dialog.offline, dialog.keeper)
            )
        )
        dialog.open()

    def extend(self) -> None:
        """Let the roster be good for another year."""
        told = _(
            "The list of members is good for another year."
            " A second keeper or the key from the safe signs too."
        )
        dialog = RosterStepDialog(_("Extend the list of members"), told, N_("Extend it"), self)
        dialog.accepted.connect(
            lambda: self.steps.take(lambda keepers: keepers.extend(offline=dialog.offline))
        )
        dialog.open()

    def new_safe_key(self) -> None:
        """Name a new key for the safe and show it once."""
        told = _("The key that lies in the safe now counts no longer once the new one is signed.")
        dialog = RosterStepDialog(_("A new key for the safe"), told, N_("Make a new key"), self)
        dialog.accepted.connect(
            lambda: self.steps.ask(
                lambda keepers: keepers.new_offline_key(dialog.offline), self._show_safe_key
            )
        )
        dialog.open()

    def name_relay(self) -> None:
        """Name the district's relay."""
        relays = self._context.workplace.roster.relays
        dialog = RelayAddressDialog(relays[0] if relays else "", self)
        dialog.accepted.connect(
            lambda: self.steps.take(lambda keepers: keepers.move_relays((dialog.relay,), dialog.offline))
        )
        dialog.open()

    def place(self) -> str:
        """Name the part that is shown."""
        return str(self.tabs.currentIndex())

    def return_to(self, place: str) -> None:
        """Show that part."""
        if place.isdecimal() and int(place) < self.tabs.count():
            self.tabs.setCurrentIndex(int(place))

    def _make_buttons(self) -> None:
        self.invite_button = button(N_("Invite a member …"), self.invite)
        self.next_button = button(N_("Another computer …"), self.invite_computer)
        self.change_button = button(N_("Change …"), self.change)
        self.extend_button = button(N_("Extend by a year …"), self.extend)
        self.relay_button = button(N_("Relay's address …"), self.name_relay)
        self.safe_button = button(N_("New key for the safe …"), self.new_safe_key)
        self.from_file_button = button(N_("Application from a file …"), self.open_application)
        self.admission_button = button(N_("Save the admission file …"), self.save_admission)
        self.move_button = button(N_("Join a district …"), self.move_district)
        self.look_button = button(N_("Look for applicants"), self.look)
        self.admit_button = button(N_("Compare and admit …"), self.admit)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(heading(_("Members")), 1)
        self.tabs.addTab(self._members_part(), _("Members"))
        self.tabs.addTab(self.computers, _("Computers"))
        if self.keeper:
            self.tabs.addTab(self.proposals, _("Proposals"))
        self.tabs.addTab(self.news, _("What changed"))
        column = QVBoxLayout(self)
        column.addLayout(top)
        column.addWidget(self.state)
        column.addWidget(self.notice)
        column.addWidget(self.tabs, 1)

    def _members_part(self) -> QWidget:
        part = QWidget()
        column = QVBoxLayout(part)
        column.addWidget(self.table, 3)
        column.addWidget(only_if(self.keeper, self._keepers_part()), 1)
        return part

    def _keepers_part(self) -> QWidget:
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        only_if(self._context.workplace.moving.possible, self.move_button)
        chosen = (self.invite_button, self.next_button, self.change_button)
        column.addWidget(
            flowing(*chosen, self.extend_button, self.safe_button, self.relay_button, self.move_button)
        )
        column.addWidget(subheading(_("Applicants")))
        files = (self.from_file_button, self.admission_button)
        column.addWidget(flowing(self.admit_button, self.look_button, *files))
        column.addWidget(self._no_applicants)
        column.addWidget(self.applicants, 1)
        return part

    def _show(self, shown: Overview) -> None:
        self._show_members()
        self.state.setText(state_text(shown.state))
        self.computers.show_computers(shown.computers)
        self.proposals.show_proposals(shown.proposals)
        self.news.show_news(shown.news, shown.unread, shown.state.disputed)
        self._count(self.proposals, _("Proposals"), len(shown.proposals))
        self._count(self.news, _("What changed"), shown.unread + len(shown.state.disputed))

    def _count(self, part: QWidget, title: str, count: int) -> None:
        at = self.tabs.indexOf(part)
        if at >= 0:
            self.tabs.setTabText(at, f"{title} ({count})" if count else title)

    def _show_members(self) -> None:
        members = self._context.session.members.members()
        fill_rows(self.table, [self._texts(member) for member in members])
        self._show_change_button()

    def _show_change_button(self) -> None:
        for made in (self.change_button, self.next_button):
            made.setEnabled(self.table.currentRow() >= 0)

    def _texts(self, member: Member) -> tuple[str, ...]:
        supervisor = member_name(self._context.session.members, member.supervisor)
        cleared = _("Yes") if member.cleared else _("No")
        keeper = _("Yes") if member.id in self._context.workplace.roster.keepers else ""
        return (known_name(member), _(ROLES[member.role]), member.employer, supervisor, cleared, keeper)

    def _show_safe_key(self, made: tuple[str, str]) -> None:
        step, key = made
        SafeKeyDialog(self._context, key, str(step) == PROPOSED, self).open()
        self.refresh()

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

    def _make_invitation(self, intended: Member, *, by_file: bool) -> None:
        place = self._context.workplace
        self._context.lanes.network(
            lambda _progress, _cancelled: place.invite(intended, by_file=by_file),
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
            lambda: write_small(name, content), self._on_saved, self.notice.explain, owner=self
        )

    def _on_saved(self, written: bool) -> None:
        if written:
            self.notice.say(_("The invitation is saved. When they have applied, they appear below."), "saved")
        else:
            self.notice.say(_("The file could not be written there. Invite once more, to another folder."))

    def _on_admission_saved(self, written: bool) -> None:
        if written:
            self.notice.say(_("The admission is saved. Hand it back to the computer that applied."), "saved")
        else:
            self.notice.say(_("The file could not be written there. Please choose another folder."))

    def _admit(self, applicant: Applicant) -> None:
        place = self._context.workplace

        def told(step: object) -> None:
            if str(step) == PROPOSED:
                text = _("{name} is admitted as soon as a second keeper has signed the proposal.")
            else:
                text = _("{name} was admitted.")
            self.notice.say(text.format(name=applicant.member.name), "saved")
            self.refresh()
            self.look()

        self._context.lanes.network(
            lambda _progress, _cancelled: place.admit(applicant), told, self.notice.explain, owner=self
        )
