"""Orders: what waits for a signature, what was carried out where, and what went from this computer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.audience import AT_THE_KI
from app.domain.errors import KimError
from app.domain.orders import BASIS, KIND, OrderKind
from app.i18n import N_, _, format_date, ngettext
from ui.accessible import button
from ui.context import ScreenContext
from ui.dialogs.confirm import ConfirmDialog
from ui.display import member_name
from ui.flow_layout import flowing
from ui.labels import heading, paragraph
from ui.notice import Notice
from ui.pages.page import Page
from ui.tables import fill_rows, reading_table

if TYPE_CHECKING:
    from sync.removal.orders import Loss, Orders, OrderState

COLUMNS = (
    N_("Order"),
    N_("Case file"),
    N_("Still to sign"),
    N_("Carried out"),
    N_("On"),
    N_("Reason"),
    N_("Signed by"),
)
"""What a person decides by stands first: in large text the rest is scrolled to."""
MISSING = {
    "supervisor": N_("a supervisor"),
    "responsible": N_("the case manager"),
    "second": N_("a second person at the KI"),
    "either": N_("the case manager or a supervisor"),
}
_SIGN_TOLD = {
    OrderKind.ERASE: N_(
        "With your signature the case file goes, on every computer that has it, and cannot be brought back."
    ),
    OrderKind.REDACT: N_(
        "With your signature the value goes, on every computer that has it, and cannot be brought back."
    ),
}


class OrdersPage(Page):
    """A table of all orders; sign, look at a restricted case file, carry out."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        """Show how orders stand."""
        super().__init__(parent)
        self._context = context
        self._orders: tuple[OrderState, ...] = ()
        me = context.session.members.member(context.session.me)
        self._hears_all = me is not None and me.role in AT_THE_KI
        self.notice = Notice()
        self.losses = paragraph("")
        self.seen_button = button(N_("Understood"), self.note_seen)
        self.table = reading_table(N_("Orders"), COLUMNS)
        self._none = paragraph(_("No order was given yet."))
        self.sign_button = button(N_("Sign …"), self.sign)
        self.open_button = button(N_("Open the case file"), self.open_case)
        self.carry_out_button = button(N_("Take out the last traces now"), self.carry_out)
        self._lay_out()
        self.table.itemSelectionChanged.connect(self._show_buttons)
        self.follow(context.changes)
        self.refresh()

    def take_focus(self) -> None:
        """Begin at the table."""
        self.table.setFocus()

    def refresh(self) -> None:
        """Ask how orders stand now."""
        orders = self._context.workplace.orders
        self._context.lanes.database(lambda: _look(orders), self._show, self.notice.explain, owner=self)

    def sign(self) -> None:
        """Sign the chosen order."""
        chosen = self._chosen()
        if chosen is None:
            return
        told = _(_SIGN_TOLD.get(chosen.order.kind, N_("With your signature the order counts.")))
        dialog = ConfirmDialog(_("Sign an order"), told, N_("Sign it"), self)
        dialog.confirmed.connect(lambda: self._sign(chosen))
        dialog.open()

    def open_case(self) -> None:
        """Look at the case file that the chosen order names."""
        chosen = self._chosen()
        if chosen is not None and chosen.numbers:
            self._context.navigation.case_requested.emit(min(chosen.order.cases))

    def carry_out(self) -> None:
        """Take the last traces out now instead of with the next day's."""
        orders = self._context.workplace.orders
        self.carry_out_button.setEnabled(False)
        self._context.lanes.database(orders.carry_out, self._on_done, self._on_failed, owner=self)

    def note_seen(self) -> None:
        """Note that the person has read what went."""
        orders = self._context.workplace.orders
        self._context.lanes.database(orders.note_losses_seen, self._on_done, owner=self)

    def _sign(self, chosen: OrderState) -> None:
        orders = self._context.workplace.orders
        self._context.lanes.database(
            lambda: orders.sign(chosen.id), self._on_done, self._on_failed, owner=self
        )

    def _on_done(self, _answer: object) -> None:
        self.carry_out_button.setEnabled(True)
        self.notice.clear()
        self._context.changes.records_changed.emit(frozenset())

    def _on_failed(self, error: KimError) -> None:
        self.carry_out_button.setEnabled(True)
        self.notice.explain(error)

    def _lay_out(self) -> None:
        told = QHBoxLayout()
        told.addWidget(self.losses, 1)
        told.addWidget(self.seen_button)
        column = QVBoxLayout(self)
        column.addWidget(heading(_("Orders")))
        column.addWidget(
            paragraph(
                _(
                    "Erasing, redacting and restricting are orders: they count once all have signed who must,"
                    " reach every computer, and beat everything that is written later."
                )
            )
        )
        column.addWidget(self.notice)
        column.addLayout(told)
        column.addWidget(self._none)
        column.addWidget(self.table, 1)
        column.addWidget(flowing(self.sign_button, self.open_button, self.carry_out_button))
        column.addStretch()  # without a table the lines stay at the top

    def _show(self, found: tuple[tuple[OrderState, ...], tuple[Loss, ...]]) -> None:
        self._orders, losses = found
        fill_rows(self.table, [self._texts(state) for state in self._orders])
        self._none.setVisible(not self._orders)
        self.table.setVisible(bool(self._orders))
        self.losses.setText("\n".join(map(loss_text, losses)))
        for part in (self.losses, self.seen_button):
            part.setVisible(bool(losses))
        self._show_buttons()

    def _texts(self, state: OrderState) -> tuple[str, ...]:
        members = self._context.session.members
        return (
            _(KIND.labels[state.order.kind]),
            ", ".join(state.numbers) or _("not on this computer"),
            ", ".join(_(MISSING[name]) for name in state.missing) or "–",
            carried_out_text(state) if self._hears_all else own_text(state),
            format_date(state.day),
            _(BASIS.labels[state.order.basis]),
            ", ".join(member_name(members, member) for member in state.signed),
        )

    def _chosen(self) -> OrderState | None:
        row = self.table.currentRow()
        return self._orders[row] if 0 <= row < len(self._orders) and self.table.selectedItems() else None

    def _show_buttons(self) -> None:
        chosen = self._chosen()
        self.sign_button.setEnabled(chosen is not None and chosen.mine)
        self.open_button.setEnabled(chosen is not None and bool(chosen.numbers))


def own_text(state: OrderState) -> str:
    """Give how far an order is here, for who does not hear of other computers."""
    if not state.in_force:
        return _("waits for signatures")
    return _("done on this computer") if state.done else _("counts, still to be finished here")


def carried_out_text(state: OrderState) -> str:
    """Give how many computers have carried an order out, and what came too late for it."""
    if not state.in_force:
        return _("waits for signatures")
    text = _("{confirmed} of {devices} confirmed").format(confirmed=state.confirmed, devices=state.devices)
    if state.refused:
        late = ngettext("{count} later entry refused", "{count} later entries refused", state.refused)
        text = f"{text}, {late.format(count=state.refused)}"
    return text


def loss_text(loss: Loss) -> str:
    """Give the sentence for what an order took from this computer, or what it let go of."""
    if not loss.order:
        return ngettext(
            "{count} case file that you no longer read went from this computer; others have it.",
            "{count} case files that you no longer read went from this computer; others have them.",
            loss.gone,
        ).format(count=loss.gone)
    text = ngettext(
        "By an order {count} entry went from this computer.",
        "By an order {count} entries went from this computer.",
        loss.gone,
    ).format(count=loss.gone)
    if loss.unsent:
        unsent = ngettext(
            "{count} of them had not been sent yet.", "{count} of them had not been sent yet.", loss.unsent
        )
        text = f"{text} {unsent.format(count=loss.unsent)}"
    return text


def _look(orders: Orders) -> tuple[tuple[OrderState, ...], tuple[Loss, ...]]:
    return orders.overview(), orders.losses()
