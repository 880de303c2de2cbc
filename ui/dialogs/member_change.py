"""Changing what the list of members says of somebody."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget

from app.domain.audience import Member, Role
from app.i18n import N_, _
from ui.accessible import button, label_for
from ui.check_line import CheckLine
from ui.dialogs.button_row import button_row
from ui.dialogs.member_form import MemberForm
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
        self.form = MemberForm(member, members)
        self.keeper_line, self.active = CheckLine(KEEPER), CheckLine(ACTIVE)
        for line, on in ((self.keeper_line, keeper), (self.active, member.active)):
            line.set_checked(on)
            line.toggled.connect(lambda _on: self._refresh())
            self.form.add_line(line)
        self.key = QLineEdit()
        self.change_button = button(N_("Sign the change"), self.accept)
        self._lay_out()
        self.form.edited.connect(self._refresh)
        self._refresh()

    @property
    def changed(self) -> Member:
        """The member as it is to stand."""
        return replace(self.form.member, active=self.active.is_checked())

    @property
    def keeper(self) -> bool:
        """Whether the member is to be a keeper."""
        return self.keeper_line.is_checked() and self.form.chosen_role is Role.SUPERVISOR

    @property
    def offline(self) -> str:
        """The key from the safe as typed."""
        return self.key.text().strip()

    def _lay_out(self) -> None:
        told = _("A second keeper must sign too: they find it under “Proposals”. Everybody is told of it.")
        label = label_for(self.key, OFFLINE)
        label.setWordWrap(True)
        cancel = button(N_("Cancel"), self.reject)
        column = QVBoxLayout(self)
        for part in (self.form, paragraph(told), label, self.key):
            column.addWidget(part)
        column.addWidget(button_row(self.change_button, away=cancel, enter=self.change_button))

    def _refresh(self) -> None:
        self.keeper_line.setEnabled(self.form.chosen_role is Role.SUPERVISOR)
        moved = self.changed != self._member or self.keeper != self._was_keeper
        self.change_button.setEnabled(moved and self.form.is_complete)
