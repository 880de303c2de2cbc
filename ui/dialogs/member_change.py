"""Changing what the list of members says of somebody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtWidgets import QComboBox, QDialog, QFormLayout, QLineEdit, QWidget

from app.domain.audience import Member, Role
from app.i18n import N_, _
from ui.accessible import button, label_for
from ui.check_line import CheckLine
from ui.dialogs.button_row import button_row
from ui.dialogs.invite import CLEARED, IMMIGRATION, ROLES
from ui.dialogs.roster_step import OFFLINE
from ui.labels import paragraph
from ui.sizes import letters

KEEPER = N_("Is a keeper of the list of members (supervisors only)")
ACTIVE = N_("Belongs to the district")


class MemberChangeDialog(QDialog):
    """Accepted when something is to change; `changed` and `keeper` say what."""

    def __init__(
        self, member: Member, keeper: bool, members: tuple[Member, ...], parent: QWidget | None = None
    ) -> None:
        """Begin with what stands."""
        super().__init__(parent)
        self.setWindowTitle(_("Change a member"))
        self.setMinimumWidth(letters(self, 66))
        self._member, self._was_keeper = member, keeper
        self.name, self.employer = QLineEdit(member.name), QLineEdit(member.employer)
        self.role = _choices([(_(label), role) for role, label in ROLES.items()], member.role)
        supervisors = [
            (item.name, item.id) for item in members if item.role is Role.SUPERVISOR and item.active
        ]
        self.supervisor = _choices(supervisors, member.supervisor)
        self.cleared, self.immigration = CheckLine(CLEARED), CheckLine(IMMIGRATION)
        self.keeper_line, self.active = CheckLine(KEEPER), CheckLine(ACTIVE)
        ticked = (
            (self.cleared, member.cleared),
            (self.immigration, member.immigration_duties),
            (self.keeper_line, keeper),
            (self.active, member.active),
        )
        for line, on in ticked:
            line.set_checked(on)
            line.toggled.connect(lambda _on: self._refresh())
        self.key = QLineEdit()
        self.change_button = button(N_("Sign the change"), self.accept)
        self._lay_out()
        self.name.textChanged.connect(lambda _text: self._refresh())
        self.employer.textChanged.connect(lambda _text: self._refresh())
        self.role.currentIndexChanged.connect(lambda _place: self._refresh())
        self.supervisor.currentIndexChanged.connect(lambda _place: self._refresh())
        self._refresh()

    @property
    def changed(self) -> Member:
        """The member as it is to stand."""
        role = Role(self.role.currentData())
        return replace(
            self._member,
            name=self.name.text().strip(),
            employer=self.employer.text().strip(),
            role=role,
            cleared=self.cleared.is_checked(),
            supervisor=self.supervisor.currentData() if role is Role.CASE_MANAGER else None,
            immigration_duties=self.immigration.is_checked(),
            active=self.active.is_checked(),
        )

    @property
    def keeper(self) -> bool:
        """Whether the member is to be a keeper."""
        return self.keeper_line.is_checked() and Role(self.role.currentData()) is Role.SUPERVISOR

    @property
    def offline(self) -> str:
        """The key from the safe as typed."""
        return self.key.text().strip()

    def _lay_out(self) -> None:
        form = QFormLayout(self)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.addRow(label_for(self.name, N_("Name")), self.name)
        form.addRow(label_for(self.employer, N_("Employer")), self.employer)
        form.addRow(label_for(self.role, N_("Role")), self.role)
        form.addRow(label_for(self.supervisor, N_("Supervisor of this case manager")), self.supervisor)
        for line in (self.cleared, self.immigration, self.keeper_line, self.active):
            form.addRow(line)
        told = _("A second keeper must sign too: they find it under “Proposals”. Everybody is told of it.")
        form.addRow(paragraph(told))
        label = label_for(self.key, OFFLINE)
        label.setWordWrap(True)
        form.addRow(label)
        form.addRow(self.key)
        buttons = button_row(
            self.change_button, away=button(N_("Cancel"), self.reject), enter=self.change_button
        )
        form.addRow(buttons)

    def _refresh(self) -> None:
        role = Role(self.role.currentData())
        self.supervisor.setEnabled(role is Role.CASE_MANAGER)
        self.keeper_line.setEnabled(role is Role.SUPERVISOR)
        changed = self.changed
        moved = changed != self._member or self.keeper != self._was_keeper
        self.change_button.setEnabled(moved and bool(changed.name and changed.employer))


def _choices(pairs: Sequence[tuple[str, object]], chosen: object) -> QComboBox:
    made = QComboBox()
    for text, value in pairs:
        made.addItem(text, value)
    made.setCurrentIndex(max(0, made.findData(chosen)))
    return made
