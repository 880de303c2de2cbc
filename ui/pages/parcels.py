"""What was set aside, one by one: what happened, what is safe, what to do; read again, or release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.error_messages import explain_reason
from app.i18n import N_, _, ngettext
from ui.accessible import button, only_if
from ui.context import ScreenContext
from ui.dialogs.reason import ReasonDialog
from ui.display import member_name, moment_text
from ui.flow_layout import flowing
from ui.labels import heading, paragraph, subheading
from ui.notice import Notice
from ui.pages.page import Page
from ui.tables import fill_rows, reading_table

if TYPE_CHECKING:
    from sync.taking.reading import Tally
    from sync.workplace import Parcel, SyncStatus

COLUMNS = (N_("What"), N_("State"), N_("From whom"), N_("Since"))
KINDS = {
    "envelope": N_("Parcel of entries"),
    "grant": N_("Key for parcels"),
    "ack": N_("Receipt"),
    "prekey": N_("Public key"),
    "roster": N_("List of members"),
    "purge": N_("Note that parcels are void"),
    "ask": N_("Question for entries"),
}
STATES = {"held": N_("waits"), "quarantined": N_("refused")}


class ParcelsPage(Page):
    """A table, and below it the words for the chosen row."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        """Show what is set aside now."""
        super().__init__(parent)
        self._context = context
        self._parcels: tuple[Parcel, ...] = ()
        self.notice = Notice()
        self.table = reading_table(N_("Set aside"), COLUMNS)
        self._none = paragraph(_("Nothing was set aside."))
        self.what, self.safe, self.todo = subheading(""), paragraph(""), paragraph("")
        self.what.setWordWrap(True)
        self.again_button = button(N_("Read all again"), self.read_again)
        self.release_button = button(N_("Release …"), self.release)
        only_if(context.workplace.is_keeper, self.release_button)
        self._lay_out()
        self.table.itemSelectionChanged.connect(self._show_chosen)
        self.follow(context.changes)
        self.refresh()

    def take_focus(self) -> None:
        """Begin at the table."""
        self.table.setFocus()

    def refresh(self) -> None:
        """Ask for what is set aside anew."""
        self._context.lanes.database(self._context.workplace.status, self._show, owner=self)

    def read_again(self) -> None:
        """Read everything set aside once more."""
        keepers = self._context.workplace.keepers
        self._context.lanes.database(keepers.read_again, self._on_read, self.notice.explain, owner=self)

    def release(self) -> None:
        """Let the chosen parcel through, with a reason that everybody reads."""
        chosen = self._chosen()
        if chosen is None:
            return
        told = _(
            "It was rightly signed, and set aside only because of who sent it. What is in it then counts for"
            " everybody who has it. Your name and the reason are noted for all."
        )
        keepers = self._context.workplace.keepers
        dialog = ReasonDialog(_("Release a parcel"), told, N_("Release it"), parent=self)
        dialog.confirmed.connect(
            lambda reason: self._context.lanes.database(
                lambda: keepers.release(chosen.digest, reason),
                self._on_read,
                self.notice.explain,
                owner=self,
            )
        )
        dialog.open()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.addWidget(heading(_("Set aside")))
        column.addWidget(
            paragraph(
                _(
                    "What came and could not be taken. It hinders nothing else, and is read again by itself"
                    " whenever something new is here."
                )
            )
        )
        for part in (self.notice, self._none, self.table, self.what, self.safe, self.todo):
            column.addWidget(part)
        column.addWidget(flowing(self.again_button, self.release_button))
        column.addStretch(0)
        column.setStretchFactor(self.table, 1)

    def _show(self, status: SyncStatus) -> None:
        self._parcels = status.parcels
        fill_rows(self.table, [self._texts(parcel) for parcel in self._parcels])
        self._none.setVisible(not self._parcels)
        self.table.setVisible(bool(self._parcels))
        self.again_button.setEnabled(bool(self._parcels))
        if self._parcels and self.table.currentRow() < 0:
            self.table.selectRow(0)
        self._show_chosen()

    def _texts(self, parcel: Parcel) -> tuple[str, ...]:
        sender = member_name(self._context.session.members, parcel.sender) or _("an unknown computer")
        kind, state = KINDS.get(parcel.kind), STATES.get(parcel.state)
        return (
            _(kind) if kind else parcel.kind,
            _(state) if state else parcel.state,
            sender,
            moment_text(parcel.at_ms),
        )

    def _show_chosen(self) -> None:
        chosen = self._chosen()
        self.release_button.setEnabled(chosen is not None and chosen.may_be_released)
        for part in (self.what, self.safe, self.todo):
            part.setVisible(chosen is not None)
        if chosen is not None:
            told = explain_reason(chosen.reason)
            for part, text in ((self.what, told.what), (self.safe, told.safe), (self.todo, told.todo)):
                part.setText(text)

    def _chosen(self) -> Parcel | None:
        row = self.table.currentRow()
        return self._parcels[row] if 0 <= row < len(self._parcels) else None

    def _on_read(self, tally: Tally) -> None:
        taken = tally.applied
        text = ngettext("{count} parcel could be taken now.", "{count} parcels could be taken now.", taken)
        self.notice.say(text.format(count=taken), "saved" if taken else "information")
        if tally.changed:
            self._context.changes.records_changed.emit(tally.changed)
        self.refresh()
