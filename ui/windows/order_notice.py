"""Above every page: that an order took something from this computer, until the person has read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.i18n import N_
from ui.context import ScreenContext
from ui.pages.orders import loss_text
from ui.rounds import Rounds
from ui.windows.notice_above import NoticeAbove

if TYPE_CHECKING:
    from sync.removal.orders import Loss


class OrderNotice(NoticeAbove):
    """Takes no room while nothing went."""

    def __init__(self, context: ScreenContext, rounds: Rounds, parent: QWidget | None = None) -> None:
        """Ask, and ask again after each round."""
        super().__init__(N_("Go to the orders"), context.navigation.orders_requested.emit, parent)
        self._context = context
        self._told = self._stands_back = False
        rounds.ended.connect(self._on_ended)
        context.changes.records_changed.connect(self._on_ended)
        self.refresh()

    def refresh(self) -> None:
        """Ask what went."""
        orders = self._context.workplace.orders
        self._context.lanes.database(orders.losses, self._show, owner=self)

    def _on_ended(self, _answer: object) -> None:
        self.refresh()

    def stand_back(self, wanted: bool) -> None:
        """Say nothing while the page of orders says it."""
        self._stands_back = wanted
        self.setVisible(self._told and not wanted)

    def _show(self, losses: tuple[Loss, ...]) -> None:
        self._told = bool(losses)
        self.setVisible(self._told and not self._stands_back)
        if losses:
            self.notice.say(" ".join(map(loss_text, losses)), "conflict")
