"""What every page is given: the workplace, the lanes, and the two signal boards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.domain.audience import Role
from app.domain.dots import Dot
from app.domain.records import Record
from app.services.ports import Session
from ui.tasks import Lanes

if TYPE_CHECKING:
    from sync.workplace import Workplace


class Changes(QObject):
    """Tells the pages what moved, so that each refreshes only what it shows."""

    records_changed = Signal(object)
    """frozenset of (record type, record id, case id or None)."""

    def note_saved(self, *records: Record) -> None:
        """Tell of records that this window just saved."""
        moved = frozenset(
            (item.type, item.id, item.id if item.type == "CaseFile" else item.case)
            for item in records
            if item.id
        )
        self.records_changed.emit(moved)


class Navigation(QObject):
    """Wishes of pages to go elsewhere; the main window fulfils them."""

    case_requested = Signal(object)
    """Open the case file with this id (Dot)."""
    list_requested = Signal()
    new_case_requested = Signal()
    desk_requested = Signal()
    sync_requested = Signal()
    members_requested = Signal()
    parcels_requested = Signal()
    lock_requested = Signal()
    backups_requested = Signal()
    orders_requested = Signal()


@dataclass
class ScreenContext:
    """Everything a page may use; made anew at each unlock."""

    workplace: Workplace
    lanes: Lanes
    changes: Changes
    navigation: Navigation

    @property
    def opens_case_files(self) -> bool:
        """Whether the person is a case manager: nobody else begins case files."""
        me = self.session.members.member(self.session.me)
        return me is not None and me.role is Role.CASE_MANAGER

    def note_read(self, case: Dot, act: str) -> None:
        """Write into the log of reads, prints and exports; nobody waits for it."""
        log = self.workplace.read_log
        self.lanes.database(lambda: log.note(case, act), lambda _noted: None, owner=self.changes)

    @property
    def session(self) -> Session:
        """The unlocked store with the member who works in it."""
        return self.workplace.session
