"""The store as the sync engine sees it: one transaction over records, keys and mailbox."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import TracebackType

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
    """A transaction's parts: records, keys, the way out, the way in, and the rounds' memory."""

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
        self._post: SqlPost | None = None
        self._transaction = _Transaction(store.unit_of_work(), self)
        self._looking = _Transaction(store.looking(), self)

    @property
    def device(self) -> int:
        """Roster index of the device that this store belongs to."""
        return self._store.device

    @property
    def session(self) -> int:
        """The session of this unlock, under which changes are named."""
        return self._store.session

    @property
    def mark(self) -> int:
        """Counts up with every row that is written, but for how far the rounds are."""
        return self._store.mark

    @property
    def works(self) -> int:
        """Counts up with all from which work for a round may follow, but for traffic."""
        return self._store.works

    def transaction(self) -> AbstractContextManager[SqlPost]:
        """Begin a transaction: all of it is kept at the end of the block, or nothing."""
        return self._transaction

    def looking(self) -> AbstractContextManager[SqlPost]:
        """Look without a transaction: nothing may be written in the block."""
        return self._looking

    def post_of(self, work: StoreUnitOfWork) -> SqlPost:
        """Give the parts of a transaction; the store has one unit of work, so they are made once."""
        if self._post is None or self._post.records is not work:
            self._post = _post(work)
        return self._post

    def scrub(self) -> None:
        """Take what was deleted out of index and log, so that no page holds it any more."""
        self._store.scrub()

    def flush_log(self) -> bool:
        """Bring the write-ahead log home and empty it; tells whether it could be, with nobody reading."""
        return self._store.flush_log()

    def new_session(self, session: int) -> None:
        """Go on under another session number, because a place of this one was found taken."""
        self._store.new_session(session)


class _Transaction:
    """A store's transaction, or a look into it, seen as the engine sees it."""

    def __init__(self, begun: AbstractContextManager[StoreUnitOfWork], office: SqlPostOffice) -> None:
        self._begun = begun
        self._office = office

    def __enter__(self) -> SqlPost:
        return self._office.post_of(self._begun.__enter__())

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._begun.__exit__(kind, error, trace)


def _post(work: StoreUnitOfWork) -> SqlPost:
    connection = work.connection
    return SqlPost(
        work,
        SqlKeyring(connection, work.log.kept),
        SqlMailboxOut(connection, work.keys, work.log),
        SqlMailboxIn(connection, work.log),
        SqlMailboxRounds(connection, work.states, work.log.kept),
        SqlAsking(connection, work.log),
        SqlFolder(connection),
        SqlReadLog(connection, work.log.kept),
        work.orders,
        SqlHandovers(connection, work.log),
        SqlMoving(work),
    )
