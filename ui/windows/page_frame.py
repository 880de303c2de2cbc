"""The pages of the main window: made when first shown, kept while it makes sense, replaced with care."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget, QWidget

from ui.backup_runs import BackupRuns
from ui.context import ScreenContext
from ui.pages.backups import BackupsPage
from ui.pages.case_file import CaseFilePage
from ui.pages.case_list import CaseListPage
from ui.pages.desk import DeskPage
from ui.pages.handovers import HandoversPage
from ui.pages.members import MembersPage
from ui.pages.new_case import NewCasePage
from ui.pages.orders import OrdersPage
from ui.pages.page import Page
from ui.pages.parcels import ParcelsPage
from ui.pages.read_log import ReadLogPage
from ui.pages.sync_page import SyncPage
from ui.rounds import Rounds
from ui.windows.places import (
    BACKUPS,
    CASE,
    CASES,
    DESK,
    HANDOVERS,
    MEMBERS,
    NEW_CASE,
    ORDERS,
    PARCELS,
    READ_LOG,
    SYNC,
    Place,
)

KEPT = frozenset({CASES})
"""Pages that stay behind others; every other one is made anew, so that it shows what is."""


class PageFrame(QStackedWidget):
    """Shows one page; knows its place."""

    def __init__(
        self, context: ScreenContext, rounds: Rounds, backup_runs: BackupRuns, parent: QWidget | None = None
    ) -> None:
        """Begin with no page."""
        super().__init__(parent)
        self._backup_runs = backup_runs
        self._context, self._rounds = context, rounds
        self._kept: dict[str, Page] = {}
        self._shown = Place()

    @property
    def page(self) -> Page | None:
        """The page that is shown."""
        shown = self.currentWidget()
        return shown if isinstance(shown, Page) else None

    def place(self) -> Place:
        """Where the person is."""
        within = self.page.place() if self.page is not None else ""
        return Place(self._shown.page, self._shown.case, within)

    def go(self, place: Place) -> None:
        """Show the page of `place`; what was typed in the one before is kept as a draft."""
        before, known = self.page, self._kept.get(place.page)
        page = known or self._made(place)
        if before is not None and before is not page:
            before.leave()
        self._shown = place
        if known is None:
            self.addWidget(page)
        self.setCurrentWidget(page)
        if before is not None and before is not page and before not in self._kept.values():
            self.removeWidget(before)
            before.deleteLater()
        if place.within:
            page.return_to(place.within)
        page.take_focus()

    def keep_drafts(self) -> None:
        """Let the page put what was typed into the database lane."""
        if self.page is not None:
            self.page.keep_drafts()

    def _made(self, place: Place) -> Page:
        page = self._build(place)
        if place.page in KEPT:
            self._kept[place.page] = page
        return page

    def _build(self, place: Place) -> Page:
        if place.page == CASE and place.case is not None:
            return CaseFilePage(self._context, place.case)
        if place.page == SYNC:
            return SyncPage(self._context, self._rounds)
        if place.page == HANDOVERS:
            return HandoversPage(self._context)
        if place.page == READ_LOG:
            return ReadLogPage(self._context)
        if place.page == BACKUPS:
            return BackupsPage(self._context, self._backup_runs)
        makers: dict[
            str, type[CaseListPage | NewCasePage | DeskPage | MembersPage | ParcelsPage | OrdersPage]
        ] = {
            CASES: CaseListPage,
            NEW_CASE: NewCasePage,
            DESK: DeskPage,
            MEMBERS: MembersPage,
            PARCELS: ParcelsPage,
            ORDERS: OrdersPage,
        }
        return makers[place.page](self._context)
