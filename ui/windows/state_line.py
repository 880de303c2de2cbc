"""Always in sight, in text and drawing: saved here · 3 waiting · at the relay · with the KI, 14:02."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from app.i18n import N_, _, ngettext
from app.services.ports import Delivery
from ui.accessible import named
from ui.context import ScreenContext
from ui.display import time_text
from ui.icons import icon_label
from ui.rounds import Rounds

Step = tuple[str, str]
"""Name of a drawing, and the text beside it."""


def delivery_steps(delivery: Delivery) -> list[Step]:
    """Give how far own changes have come, step by step; only what there is."""
    steps = [("saved", _("Saved here"))]
    if delivery.waiting:
        waiting = ngettext("{count} waiting", "{count} waiting", delivery.waiting)
        steps.append(("waiting", waiting.format(count=delivery.waiting)))
    if delivery.at_relay:
        at_relay = ngettext("{count} at the relay", "{count} at the relay", delivery.at_relay)
        steps.append(("relay", at_relay.format(count=delivery.at_relay)))
    if delivery.with_ki:
        steps.append(("with_ki", _with_ki(delivery)))
    return steps


def delivery_text(delivery: Delivery) -> str:
    """Give the same in one line."""
    return " · ".join(text for _drawing, text in delivery_steps(delivery))


class StateLine(QFrame):
    """The state of all own changes and of the round under way; a click leads to the sync page."""

    def __init__(self, context: ScreenContext, rounds: Rounds, parent: QWidget | None = None) -> None:
        """Show the present state, and follow it."""
        super().__init__(parent)
        self._context, self._rounds = context, rounds
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(8, 2, 8, 2)
        self._steps = QHBoxLayout()
        self._round = QLabel()
        self._go = named(QToolButton(), N_("Go to the sync page"))
        self._go.setText(_("Details"))
        self._go.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self._go.clicked.connect(lambda _checked=False: context.navigation.sync_requested.emit())
        self._row.addLayout(self._steps)
        self._row.addStretch(1)
        self._row.addWidget(self._round)
        self._row.addWidget(self._go)
        context.changes.records_changed.connect(self._on_news)
        rounds.begun.connect(self._on_round)
        rounds.ended.connect(self._on_news)
        self.refresh()

    @property
    def waiting(self) -> int:
        """Own changes that have not left this computer, as last shown."""
        return self._waiting

    @property
    def text(self) -> str:
        """What it says now."""
        return self._text

    _text = ""
    _waiting = 0

    def refresh(self) -> None:
        """Ask the store how far everything has come."""
        self._on_round()
        store = self._context.session.store
        self._context.lanes.reading(lambda: store.queries.delivery(None), self._show, owner=self)

    def _on_news(self, _what: object) -> None:
        # A slot of the widget, not a lambda: the connection goes with it when the window is built anew.
        self.refresh()

    def _show(self, delivery: Delivery) -> None:
        self._text, self._waiting = delivery_text(delivery), delivery.waiting
        while (item := self._steps.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for drawing, text in delivery_steps(delivery):
            self._steps.addWidget(icon_label(drawing))
            self._steps.addWidget(QLabel(text))
            self._steps.addSpacing(12)
        self.setAccessibleDescription(self._text)

    def _on_round(self) -> None:
        if self._rounds.running:
            self._round.setText(_("Syncing …"))
        elif self._rounds.last_error is not None:
            self._round.setText(_("The last sync did not get through"))
        else:
            self._round.clear()


def _with_ki(delivery: Delivery) -> str:
    if delivery.ki_signed_at_ms is None:
        return _("with the KI")
    return _("with the KI, {time}").format(time=time_text(delivery.ki_signed_at_ms))
