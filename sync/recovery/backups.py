"""A workplace's backups: made daily and before upgrades, thinned, and made anew after an erasure."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Final

from app.domain.audience import Role
from app.domain.errors import KimError
from app.services.backups import (
    FOLDER,
    GENERATION,
    BackupEntry,
    BackupPlaces,
    BackupStatus,
    Cancelled,
    Debt,
    Progress,
    Told,
    is_due,
    is_overdue,
    surplus,
)
from app.services.ports import UnitOfWork
from app.services.restored import (
    Restored,
    agree,
    note_orders_taken,
    note_restored,
    refuse_unagreed,
    restored,
)
from sync.engine import Engine
from sync.ports import Post
from sync.removal.order_book import OrderBook
from sync.roster import DeviceState
from sync.taking.asking import state_wanted, want_state

__all__ = ["Backups", "NoBackupFolderError"]

ORDERS_ENDING: Final = ".orders"
RESTORED: Final = "restored"
"""Why the state of everything is wanted after a restore."""
_LAST: Final = "backup_last_ms"
_WATCHED: Final = "backup_watched_ms"
_DEBTS: Final = "backup_debts"
_PLACES: Final = "backup_places"


class NoBackupFolderError(KimError):
    """No folder for backups was chosen yet."""

    error_id = "backup_folder_unset"


class Backups:
    """The backups of one open store; what makes or reads files may block, so call it in a lane."""

    def __init__(self, engine: Engine, places: BackupPlaces, local: Path) -> None:
        """`local`: a folder beside the store, used before an upgrade when no other can be reached."""
        self._engine = engine
        self._places = places
        self._local = local
        self._making = Lock()
        with engine.office.transaction() as post:
            self._restored = restored(post.records)

    @property
    def restored(self) -> Restored | None:
        """Tell whether this store was brought back from a backup and something is still to be done."""
        return self._restored

    def agree(self) -> None:
        """Note that a person wants this copy to go on in the place of the one that was lost."""
        with self._engine.office.transaction() as post:
            agree(post.records)
            if self._is_alone():
                note_orders_taken(post.records)
            self._restored = restored(post.records)
        self._places.strip_put_aside()

    def _is_alone(self) -> bool:
        """Whether no other device could have given an order since."""
        others = (item for item in self._engine.roster.devices if item.index != self._engine.index)
        return all(item.state is not DeviceState.ACTIVE for item in others)

    def begin_anew(self, made_ms: int) -> None:
        """Note that this store was just brought back from a backup, and ask everybody for what is lacking."""
        with self._engine.office.transaction() as post:
            note_restored(post.records, self._engine.now_ms(), made_ms)
            want_state(post, RESTORED)
            self._restored = restored(post.records)

    def note_orders_taken(self) -> None:
        """After a round or an exchange: note whether a copy restored or set back has the orders given since.

        A backup holds no keys: its first round only asks, and the orders come with what others answer.
        """
        with self._engine.office.looking() as post:
            self._restored = restored(post.records)
            heard = self._restored is not None and self._has_heard(post)
        if heard:
            with self._engine.office.transaction() as post:
                note_orders_taken(post.records)
                self._restored = restored(post.records)

    def _has_heard(self, post: Post) -> bool:
        """Tell whether a supervisor's computer told all that it holds; anybody's, where there is none."""
        roster, tellers = self._engine.roster, post.asking.tellers()
        others = [item for item in roster.devices if item.state is DeviceState.ACTIVE]
        members = {
            item.index: roster.member(item.member) for item in others if item.index != self._engine.index
        }
        leading = {index for index, member in members.items() if member and member.role is Role.SUPERVISOR}
        return state_wanted(post) is None or bool(tellers & (leading or members.keys()))

    def status(self) -> BackupStatus:
        """Tell how backups stand; looks whether the folder is there."""
        now = self._engine.now_ms()
        with self._engine.office.transaction() as post:
            work = post.records
            folder, last = work.setting(FOLDER) or "", _number(work, _LAST)
            since = last if last is not None else _number(work, _WATCHED)
            if since is None:
                work.put_setting(_WATCHED, str(now))
            debts = _debts(work)
        reachable = bool(folder) and self._places.is_there(Path(folder))
        overdue = since is not None and is_overdue(since, now)
        return BackupStatus(folder, reachable, last, overdue, debts)

    def set_folder(self, folder: Path) -> None:
        """Choose where backups go from now on; raises BackupFolderMissingError through the next `make`."""
        with self._engine.office.transaction() as post:
            post.records.put_setting(FOLDER, str(folder))

    def entries(self) -> tuple[BackupEntry, ...]:
        """Give what lies in the folder, newest first.

        Raises NoBackupFolderError, BackupFolderMissingError.
        """
        return self._places.entries(self._folder())

    def make(self, progress: Progress, cancelled: Cancelled) -> BackupEntry:
        """Make a backup now and read it back, then let go of older ones by their age.

        Raises NoBackupFolderError, BackupFolderMissingError, BackupNotWrittenError, BackupStoppedError,
        DiskFullError, DatabaseDamagedError; older backups stay then.
        """
        with self._making:
            return self._make(self._folder(), Told(progress, cancelled))

    def check(self, progress: Progress, cancelled: Cancelled) -> tuple[BackupEntry, ...]:
        """Read every backup in the folder from beginning to end; gives what each is, newest first.

        Raises NoBackupFolderError, BackupFolderMissingError, BackupStoppedError.
        """
        told = Told(progress, cancelled)
        return tuple(self._places.check(entry, told) for entry in self.entries())

    def make_if_due(self, progress: Progress, cancelled: Cancelled) -> BackupEntry | None:
        """Make the backup of the day when there is none yet and its folder is there; raises as `make`."""
        self._places.drop_put_aside(self._engine.now_ms())
        if self._restored is None or self._restored.agreed:
            self._places.strip_put_aside()
        with self._engine.office.transaction() as post:
            due = is_due(_number(post.records, _LAST), self._engine.now_ms()) or bool(_debts(post.records))
        status = self.status()
        return self.make(progress, cancelled) if due and status.reachable else None

    def remake(self) -> tuple[Debt, ...]:
        """Make a new backup and delete the older ones, because something was erased; gives what is owed.

        What cannot be reached or written now stays owed, over restarts, and is settled by the next backup
        there; nothing is raised for it. A store that a restore put aside here holds what was erased, too, and
        goes: BackupNotWrittenError where it cannot, NotAgreedError while a person may still want it back.
        """
        with self._engine.office.transaction() as post:
            refuse_unagreed(post.records)
        self._places.drop_put_aside(None)
        with self._engine.office.transaction() as post:
            _owe(post.records, self._local)
            folder = post.records.setting(FOLDER) or ""
        with suppress(KimError):
            if folder and self._places.is_there(Path(folder)):
                self.make(lambda _done, _total: None, lambda: False)
        with self._making, suppress(KimError):
            self._settle()
        return self.status().debts

    def _make(self, folder: Path, told: Told) -> BackupEntry:
        now = self._engine.now_ms()
        with self._engine.office.transaction() as post:
            generation = _number(post.records, GENERATION) or 0
        entry = self._places.make(folder, now, generation, told)
        with self._engine.office.transaction() as post:
            orders = OrderBook(self._engine).signed_list(post)
        self._places.put_beside(folder, ORDERS_ENDING, orders)
        with self._engine.office.transaction() as post:
            post.records.put_setting(_LAST, str(now))
            known = _places(post.records)
            if str(folder) not in known:
                post.records.put_setting(_PLACES, json.dumps([*known, str(folder)]))
        self._settle()
        for place in (folder, self._local):
            if self._places.is_there(place):
                for old in surplus(self._places.entries(place), now):
                    if old.path != entry.path:  # a clock that was set back makes the newest look older
                        self._places.remove(old)
        return entry

    def _settle(self) -> None:
        """Delete, where it can be reached, what was made before the latest erasure."""
        with self._engine.office.transaction() as post:
            debts, folder = _debts(post.records), post.records.setting(FOLDER) or ""
        left = tuple(debt for debt in debts if not self._settled(debt, folder))
        if left != debts:
            with self._engine.office.transaction() as post:
                _put_debts(post.records, left)

    def _settled(self, debt: Debt, folder: str) -> bool:
        place = Path(debt.place)
        if not self._places.is_there(place):
            return place == self._local
        own = [entry for entry in self._places.entries(place) if entry.own]
        old = [entry for entry in own if entry.generation < debt.generation]
        if debt.place == folder and len(old) == len(own):
            return not own  # never the last copy: the new one comes first
        for entry in old:
            self._places.remove(entry)
        return True

    def _folder(self) -> Path:
        with self._engine.office.transaction() as post:
            folder = post.records.setting(FOLDER) or ""
        if not folder:
            raise NoBackupFolderError
        return Path(folder)


def _number(work: UnitOfWork, key: str) -> int | None:
    stored = work.setting(key)
    return None if stored is None else int(stored)


def _places(work: UnitOfWork) -> list[str]:
    return [str(place) for place in json.loads(work.setting(_PLACES) or "[]")]


def _debts(work: UnitOfWork) -> tuple[Debt, ...]:
    return tuple(Debt(place, number) for place, number in json.loads(work.setting(_DEBTS) or "[]"))


def _owe(work: UnitOfWork, local: Path) -> None:
    """Begin a new generation: everything that was made before is to go, wherever it lies."""
    generation = (_number(work, GENERATION) or 0) + 1
    work.put_setting(GENERATION, str(generation))
    # A backup was copied before its own place was noted: a store made of it knows the folder alone.
    places = sorted({*_places(work), work.setting(FOLDER) or str(local), str(local)})
    _put_debts(work, tuple(Debt(place, generation) for place in places))


def _put_debts(work: UnitOfWork, debts: tuple[Debt, ...]) -> None:
    work.put_setting(_DEBTS, json.dumps([[debt.place, debt.generation] for debt in debts]))
