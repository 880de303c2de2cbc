"""What changed in the list of members, version by version; and two lists in dispute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QVBoxLayout, QWidget

from app.i18n import N_, _, ngettext
from ui.accessible import button, named
from ui.dialogs.roster_step import RosterStepDialog
from ui.labels import paragraph, subheading
from ui.pages.member_parts.roster_text import news_text
from ui.pages.member_parts.steps import Steps
from ui.tables import let_sentences_breathe

if TYPE_CHECKING:
    from sync.workplace import RosterNews


class NewsPart(QWidget):
    """The newest first; what nobody here has looked at is marked by words, not by colour alone."""

    def __init__(self, steps: Steps, keeper: bool, parent: QWidget | None = None) -> None:
        """Begin empty."""
        super().__init__(parent)
        self._steps, self._keeper = steps, keeper
        self.unread = paragraph("")
        self.seen_button = button(N_("I have read it"), self._mark_read)
        self.list = named(QListWidget(), N_("Changes of the list of members"))
        let_sentences_breathe(self.list)
        self._alarm = subheading(_("Two lists of members bear the same version"))
        told = _(
            "Neither counts until the keepers end it. Whoever one of them suspends stays suspended meanwhile."
        )
        self._told = paragraph(told)
        self.disputed = named(QListWidget(), N_("Lists in dispute"))
        let_sentences_breathe(self.disputed)
        self.keep_button = button(N_("Keep the chosen list …"), self.keep)
        row = QHBoxLayout()
        row.addWidget(self.unread, 1)
        row.addWidget(self.seen_button)
        column = QVBoxLayout(self)
        for part in (self._alarm, self._told, self.disputed):
            column.addWidget(part)
        column.addWidget(self.keep_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(row)
        column.addWidget(self.list, 3)

    def show_news(self, news: tuple[RosterNews, ...], unread: int, disputed: tuple[RosterNews, ...]) -> None:
        """Show these; `unread` of them are new here."""
        self.list.clear()
        new = _("New: {text}")
        self.list.addItems(
            [
                new.format(text=news_text(item)) if at < unread else news_text(item)
                for at, item in enumerate(news)
            ]
        )
        told = ngettext("{count} change that is new here", "{count} changes that are new here", unread)
        self.unread.setText(told.format(count=unread))
        self.unread.setVisible(unread > 0)
        self.seen_button.setVisible(unread > 0)
        self.disputed.clear()
        self.disputed.addItems([news_text(item) for item in disputed])
        for part in (self._alarm, self._told, self.disputed):
            part.setVisible(bool(disputed))
        self.keep_button.setVisible(bool(disputed) and self._keeper)
        if disputed:
            self.disputed.setCurrentRow(0)

    def keep(self) -> None:
        """End the dispute for the chosen list."""
        row = self.disputed.currentRow()
        if row < 0:
            return
        text = _(
            "The chosen list counts from now on, the other never."
            " A second keeper or the key from the safe signs too."
        )
        dialog = RosterStepDialog(_("End the dispute"), text, N_("Keep this list"), self)
        dialog.accepted.connect(
            lambda: self._steps.take(lambda keepers: keepers.end_fork(dialog.offline, row))
        )
        dialog.open()

    def _mark_read(self) -> None:
        self._steps.take(lambda keepers: keepers.mark_read(), _("Noted."))
