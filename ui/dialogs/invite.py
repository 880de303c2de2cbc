"""Inviting a member: who they are and what they will do; the roster shows it to everybody."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QDialog, QFormLayout, QLineEdit, QWidget

from app.domain.audience import Member, Role
from app.i18n import N_, _
from ui.accessible import button, label_for
from ui.check_line import CheckLine
from ui.dialogs.button_row import button_row
from ui.labels import paragraph
from ui.sizes import letters

ROLES = {
    Role.CASE_MANAGER: N_("Case manager"),
    Role.SUPERVISOR: N_("Supervisor"),
    Role.COORDINATOR: N_("Coordinator"),
    Role.ADMINISTRATION: N_("Administration"),
}
CLEARED = N_("May read sensitive entries (health, residence, violence)")
BY_FILE = N_("They answer by a file on a stick, without the relay")
IMMIGRATION = N_("Has duties in an immigration office")


class InviteDialog(QDialog):
    """Accepted when name and employer are given; `intended` is the member as invited."""

    def __init__(self, members: tuple[Member, ...], parent: QWidget | None = None) -> None:
        """Offer the employers and supervisors that the roster knows."""
        super().__init__(parent)
        self.setWindowTitle(_("Invite a member"))
        self.setMinimumWidth(letters(self, 66))
        self.name = QLineEdit()
        self.employer = _choices([(item, item) for item in sorted({m.employer for m in members})])
        self.employer.setEditable(True)
        self.role = _choices([(_(label), role) for role, label in ROLES.items()])
        supervisors = [m for m in members if m.role is Role.SUPERVISOR and m.active]
        self.supervisor = _choices([(m.name, m.id) for m in supervisors])
        self.cleared = CheckLine(CLEARED)
        self.immigration = CheckLine(IMMIGRATION)
        self.by_file = CheckLine(BY_FILE)
        self.invite_button = button(N_("Make the invitation file …"), self.accept)
        self._lay_out()
        self.name.textChanged.connect(lambda _text: self._refresh())
        self.employer.editTextChanged.connect(lambda _text: self._refresh())
        self.role.currentIndexChanged.connect(lambda _place: self._refresh())
        self._refresh()

    @property
    def intended(self) -> Member:
        """The member as invited; the id is drawn at admission."""
        role = Role(self.role.currentData())
        return Member(
            id=0,
            name=self.name.text().strip(),
            employer=self.employer.currentText().strip(),
            role=role,
            cleared=self.cleared.is_checked(),
            supervisor=self.supervisor.currentData() if role is Role.CASE_MANAGER else None,
            immigration_duties=self.immigration.is_checked(),
        )

    def _lay_out(self) -> None:
        form = QFormLayout(self)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.addRow(label_for(self.name, N_("Name")), self.name)
        form.addRow(label_for(self.employer, N_("Employer")), self.employer)
        form.addRow(label_for(self.role, N_("Role")), self.role)
        form.addRow(label_for(self.supervisor, N_("Supervisor of this case manager")), self.supervisor)
        form.addRow(self.cleared)
        form.addRow(self.immigration)
        form.addRow(self.by_file)
        form.addRow(
            paragraph(
                _(
                    "The file works once. Give it by hand or by a way that only this person reads. Before "
                    "you admit them you compare six words on the phone."
                )
            )
        )
        buttons = button_row(
            self.invite_button, away=button(N_("Cancel"), self.reject), enter=self.invite_button
        )
        form.addRow(buttons)

    def _refresh(self) -> None:
        case_manager = self.role.currentData() == Role.CASE_MANAGER
        self.supervisor.setEnabled(case_manager)
        self.invite_button.setEnabled(bool(self.intended.name and self.intended.employer))


def _choices(pairs: list[tuple[str, object]]) -> QComboBox:
    made = QComboBox()
    for text, value in pairs:
        made.addItem(text, value)
    return made
