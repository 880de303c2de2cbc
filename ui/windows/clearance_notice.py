"""Above every page: that the person may read more or less than when they unlocked."""

from __future__ import annotations

from collections.abc import Callable

from app.i18n import N_, _
from ui.context import ScreenContext
from ui.rounds import Rounds
from ui.windows.notice_above import NoticeAbove

TOLD = {
    True: N_("You may read sensitive entries now. They appear once you have locked and unlocked."),
    False: N_(
        "You may no longer read sensitive entries. Please lock the program: they are out of sight when you "
        "unlock it again."
    ),
}
"""By whether the person is cleared now."""


class ClearanceNotice(NoticeAbove):
    """What is shown was worked out when the store was opened; who is across the table is not interrupted."""

    def __init__(self, context: ScreenContext, rounds: Rounds, lock: Callable[[], object]) -> None:
        """Look, and look again after each round and after what came by stick."""
        super().__init__(N_("Lock now"), lock)
        self._context = context
        rounds.ended.connect(self._on_moved)
        context.changes.records_changed.connect(self._on_moved)
        self.refresh()

    def refresh(self) -> None:
        """Say how it stands now."""
        cleared = self._context.workplace.new_clearance
        self.setVisible(cleared is not None)
        if cleared is not None:
            self.notice.say(_(TOLD[cleared]), "conflict")

    def _on_moved(self, _news: object) -> None:
        self.refresh()
