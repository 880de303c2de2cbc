"""Sync in words: what waits, what went, what is missing, what was set aside and why, the last syncs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QVBoxLayout,
    QWidget,
)

from app.i18n import N_, _, format_number, ngettext
from app.services.mailbox import RoundReport
from ui.accessible import announce, button, named
from ui.context import ScreenContext
from ui.display import moment_text
from ui.labels import heading, paragraph, subheading
from ui.pages.folder_panel import FolderPanel
from ui.pages.page import Page
from ui.pages.restored_panel import RestoredPanel
from ui.pages.roster_panel import RosterPanel
from ui.pages.sync_words import (
    copied_text,
    gap_text,
    last_round_text,
    other_self_text,
    parcel_text,
    states_text,
    too_large_text,
    wanted_text,
)
from ui.rounds import Rounds
from ui.tables import fill_rows, let_sentences_breathe, reading_table
from ui.widgets.run_row import RunRow
from ui.windows.state_line import delivery_text

if TYPE_CHECKING:
    from sync.workplace import SyncStatus

COLUMNS = (N_("When"), N_("Parcels sent"), N_("Parcels received"), N_("Bytes sent"), N_("Bytes received"))


class SyncPage(Page):
    """Follows the rounds; the button begins one, another stops it."""

    def __init__(self, context: ScreenContext, rounds: Rounds, parent: QWidget | None = None) -> None:
        """Show the present status."""
        super().__init__(parent)
        self._context, self._rounds = context, rounds
        self.state, self.last = paragraph(""), paragraph("")
        self.run_row = RunRow(rounds, N_("Sync now"), N_("Stop"))
        self.folder = FolderPanel(context)
        self.roster = RosterPanel(context)
        self.parcels_button = button(N_("Look at each …"), context.navigation.parcels_requested.emit)
        self.aside = named(QListWidget(), N_("Missing or set aside"))
        let_sentences_breathe(self.aside)
        self._nothing_aside = paragraph(_("Nothing is missing, and nothing was set aside."))
        self.rounds_table = reading_table(N_("The last syncs"), COLUMNS)
        self.rounds_table.horizontalHeader().setStretchLastSection(False)
        self._lay_out()
        self.folder.exchanged.connect(self._on_exchanged)
        rounds.ended.connect(self._on_ended)
        self.follow(context.changes)
        self.refresh()

    def refresh(self) -> None:
        """Ask for the status anew."""
        place = self._context.workplace
        self._context.lanes.database(place.status, self._show, owner=self)
        self.roster.refresh()

    def take_focus(self) -> None:
        """Begin at the button."""
        self.run_row.take_focus()

    def keep_drafts(self) -> None:
        """Stop an exchange with a folder: who left or locked the page cannot be told what came of it."""
        self.folder.stop()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.addWidget(heading(_("Sync")))
        column.addWidget(RestoredPanel(self._context, self._rounds))
        column.addWidget(self.roster)
        column.addWidget(self.state)
        column.addWidget(self.last)
        column.addSpacing(8)
        column.addWidget(self.run_row)
        column.addSpacing(8)
        column.addWidget(self.folder)
        column.addSpacing(8)
        aside = QHBoxLayout()
        aside.addWidget(subheading(_("Missing or set aside")), 1)
        aside.addWidget(self.parcels_button)
        column.addLayout(aside)
        column.addWidget(self._nothing_aside)
        column.addWidget(self.aside, 1)
        column.addWidget(subheading(_("The last syncs")))
        column.addWidget(self.rounds_table, 2)

    def _show(self, status: SyncStatus) -> None:
        self.state.setText(delivery_text(status.delivery))
        last = status.last_round
        told = [states_text(last)] if last is not None and last.states else []
        self.last.setText(" ".join([last_round_text(status), *told]))
        members = self._context.session.members
        lines = [copied_text(copied, members) for copied in status.copied]
        lines += [other_self_text(since) for since in (status.other_self_ms,) if since is not None]
        lines += [wanted_text(status.wanted)] if status.wanted else []
        lines += [too_large_text(status.too_large)] if status.too_large else []
        lines += [gap_text(gap, members) for gap in status.gaps]
        lines += [parcel_text(parcel, members) for parcel in status.parcels]
        self.aside.clear()
        self.aside.addItems(lines)
        self.aside.setVisible(bool(lines))
        self._nothing_aside.setVisible(not lines)
        self.parcels_button.setVisible(bool(status.parcels))
        self._show_rounds(status.rounds)

    def _show_rounds(self, reports: tuple[RoundReport, ...]) -> None:
        fill_rows(self.rounds_table, list(map(_round_texts, reports)), range(1, len(COLUMNS)))

    def _on_ended(self, report: RoundReport | None) -> None:
        self.refresh()
        if report is not None:
            announce(self, _round_text(report))

    def _on_exchanged(self) -> None:
        """Tell all who show how far things have come: an exchange with a folder moved it as a round does."""
        if not self._rounds.running:
            self._rounds.ended.emit(None)


def _round_texts(report: RoundReport) -> tuple[str, ...]:
    numbers = (report.envelopes_up, report.envelopes_down, report.bytes_up, report.bytes_down)
    return moment_text(report.started_ms), *map(format_number, numbers)


def _round_text(report: RoundReport) -> str:
    up = ngettext("{count} parcel sent", "{count} parcels sent", report.envelopes_up)
    down = ngettext("{count} received", "{count} received", report.envelopes_down)
    return f"{up.format(count=report.envelopes_up)}, {down.format(count=report.envelopes_down)}"
