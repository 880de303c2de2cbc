"""What the list of members says of somebody, as inputs: for an invitation and for a change alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QLineEdit, QWidget

from app.domain.audience import Member, Role
from app.i18n import N_, _
from ui.accessible import label_for
from ui.check_line import CheckLine

ROLES = {
    Role.CASE_MANAGER: N_("Case manager"),
    Role.SUPERVISOR: N_("Supervisor"),
    Role.COORDINATOR: N_("Coordinator"),
    Role.ADMINISTRATION: N_("Administration"),
}
CLEARED = N_("May read sensitive entries (health, residence, violence)")
IMMIGRATION = N_("Has duties in an immigration office")


class MemberForm(QWidget):
    """Begins with `member`; offers the employers and supervisors that the list knows."""

    edited = Signal()

    def __init__(self, member: Member, members: Iterable[Member], parent: QWidget | None = None) -> None:
        """Show what stands of the member."""
        super().__init__(parent)
        known = tuple(members)
        self._member = member
        self._rows = QFormLayout(self)
        self.name = QLineEdit(member.name)
        self.employer = _choices([(item, item) for item in sorted({one.employer for one in known})])
        self.employer.setEditable(True)
        if member.employer:
            self.employer.setCurrentText(member.employer)
        self.role = _choices([(_(label), role) for role, label in ROLES.items()], member.role)
        supervisors = [(one.name, one.id) for one in known if one.role is Role.SUPERVISOR and one.active]
        self.supervisor = _choices(supervisors, member.supervisor)
        self.cleared, self.immigration = CheckLine(CLEARED), CheckLine(IMMIGRATION)
        self.cleared.set_checked(member.cleared)
        self.immigration.set_checked(member.immigration_duties)
        self._lay_out()
        self._connect()

    @property
    def member(self) -> Member:
        """The member as it stands in the inputs; what has no input here is as it was."""
        return replace(
            self._member,
            name=self.name.text().strip(),
            employer=self.employer.currentText().strip(),
            role=self.chosen_role,
            cleared=self.cleared.is_checked(),
            supervisor=self.supervisor.currentData() if self.chosen_role is Role.CASE_MANAGER else None,
            immigration_duties=self.immigration.is_checked(),
        )

    @property
    def chosen_role(self) -> Role:
        """The role that is chosen now."""
        return Role(self.role.currentData())

    @property
    def is_complete(self) -> bool:
        """Whether name and employer are given."""
        return bool(self.member.name and self.member.employer)

    def add_line(self, line: CheckLine) -> None:
        """Put a line that only one of the dialogs asks below all others."""
        self._rows.addRow(line)

    def _lay_out(self) -> None:
        form = self._rows
        form.setContentsMargins(0, 0, 0, 0)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.addRow(label_for(self.name, N_("Name")), self.name)
        form.addRow(label_for(self.employer, N_("Employer")), self.employer)
        form.addRow(label_for(self.role, N_("Role")), self.role)
        form.addRow(label_for(self.supervisor, N_("Supervisor of this case manager")), self.supervisor)
        form.addRow(self.cleared)
        form.addRow(self.immigration)

    def _connect(self) -> None:
        for moved in (self.name.textChanged, self.employer.editTextChanged):
            moved.connect(lambda _text: self._on_edited())
        for box in (self.role, self.supervisor):
            box.currentIndexChanged.connect(lambda _place: self._on_edited())
        for line in (self.cleared, self.immigration):
            line.toggled.connect(lambda _on: self._on_edited())
        self._on_edited()

    def _on_edited(self) -> None:
        self.supervisor.setEnabled(self.chosen_role is Role.CASE_MANAGER)
        self.edited.emit()


def _choices(pairs: Iterable[tuple[str, object]], chosen: object = None) -> QComboBox:
    made = QComboBox()
    for text, value in pairs:
        made.addItem(text, value)
    made.setCurrentIndex(max(0, made.findData(chosen)))
    return made
