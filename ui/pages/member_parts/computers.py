"""The computers of the district: state, when last heard of, and what keepers do with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.i18n import N_, _
from ui.accessible import button, only_if
from ui.context import ScreenContext
from ui.dialogs.held_files import HeldFilesDialog
from ui.dialogs.roster_step import RosterStepDialog
from ui.display import moment_text
from ui.flow_layout import flowing
from ui.labels import paragraph
from ui.pages.member_parts.steps import Steps
from ui.tables import fill_rows, reading_table

if TYPE_CHECKING:
    from sync.workplace import Computer, HeldFiles

COLUMNS = (N_("Member"), N_("Computer"), N_("State"), N_("Last heard of"))
ACTIVE, SUSPENDED, REVOKED = range(3)
STATES = {ACTIVE: N_("in use"), SUSPENDED: N_("suspended"), REVOKED: N_("revoked for good")}


class ComputersPart(QWidget):
    """A table of computers; keepers suspend, lift and revoke below it."""

    def __init__(
        self, context: ScreenContext, steps: Steps, keeper: bool, parent: QWidget | None = None
    ) -> None:
        """Begin empty; `refresh` fills it."""
        super().__init__(parent)
        self._context, self._steps = context, steps
        self._computers: tuple[Computer, ...] = ()
        self.table = reading_table(N_("List of computers"), COLUMNS)
        self.warning = paragraph("")
        self.suspend_button = button(N_("Suspend …"), self.suspend)
        self.lift_button = button(N_("Lift the suspension …"), self.lift)
        self.revoke_button = button(N_("Revoke for good …"), self.revoke)
        self.files_button = button(N_("Case files it held …"), self.show_files)
        column = QVBoxLayout(self)
        column.addWidget(self.warning)
        column.addWidget(self.table, 1)
        column.addWidget(only_if(keeper, self._row()))
        self.table.itemSelectionChanged.connect(self._show_buttons)
        self._show_buttons()

    def _row(self) -> QWidget:
        return flowing(self.suspend_button, self.lift_button, self.revoke_button, self.files_button)

    def show_computers(self, computers: tuple[Computer, ...]) -> None:
        """Show these."""
        self._computers = computers
        fill_rows(self.table, [_texts(item) for item in computers])
        self.warning.setText("\n".join(_warnings(computers)))
        self.warning.setVisible(bool(self.warning.text()))
        self._show_buttons()

    def suspend(self) -> None:
        """Suspend the chosen computer and show which case files it held."""
        chosen = self._chosen()
        if chosen is not None:
            text = _(
                "Computer {number} of {name} gets no more keys, and what it sends is set aside. Nothing on it"
                " is deleted. You sign this alone; everybody is told. Then you see which case files it held."
            )
            self._ask(
                chosen, _("Suspend a computer"), text, N_("Suspend it"),
                lambda offline: self._steps.ask(
                    lambda keepers: keepers.suspend(chosen.index, offline), self._on_suspended
                ),
            )  # fmt: skip

    def lift(self) -> None:
        """Lift the suspension of the chosen computer."""
        chosen = self._chosen()
        if chosen is not None:
            text = _("Computer {number} of {name} takes part again. What it held back then goes out.")
            self._ask(
                chosen, _("Lift a suspension"), text, N_("Lift it"),
                lambda offline: self._steps.take(lambda keepers: keepers.lift(chosen.index, offline)),
            )  # fmt: skip

    def revoke(self) -> None:
        """Revoke the chosen computer."""
        chosen = self._chosen()
        if chosen is not None:
            text = _("Computer {number} of {name} never takes part again. This cannot be undone.")
            self._ask(
                chosen, _("Revoke a computer"), text, N_("Revoke it"),
                lambda offline: self._steps.take(lambda keepers: keepers.revoke(chosen.index, offline)),
            )  # fmt: skip

    def show_files(self) -> None:
        """Show which case files the chosen computer held."""
        chosen = self._chosen()
        if chosen is not None:
            self._steps.ask(lambda keepers: keepers.files_held_by(chosen.index), self._show_files)

    def _ask(self, chosen: Computer, title: str, text: str, wish: str, then: Callable[[str], None]) -> None:
        dialog = RosterStepDialog(title, text.format(number=chosen.index, name=chosen.name), wish, self)
        dialog.accepted.connect(lambda: then(dialog.offline))
        dialog.open()

    def _on_suspended(self, held: HeldFiles) -> None:
        self._steps.take(lambda _keepers: None, _("The computer is suspended. Everybody is told of it."))
        self._show_files(held)

    def _show_files(self, held: HeldFiles) -> None:
        HeldFilesDialog(held, self).open()

    def _chosen(self) -> Computer | None:
        row = self.table.currentRow()
        return self._computers[row] if 0 <= row < len(self._computers) else None

    def _show_buttons(self) -> None:
        chosen = self._chosen()
        state = None if chosen is None else int(chosen.state)
        self.suspend_button.setEnabled(state == ACTIVE)
        self.lift_button.setEnabled(state == SUSPENDED)
        self.revoke_button.setEnabled(state in (ACTIVE, SUSPENDED))
        self.files_button.setEnabled(chosen is not None)


def _warnings(computers: tuple[Computer, ...]) -> list[str]:
    silent = ", ".join(item.name for item in computers if item.silent)
    left = ", ".join(f"{item.name} ({item.index})" for item in computers if item.left)
    told = []
    if silent:
        text = _("Not heard of for 30 days: {names}. Ask whether the computer is still in use.")
        told.append(text.format(names=silent))
    if left:
        text = _(
            "Has left the district, but the computer is still in use: {names}. Suspend it once it has sent"
            " everything and the case files are in other hands. Until then others wait for its confirmations."
        )
        told.append(text.format(names=left))
    return told


def _texts(item: Computer) -> tuple[str, ...]:
    heard = moment_text(item.heard_ms) if item.heard_ms else ""
    name = _("{name} (this computer)").format(name=item.name) if item.mine else item.name
    return name, str(item.index), _(STATES[item.state]), heard
