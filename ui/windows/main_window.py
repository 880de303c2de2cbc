"""The main window: wires pages, side bar, state line and menus together, and does nothing else."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QEvent, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from app.domain.audience import Role
from app.domain.dots import Dot
from app.i18n import N_, _
from ui.backup_runs import BackupRuns
from ui.context import ScreenContext
from ui.dialog_draft import DialogDraft
from ui.dialogs.shortcut_table import ShortcutTable
from ui.rounds import Rounds
from ui.sizes import resize_to_text
from ui.windows.backup_notice import BackupNotice
from ui.windows.clearance_notice import ClearanceNotice
from ui.windows.menus import Menus
from ui.windows.navigation_bar import Destination, NavigationBar
from ui.windows.order_notice import OrderNotice
from ui.windows.page_frame import PageFrame
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
from ui.windows.state_line import StateLine

CASES_ENTRY = Destination(CASES, N_("Case files"), "cases", "go_cases")
DESK_ENTRY = Destination(DESK, N_("Desk"), "desk", "go_desk")
MEMBERS_ENTRY = Destination(MEMBERS, N_("Members"), "members", "go_members")
HANDOVERS_ENTRY = Destination(HANDOVERS, N_("Handovers"), "handovers", "go_handovers")
ORDERS_ENTRY = Destination(ORDERS, N_("Orders"), "orders", "go_orders")
SYNC_ENTRY = Destination(SYNC, N_("Sync"), "sync", "go_sync")
READ_LOG_ENTRY = Destination(READ_LOG, N_("Read log"), "read_log", "go_read_log")
BACKUPS_ENTRY = Destination(BACKUPS, N_("Backups"), "backups", "go_backups")
PARENTS = {CASE: CASES, NEW_CASE: CASES, PARCELS: SYNC}
"""Pages without a button of their own, and the button that stands for them."""


class MainWindow(QMainWindow):
    """One person's work; `closing` is the wish to end."""

    lock_requested = Signal()
    language_requested = Signal()
    appearance_requested = Signal(str)
    scale_requested = Signal(int)
    closing = Signal()

    def __init__(
        self, context: ScreenContext, rounds: Rounds, backup_runs: BackupRuns, parent: QWidget | None = None
    ) -> None:
        """Show the case files."""
        super().__init__(parent)
        self._context, self._rounds, self._backup_runs = context, rounds, backup_runs
        self._behind: list[Place] = []
        resize_to_text(self, 170, 48)
        self._build(Place())
        navigation = context.navigation
        navigation.case_requested.connect(self._on_case)
        navigation.list_requested.connect(lambda: self.go(Place(CASES)))
        navigation.new_case_requested.connect(lambda: self.go(Place(NEW_CASE)))
        navigation.desk_requested.connect(lambda: self.go(Place(DESK)))
        navigation.sync_requested.connect(lambda: self.go(Place(SYNC)))
        navigation.lock_requested.connect(self.lock_requested)
        navigation.members_requested.connect(lambda: self.go(Place(MEMBERS)))
        navigation.parcels_requested.connect(lambda: self.go(Place(PARCELS)))
        navigation.orders_requested.connect(lambda: self.go(Place(ORDERS)))
        navigation.backups_requested.connect(lambda: self.go(Place(BACKUPS)))
        rounds.ended.connect(self._on_round_ended)

    @property
    def opens_case_files(self) -> bool:
        """Whether a new case file may be begun here."""
        return self._context.opens_case_files

    def place(self) -> Place:
        """Where the person is."""
        return self.frame.place()

    def go(self, place: Place) -> None:
        """Show a page; the one before is remembered."""
        before = self.place()
        if (before.page, before.case) != (place.page, place.case) and before.page != NEW_CASE:
            self._behind.append(before)
        self._show(place)

    def back(self) -> None:
        """Show the page before."""
        self._show(self._behind.pop() if self._behind else Place(CASES))

    def keep_drafts(self) -> None:
        """Let the page put what was typed into the database lane."""
        self.frame.keep_drafts()
        for draft in self.findChildren(DialogDraft):
            draft.stay()

    def rebuild(self) -> None:
        """Make everything anew in the language of the moment, at the same place, with what was typed."""
        place = self.place()
        self.keep_drafts()
        self._context.lanes.database(lambda: None, lambda _answer: self._build(place), owner=self)

    def show_shortcuts(self) -> None:
        """Show the table of shortcuts."""
        ShortcutTable(self).open()

    def state_text(self) -> str:
        """Give size and position in text, to be kept with the settings."""
        return bytes(self.saveGeometry().toBase64().data()).decode()

    def restore_state(self, text: str) -> None:
        """Take the size and position of last time."""
        self.restoreGeometry(QByteArray.fromBase64(QByteArray(text.encode())))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell of the wish; the window goes when all is put away."""
        event.ignore()
        self.closing.emit()

    def changeEvent(self, event: QEvent) -> None:
        """Draw the icons anew when the colours change."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "side"):
            self.side.refresh_icons()
            self.state_line.refresh()

    def _build(self, place: Place) -> None:
        self._held_back = self._waits_for_orders
        self.setWindowTitle(_("KIM mobil"))
        self.side = NavigationBar(self._destinations())
        self.frame = PageFrame(self._context, self._rounds, self._backup_runs)
        self.backup_notice = BackupNotice(self._context, self._backup_runs)
        self.order_notice = OrderNotice(self._context, self._rounds)
        self.clearance_notice = ClearanceNotice(self._context, self._rounds, self.lock_requested.emit)
        self.state_line = StateLine(self._context, self._rounds)
        self.side.page_requested.connect(lambda name: self.go(Place(name)))
        middle = QHBoxLayout()
        middle.addWidget(self.side)
        middle.addWidget(self.frame, 1)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(6, 6, 6, 0)
        column.addWidget(self.backup_notice)
        column.addWidget(self.order_notice)
        column.addWidget(self.clearance_notice)
        column.addLayout(middle, 1)
        column.addWidget(self.state_line)
        self.setCentralWidget(whole)
        Menus(self, self._rounds, self._destinations()).fill(self.menuBar())
        self._show(place)

    def _show(self, place: Place) -> None:
        if self._waits_for_orders:
            place = Place(SYNC)
        self.frame.go(place)
        self.order_notice.stand_back(place.page == ORDERS)
        self.side.show_current(PARENTS.get(place.page, place.page))

    @property
    def _waits_for_orders(self) -> bool:
        """Whether a restored copy shows nothing but syncing yet (sync.md, *Orders*)."""
        found = self._context.workplace.backups.restored
        return found is not None and not found.orders_taken

    def _on_round_ended(self, _report: object) -> None:
        if self._held_back != self._waits_for_orders:
            self.rebuild()

    def _on_case(self, case: Dot) -> None:
        self.go(Place(CASE, case))

    def _destinations(self) -> list[Destination]:
        if self._waits_for_orders:
            return [SYNC_ENTRY]
        me = self._context.session.members.member(self._context.session.me)
        entries = [CASES_ENTRY]
        if me is not None and me.role is Role.SUPERVISOR:
            entries.append(DESK_ENTRY)
        if me is not None and me.role in (Role.SUPERVISOR, Role.CASE_MANAGER):
            entries.append(HANDOVERS_ENTRY)
        entries.append(ORDERS_ENTRY)
        entries.append(MEMBERS_ENTRY)
        if self._context.workplace.is_keeper:
            entries.append(READ_LOG_ENTRY)
        return [*entries, SYNC_ENTRY, BACKUPS_ENTRY]
