"""On the sync page: what of the list of members a person should know, and the way there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.i18n import N_, _, ngettext
from ui.accessible import button
from ui.context import ScreenContext
from ui.labels import paragraph

if TYPE_CHECKING:
    from sync.workplace import RosterState, Workplace

ACTIVE = 0


class RosterPanel(QFrame):
    """Takes no room while there is nothing to say."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        """Begin hidden; `refresh` fills it."""
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._context = context
        self.text = paragraph("")
        row = QHBoxLayout(self)
        row.addWidget(self.text, 1)
        row.addWidget(button(N_("Look at the members"), context.navigation.members_requested.emit))
        self.hide()

    def refresh(self) -> None:
        """Look at the roster anew."""
        place = self._context.workplace
        self._context.lanes.database(lambda: _told(place), self._show, owner=self)

    def _show(self, text: str) -> None:
        self.text.setText(text)
        self.setVisible(bool(text))


def _told(place: Workplace) -> str:
    keepers = place.keepers
    return "\n".join([*_own_state(place), *_lines(keepers.state(), keepers.unread())])


def _own_state(place: Workplace) -> list[str]:
    mine = next((item for item in place.keepers.computers() if item.mine), None)
    if mine is None or mine.state == ACTIVE:
        return []
    return [
        _(
            "This computer is suspended: it takes no part in syncing. Nothing on it was deleted, and what has"
            " not gone out waits. Please ring your KI."
        )
    ]


def _lines(state: RosterState, unread: int) -> list[str]:
    lines = []
    if state.disputed:
        lines.append(
            _("Two lists of members bear the same version; neither counts until the keepers end it.")
        )
    if state.expired:
        lines.append(
            _("The list of members has expired. Saving and syncing go on; a keeper should extend it.")
        )
    for name, count in state.read_early:
        told = ngettext(
            "{count} parcel of {name} was read here before that computer's suspension came. It counts, and"
            " goes on to all who may read it. Please look at what {name} entered last.",
            "{count} parcels of {name} were read here before that computer's suspension came. They count, and"
            " go on to all who may read them. Please look at what {name} entered last.",
            count,
        )
        lines.append(told.format(count=count, name=name))
    if unread:
        told = ngettext(
            "The list of members changed {count} time since you looked at it.",
            "The list of members changed {count} times since you looked at it.",
            unread,
        )
        lines.append(told.format(count=unread))
    return lines
