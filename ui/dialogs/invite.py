"""Inviting a member: who they are and what they will do; the roster shows it to everybody."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from app.domain.audience import Member, Role
from app.i18n import N_, _
from ui.accessible import button
from ui.check_line import CheckLine
from ui.dialogs.button_row import button_row
from ui.dialogs.member_form import MemberForm
from ui.labels import paragraph
from ui.sizes import letters

BY_FILE = N_("They answer by a file on a stick, without the relay")
NOBODY_YET = Member(0, "", "", Role.CASE_MANAGER)
"""The id is drawn at admission."""


class InviteDialog(QDialog):
    """Accepted when name and employer are given; `intended` is the member as invited."""

    def __init__(self, members: tuple[Member, ...], parent: QWidget | None = None) -> None:
        """Offer the employers and supervisors that the roster knows."""
        super().__init__(parent)
        self.setWindowTitle(_("Invite a member"))
        self.setMinimumWidth(letters(self, 66))
        self.form = MemberForm(NOBODY_YET, members)
        self.by_file = CheckLine(BY_FILE)
        self.invite_button = button(N_("Make the invitation file …"), self.accept)
        self._lay_out()
        self.form.edited.connect(self._refresh)
        self._refresh()

    @property
    def intended(self) -> Member:
        """The member as invited."""
        return self.form.member

    def _lay_out(self) -> None:
        told = _(
            "The file works once. Give it by hand or by a way that only this person reads. Before you admit "
            "them you compare six words on the phone."
        )
        cancel = button(N_("Cancel"), self.reject)
        column = QVBoxLayout(self)
        self.form.add_line(self.by_file)
        column.addWidget(self.form)
        column.addWidget(paragraph(told))
        column.addWidget(button_row(self.invite_button, away=cancel, enter=self.invite_button))

    def _refresh(self) -> None:
        self.invite_button.setEnabled(self.form.is_complete)
