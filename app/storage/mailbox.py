"""The store as the sync engine sees it: one transaction over records, keys and mailbox."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from app.storage.asking import SqlAsking
from app.storage.folder import SqlFolder
from app.storage.handovers import SqlHandovers
from app.storage.keyring import SqlKeyring
from app.storage.mailbox_in import SqlMailboxIn
from app.storage.mailbox_out import SqlMailboxOut
from app.storage.mailbox_rounds import SqlMailboxRounds
from app.storage.moving import SqlMoving
from app.storage.orders import SqlOrders
from app.storage.read_log import SqlReadLog
from app.storage.store import SqlStore
from app.storage.unit_of_work import StoreUnitOfWork


@dataclass(frozen=True)
class SqlPost:
    """One transaction's parts: records, keys, the way out, the way in, and the rounds' memory."""

    records: StoreUnitOfWork
    keys: SqlKeyring
    out: SqlMailboxOut
    into: SqlMailboxIn
    rounds: SqlMailboxRounds
    asking: SqlAsking
    folder: SqlFolder
    read_log: SqlReadLog
    orders: SqlOrders
    handovers: SqlHandovers
    moving: SqlMoving


class SqlPostOffice:
    """Opens transactions of one store for the sync engine."""

    def __init__(self, store: SqlStore) -> None:
        """Work over `store`."""
        self._store = store

    @property
    def device(self) -> int:
        """Roster index of the device that this store belongs to."""
        return self._store.device

    @property
    def session(self) -> int:
        """The session of this unlock, under which changes are named."""
        return self._store.session

    @contextmanager
    def transaction(self) -> Iterator[SqlPost]:
        """Begin a transaction: all of it is kept at the end of the block, or nothing."""
        with self._store.unit_of_work() as work:
            connection = work.connection
            yield SqlPost(
                work,
                SqlKeyring(connection),
                SqlMailboxOut(connection, work.keys, work.log),
                SqlMailboxIn(connection, work.keys),
                SqlMailboxRounds(connection),
                SqlAsking(connection, work.log),
                SqlFolder(connection),
                SqlReadLog(connection),
                work.orders,
                SqlHandovers(connection, work.keys),
                SqlMoving(work),
            )

    def scrub(self) -> None:
        """Take what was deleted out of index and log, so that no page holds it any more."""
        self._store.scrub()

    def flush_log(self) -> bool:
        """Bring the write-ahead log home and empty it; tells whether it could be, with nobody reading."""
        return self._store.flush_log()

    def new_session(self, session: int) -> None:
        """Go on under another session number, because a place of this one was found taken."""
        self._store.new_session(session)
