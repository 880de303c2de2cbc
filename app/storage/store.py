"""One person's encrypted store: a writing connection, a reading one, and this session's names."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import RLock, local

from app.domain.declarations import REGISTRY
from app.services.ports import Clock, Entropy
from app.storage.connection import (
    Connection,
    DatabaseError,
    integrity_check,
    open_reader,
    open_writer,
    raise_explained,
    translating_errors,
)
from app.storage.errors import StoreBusyError
from app.storage.kept import KeptByReader
from app.storage.keys import Keys
from app.storage.migrate import migrate
from app.storage.queries import StoreQueries
from app.storage.record_reader import Reader
from app.storage.search_index import SearchIndex
from app.storage.stamps import Stamps
from app.storage.unit_of_work import StoreUnitOfWork

_SESSION_BYTES = 8
_HLC_SETTING = "hlc"
_ROWS_SETTING = "rows"
_ROWS = 2
"""Raised when a program makes other rows of the same changes: they are made anew at the next opening."""


@dataclass(frozen=True)
class Worker:
    """Who writes in this store: device id, member id, and whether sensitive registers are theirs to read."""

    device: int
    member: int
    cleared: bool


class SqlStore:
    """Implements `app.services.ports.Store`: one writer, and a reading connection for each thread."""

    def __init__(
        self,
        writer: Connection,
        open_reading: Callable[[], Connection],
        worker: Worker,
        clock: Clock,
        entropy: Entropy,
    ) -> None:
        """Use `open_store` instead: it asserts, migrates and begins a session first."""
        self._writer = writer
        self._open_reading = open_reading
        self._readers: list[tuple[Connection, KeptByReader]] = []
        self._of_thread = local()
        self.rights = Reader(worker.member, worker.cleared)
        self._lock = RLock()
        self._within = 0
        self._transaction = _Transaction(self)
        self._looking = _Looking(self)
        self.session = int.from_bytes(entropy.bytes(_SESSION_BYTES), "big")
        self.device = worker.device
        self._stamps = self._begin_session(worker, clock)
        self._work = StoreUnitOfWork(writer, self.rights, self._stamps)
        self._written = writer.total_changes

    @property
    def queries(self) -> StoreQueries:
        """The reading side for this thread; it sees what is committed."""
        found: StoreQueries | None = getattr(self._of_thread, "queries", None)
        if found is None:
            reader = self._open_reading()
            kept = self._kept(reader)
            self._readers.append((reader, kept))
            found = self._of_thread.queries = StoreQueries(reader, self.rights, kept)
        return found

    def _kept(self, reader: Connection) -> KeptByReader:
        # Rows written until the last transaction ended: it moves only after what it stands for can be read.
        return KeptByReader(reader, lambda: self._written, self._work.log.kept)

    @property
    def keys(self) -> Keys:
        """Dots as local integers, on the reading side."""
        return self.queries.keys

    @property
    def mark(self) -> int:
        """Counts up with every row that is written, but for how far the rounds are."""
        return self._work.log.kept.mark

    @property
    def works(self) -> int:
        """Counts up with all from which work for a round may follow, but for traffic."""
        return self._work.log.kept.works

    def unit_of_work(self) -> AbstractContextManager[StoreUnitOfWork]:
        """Begin a transaction; inside another one of the same thread, join it."""
        return self._transaction

    def looking(self) -> AbstractContextManager[StoreUnitOfWork]:
        """Look without a transaction, for nobody else writes; nothing may be written in the block."""
        return self._looking

    def new_session(self, session: int) -> None:
        """Go on under another session number: after a place on the relay was found taken."""
        with self.unit_of_work() as work:
            self.session = session
            self._note_session(work.connection, self._stamps)
        self._stamps = Stamps(self.device, session, self._stamps.author, self._stamps.clock, self._stamps.hlc)

    def flush_log(self) -> bool:
        """Bring the write-ahead log home and empty it; tells whether it could be, with nobody reading."""
        with self._lock, translating_errors():
            (busy, *_pages) = self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy

    def scrub(self) -> None:
        """Take what was deleted out of the search index, all pages and the log.

        Every page is written anew: `secure_delete` leaves a copy where a row moved to another page
        (docs/decisions/0018-pages-written-anew.md). Raises StoreBusyError while somebody is reading,
        and what writing raises.
        """
        with self._lock, translating_errors():
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                SearchIndex(self._writer).rebuild()
                self._writer.execute("COMMIT")
            except BaseException:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                raise
            self._written = self._writer.total_changes
            self._writer.execute("VACUUM")
            # With an open reader it fails without an exception: only the row tells.
            (busy, *_pages) = self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise StoreBusyError

    def check_integrity(self) -> None:
        """Raise DatabaseDamagedError unless every page and index is sound."""
        integrity_check(self._writer)

    def close(self) -> None:
        """Close every connection, and leave nothing in the memory of what was read."""
        for reader, kept in self._readers:
            reader.close()
            kept.close()
        self._writer.close()
        self._work.log.kept.close()

    def _begin(self) -> None:
        self._writer.execute("BEGIN IMMEDIATE")
        self._work.begin(self._stamps)

    def _end(self, *, keep: bool) -> None:
        """Keep all that the open transaction did, or nothing."""
        try:
            if keep:
                if self._stamps.clock_moved:  # else one that only reads would cost a write to the disk
                    self._work.put_setting(_HLC_SETTING, str(self._stamps.hlc))
                self._writer.execute("COMMIT")
                self._stamps.keep()
        except BaseException:
            keep = False
            raise
        finally:
            if not keep:
                self._stamps.take_back()
                self._work.forget()
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
            self._written = self._writer.total_changes

    def _begin_session(self, worker: Worker, clock: Clock) -> Stamps:
        row = self._writer.execute("SELECT value FROM setting WHERE key = ?", (_HLC_SETTING,)).fetchone()
        stamps = Stamps(worker.device, self.session, worker.member, clock, int(row[0]) if row else 0)
        self._note_session(self._writer, stamps)
        return stamps

    def _note_session(self, connection: Connection, stamps: Stamps) -> None:
        names = (self.session.to_bytes(_SESSION_BYTES, "big"), self.device.to_bytes(_SESSION_BYTES, "big"))
        connection.execute("INSERT INTO session VALUES (?, ?, ?)", (*names, stamps.now_ms()))


class _Transaction:
    """A `with` over the writer, the one of its store; inside another one of the same thread it joins that."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def __enter__(self) -> StoreUnitOfWork:
        store = self._store
        store._lock.acquire()
        if not store._within:
            try:
                store._begin()
            except BaseException as error:
                store._lock.release()
                _explain(error)
                raise
        store._within += 1
        return store._work

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        store = self._store
        store._within -= 1
        if store._within:
            store._lock.release()
            return
        try:
            store._end(keep=error is None)
        except DatabaseError as failed:
            raise_explained(failed)
            raise
        finally:
            store._lock.release()
        _explain(error)


class _Looking:
    """A `with` that holds the writer and begins nothing; inside a transaction it joins that."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def __enter__(self) -> StoreUnitOfWork:
        self._store._lock.acquire()
        return self._store._work

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        store = self._store
        written = not store._within and store._writer.total_changes != store._written
        store._lock.release()
        if written:
            raise RuntimeError("written outside a transaction")
        _explain(error)


def _explain(error: BaseException | None) -> None:
    if isinstance(error, DatabaseError):
        raise_explained(error)


def open_store(
    path: Path, key: bytes, worker: Worker, clock: Clock, entropy: Entropy, *, create: bool = False
) -> SqlStore:
    """Open the store with every assertion, bring it up to date and begin a new session.

    Raises what `open_writer` raises, and NewerDatabaseError.
    """
    with ExitStack() as opened, translating_errors():
        writer = open_writer(path, key, create=create)
        opened.callback(writer.close)
        migrate(writer)
        store = SqlStore(writer, partial(open_reader, path, key), worker, clock, entropy)
        _prepare(store)
        opened.pop_all()
    return store


def _prepare(store: SqlStore) -> None:
    with store.unit_of_work() as work:
        stale = work.projection.prepare(REGISTRY)
        known = f"{_ROWS}/{store.rights.member}/{store.rights.cleared}"
        # Rows hold what this reader may read, worked out as this program does.
        if work.setting(_ROWS_SETTING) != known:
            stale = tuple(REGISTRY)
        work.post_again(stale)
        work.put_setting(_ROWS_SETTING, known)
        work.contents.sweep()
        work.tidy()
