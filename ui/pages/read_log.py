"""The read log: asking to open it, agreeing as another keeper, and reading what was asked for."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.i18n import N_, _, ngettext
from app.services.read_log import LogLine, LogOpening
from ui.accessible import announce, button
from ui.context import ScreenContext
from ui.dialogs.confirm import ConfirmDialog
from ui.dialogs.log_opening import LogOpeningDialog
from ui.dialogs.roster_step import RosterStepDialog
from ui.flow_layout import flowing
from ui.labels import heading, paragraph, subheading
from ui.notice import Notice
from ui.pages.page import Page
from ui.pages.read_log_words import line_texts, opening_texts
from ui.tables import fill_rows, reading_table

OPENINGS = (N_("When"), N_("Asked by"), N_("Reason"), N_("Present"), N_("Agreed"))
LINES = (N_("When"), N_("Who"), N_("What"), N_("Case file"))


class ReadLogPage(Page):
    """Openings in a table; what an opening lets see stays until the page is left."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        """Show every opening that was ever asked for."""
        super().__init__(parent)
        self._context = context
        self._openings: tuple[LogOpening, ...] = ()
        self.notice = Notice()
        self.table = reading_table(N_("Openings of the read log"), OPENINGS)
        self.lines = reading_table(N_("Entries of the read log"), LINES)
        self._none = paragraph(_("Nobody has asked to open the log yet."))
        self._lines_title = subheading(_("Entries of the read log"))
        self.ask_button = button(N_("Ask to open …"), self.ask)
        self.agree_button = button(N_("Agree …"), self.agree)
        self.read_button = button(N_("Read"), self.read)
        self.safe_button = button(N_("Read with the key from the safe …"), self.read_with_safe_key)
        self._lay_out()
        self.table.itemSelectionChanged.connect(self._enable)
        self.follow(context.changes)
        self._show_lines(())
        self._enable()
        self.refresh()

    def take_focus(self) -> None:
        """Begin at the openings."""
        (self.table if self._openings else self.ask_button).setFocus()

    def refresh(self) -> None:
        """Ask for the openings anew."""
        log = self._context.workplace.read_log
        self._context.lanes.database(log.openings, self._show, owner=self)

    def ask(self) -> None:
        """Ask why and who is present, then write the opening."""
        dialog = LogOpeningDialog(self)
        dialog.confirmed.connect(self._ask)
        dialog.open()

    def agree(self) -> None:
        """Say what agreeing means, then agree to the chosen opening."""
        chosen = self._chosen()
        if chosen is None:
            return
        text = _(
            "The keeper who asked can then read who opened, printed or saved which case file, up to the "
            "moment of asking. Agree only when the data protection officer and the staff council are present."
        )
        log = self._context.workplace.read_log
        dialog = ConfirmDialog(_("Agree to this opening"), text, N_("Agree"), self)
        dialog.confirmed.connect(
            lambda: self._do(
                lambda: log.agree(chosen.id), _("You have agreed. With the next sync the other keeper reads.")
            )
        )
        dialog.open()

    def read(self) -> None:
        """Show the entries of the chosen opening."""
        self._read("")

    def read_with_safe_key(self) -> None:
        """Ask for the key from the safe, then show the entries."""
        text = _("The key from the safe counts as the second keeper. That it was used is noted for good.")
        dialog = RosterStepDialog(_("Open the read log"), text, N_("Read"), self)
        dialog.accepted.connect(lambda: self._read(dialog.offline))
        dialog.open()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.addWidget(heading(_("Read log")))
        column.addWidget(
            paragraph(
                _(
                    "Who opened, printed or saved which case file is noted and sealed. Two keepers open it "
                    "together, for a stated reason, with the data protection officer and the staff council "
                    "present; each opening stays in this list."
                )
            )
        )
        column.addWidget(self.notice)
        column.addWidget(flowing(self.ask_button, self.agree_button, self.read_button, self.safe_button))
        column.addWidget(self._none)
        column.addWidget(self.table, 1)
        column.addWidget(self._lines_title)
        column.addWidget(self.lines, 2)
        column.addStretch()  # without tables the lines stay at the top

    def _ask(self, reason: str, officer: str, council: str) -> None:
        log = self._context.workplace.read_log
        done = _("The opening is asked for. Now another keeper must agree, on another computer.")
        self._do(lambda: log.ask(reason, officer, council), done)

    def _do(self, step: Callable[[], object], done: str) -> None:
        def told(_answer: object) -> None:
            self.notice.say(done, "saved")
            self.refresh()

        self._context.lanes.database(step, told, self.notice.explain, owner=self)

    def _read(self, offline: str) -> None:
        chosen = self._chosen()
        if chosen is None:
            return
        log = self._context.workplace.read_log
        self._context.lanes.database(
            lambda: log.lines(chosen.id, offline), self._on_lines, self.notice.explain, owner=self
        )

    def _on_lines(self, lines: tuple[LogLine, ...]) -> None:
        self._show_lines(lines)
        text = ngettext("{count} entry.", "{count} entries.", len(lines)).format(count=len(lines))
        self.notice.say(text)
        announce(self, text)
        self.refresh()

    def _chosen(self) -> LogOpening | None:
        row = self.table.currentRow()
        return self._openings[row] if 0 <= row < len(self._openings) else None

    def _enable(self) -> None:
        chosen, me = self._chosen(), self._context.session.me
        mine = chosen is not None and chosen.by == me
        self.agree_button.setEnabled(chosen is not None and not mine and me not in chosen.agreed)
        self.read_button.setEnabled(chosen is not None and mine and bool(chosen.agreed))
        self.safe_button.setEnabled(mine)

    def _show(self, openings: tuple[LogOpening, ...]) -> None:
        row = max(self.table.currentRow(), 0)
        self._openings = openings
        members = self._context.session.members
        fill_rows(self.table, [opening_texts(item, members) for item in openings])
        self.table.setVisible(bool(openings))
        self._none.setVisible(not openings)
        if openings:
            self.table.selectRow(min(row, len(openings) - 1))
        self._enable()

    def _show_lines(self, lines: tuple[LogLine, ...]) -> None:
        members = self._context.session.members
        fill_rows(self.lines, [line_texts(item, members) for item in lines])
        self.lines.setVisible(bool(lines))
        self._lines_title.setVisible(bool(lines))
