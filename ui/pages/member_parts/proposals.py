"""What keepers propose: read in words, signed by a second one, or with the key from the safe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QListWidget, QVBoxLayout, QWidget

from app.i18n import N_, _
from ui.accessible import button, named
from ui.dialogs.roster_step import RosterStepDialog
from ui.flow_layout import flowing
from ui.labels import paragraph
from ui.pages.member_parts.roster_text import facts_text
from ui.pages.member_parts.steps import Steps
from ui.tables import let_sentences_breathe

if TYPE_CHECKING:
    from sync.workplace import Proposal


class ProposalsPart(QWidget):
    """A list of proposals."""

    def __init__(self, steps: Steps, parent: QWidget | None = None) -> None:
        """Begin empty."""
        super().__init__(parent)
        self._steps = steps
        self._proposals: tuple[Proposal, ...] = ()
        self.list = named(QListWidget(), N_("Proposals"))
        let_sentences_breathe(self.list)
        self._none = paragraph(_("No keeper proposes anything."))
        self.sign_button = button(N_("Sign …"), self.sign)
        self.withdraw_button = button(N_("Withdraw"), self.withdraw)
        column = QVBoxLayout(self)
        column.addWidget(self._none)
        column.addWidget(self.list, 1)
        column.addWidget(flowing(self.sign_button, self.withdraw_button))
        self.list.currentRowChanged.connect(lambda _row: self._show_buttons())
        self._show_buttons()

    def show_proposals(self, proposals: tuple[Proposal, ...]) -> None:
        """Show these."""
        self._proposals = proposals
        self.list.clear()
        self.list.addItems([proposal_text(item) for item in proposals])
        self.list.setVisible(bool(proposals))
        self._none.setVisible(not proposals)
        if proposals:
            self.list.setCurrentRow(0)
        self._show_buttons()

    def sign(self) -> None:
        """Sign the chosen proposal."""
        chosen = self._chosen()
        if chosen is None:
            return
        text = _(
            "{proposal}\n\nWith your signature it counts at once. Ring {name} up first if it surprises you."
        )
        filled = text.format(proposal=proposal_text(chosen), name=chosen.by)
        dialog = RosterStepDialog(_("Sign a proposal"), filled, N_("Sign it"), self)
        dialog.accepted.connect(
            lambda: self._steps.take(lambda keepers: keepers.sign(chosen.id, dialog.offline))
        )
        dialog.open()

    def withdraw(self) -> None:
        """Take the chosen proposal back."""
        chosen = self._chosen()
        if chosen is not None:
            self._steps.take(lambda keepers: keepers.withdraw(chosen.id), _("The proposal is withdrawn."))

    def _chosen(self) -> Proposal | None:
        row = self.list.currentRow()
        return self._proposals[row] if 0 <= row < len(self._proposals) else None

    def _show_buttons(self) -> None:
        chosen = self._chosen()
        self.sign_button.setEnabled(chosen is not None)
        self.withdraw_button.setEnabled(chosen is not None and chosen.mine)


def proposal_text(proposal: Proposal) -> str:
    """Give who wants what, and how many have signed."""
    text = _("{name} proposes: {changes} ({signed} of {needed} signatures)")
    return text.format(
        name=proposal.by, changes=facts_text(proposal.facts), signed=proposal.signed, needed=proposal.needed
    )
