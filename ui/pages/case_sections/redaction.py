"""Redacting what was written: which entries of the history go together, and the order that takes them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QWidget

from app.domain.dots import Dot
from app.domain.errors import KimError
from app.domain.orders import OrderKind
from app.domain.schema import ALIAS, BELONGS, STANDING
from app.services.ports import HistoryEntry
from ui.context import ScreenContext
from ui.dialogs.order import OrderDialog

KEPT = frozenset({BELONGS, STANDING, ALIAS, "number", "responsible", "supervision"})
"""Registers that hold a case file together: nothing about a person stands in them."""
_KEPT_TYPES = frozenset({"StandIn", "Handover", "HandoverReceipt", "Consent", "Withdrawal", "CaseSplit"})


def may_be_redacted(entry: HistoryEntry) -> bool:
    """Tell whether an entry of the history says something that can be taken out."""
    return entry.register not in KEPT and entry.type not in _KEPT_TYPES and bool(entry.values)


def repeats(entry: HistoryEntry, entries: Sequence[HistoryEntry]) -> tuple[Dot, ...]:
    """Give the changes that hold what `entry` says wrongly: itself, and those that carried it on.

    Of an earlier value that is what differs from the one that stands.
    """
    same = [item for item in entries if (item.record, item.register) == (entry.record, entry.register)]
    standing = next((item.values for item in same if item.standing), {})
    wrong = {
        name: value
        for name, value in entry.values.items()
        if value is not None and (entry.standing or standing.get(name) != value)
    }
    held = all if entry.standing else any
    found = [item for item in same if held(item.values.get(name) == value for name, value in wrong.items())]
    return tuple(dict.fromkeys([entry.dot, *(item.dot for item in found)]))


def ask_redaction(
    context: ScreenContext,
    case: Dot,
    dots: Sequence[Dot],
    failed: Callable[[KimError], None],
    parent: QWidget,
) -> None:
    """Say what goes and who must sign too, then sign."""
    dialog = OrderDialog(OrderKind.REDACT, parent)
    dialog.confirmed.connect(partial(_give, context, case, dots, failed, parent))
    dialog.open()


def _give(
    context: ScreenContext,
    case: Dot,
    dots: Sequence[Dot],
    failed: Callable[[KimError], None],
    owner: QWidget,
    basis: str,
) -> None:
    orders = context.workplace.orders
    context.lanes.database(
        lambda: orders.issue(OrderKind.REDACT, basis, case, dots=dots),
        lambda _order: context.navigation.orders_requested.emit(),
        failed,
        owner=owner,
    )
