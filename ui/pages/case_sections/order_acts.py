"""What can be ordered about a case file from its page: restrict, lift, erase."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from app.domain.dots import Dot
from app.domain.orders import OrderKind
from ui.context import ScreenContext
from ui.dialogs.order import OrderDialog
from ui.notice import Notice
from ui.pages.case_sections.case_data import CaseData


class OrderActs:
    """Opens the dialogs over a case file's page."""

    def __init__(self, context: ScreenContext, page: QWidget, notice: Notice) -> None:
        """Work for `page`; failures are said in `notice`."""
        self._context, self._page, self._notice = context, page, notice
        self._case: Dot | None = None

    def show_case(self, data: CaseData) -> None:
        """Work on this case file from now on."""
        self._case = data.case

    def follow_withdrawal(self) -> None:
        """Lock the case file at once when everything was withdrawn."""
        case, orders = self._case, self._context.workplace.orders
        if case is not None:
            self._context.lanes.database(
                lambda: orders.restrict_withdrawn(case),
                partial(self._on_followed, case),
                self._notice.explain,
                owner=self._page,
            )

    def restrict(self) -> None:
        """Ask why, then lock the case file."""
        self._ask(OrderKind.RESTRICT)

    def lift(self) -> None:
        """Ask why, then unlock it."""
        self._ask(OrderKind.LIFT)

    def erase(self) -> None:
        """Say what goes and who must sign too, then sign."""
        self._ask(OrderKind.ERASE)

    def _ask(self, kind: OrderKind) -> None:
        if self._case is not None:
            dialog = OrderDialog(kind, self._page)
            dialog.confirmed.connect(partial(self._give, kind, self._case))
            dialog.open()

    def _give(self, kind: OrderKind, case: Dot, basis: str) -> None:
        orders = self._context.workplace.orders
        self._context.lanes.database(
            lambda: orders.issue(kind, basis, case),
            partial(self._on_given, kind, case),
            self._notice.explain,
            owner=self._page,
        )

    def _on_followed(self, case: Dot, locked: bool) -> None:
        if locked:
            moved: tuple[str, Dot, Dot | None] = ("CaseFile", case, case)
            self._context.changes.records_changed.emit(frozenset({moved}))

    def _on_given(self, kind: OrderKind, case: Dot, _order: bytes) -> None:
        moved: tuple[str, Dot, Dot | None] = ("CaseFile", case, case)
        self._context.changes.records_changed.emit(frozenset({moved}))
        if kind is OrderKind.ERASE:
            self._context.navigation.orders_requested.emit()
