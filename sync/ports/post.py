"""One transaction over everything that the engine needs of the store."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from app.services.ports import UnitOfWork
from sync.ports.asking import Asking
from sync.ports.folder import FolderMemory
from sync.ports.handovers import HandoverMemory
from sync.ports.incoming import MailboxIn
from sync.ports.keyring import Keyring
from sync.ports.moving import Moves
from sync.ports.orders import OrderMemory
from sync.ports.outgoing import MailboxOut
from sync.ports.read_log import ReadLogMemory
from sync.ports.rounds import Rounds


class Post(Protocol):
    """One transaction's parts."""

    @property
    def records(self) -> UnitOfWork:
        """Records and settings."""
        ...

    @property
    def keys(self) -> Keyring:
        """Rosters and keys."""
        ...

    @property
    def moving(self) -> Moves:
        """Changing the store's district."""
        ...

    @property
    def out(self) -> MailboxOut:
        """The way out."""
        ...

    @property
    def into(self) -> MailboxIn:
        """The way in."""
        ...

    @property
    def asking(self) -> Asking:
        """What was asked, and the states that were told."""
        ...

    @property
    def rounds(self) -> Rounds:
        """The rounds' memory."""
        ...

    @property
    def orders(self) -> OrderMemory:
        """Orders in force."""
        ...

    @property
    def folder(self) -> FolderMemory:
        """The folder carrier's memory."""
        ...

    @property
    def read_log(self) -> ReadLogMemory:
        """What the log of reads keeps."""
        ...

    @property
    def handovers(self) -> HandoverMemory:
        """What is held of handed over case files."""
        ...


class PostOffice(Protocol):
    """Opens transactions of one store."""

    @property
    def device(self) -> int:
        """Roster index of the device that the store belongs to."""
        ...

    @property
    def session(self) -> int:
        """The session under which changes are named and sealed."""
        ...

    @property
    def mark(self) -> int:
        """Counts up with every row that is written, but for marks of rounds: the same, nothing moved."""
        ...

    @property
    def works(self) -> int:
        """Counts up with records, orders, settings, prekeys and notes of reads, not with traffic."""
        ...

    def looking(self) -> AbstractContextManager[Post]:
        """Look without a transaction: nothing may be written in the block."""
        ...

    def transaction(self) -> AbstractContextManager[Post]:
        """Begin a transaction: all of it is kept at the end of the block, or nothing."""
        ...

    def scrub(self) -> None:
        """Take what was deleted out of index and log, so that no page holds it any more."""
        ...

    def flush_log(self) -> bool:
        """Bring the write-ahead log home and empty it; tells whether it could be."""
        ...

    def new_session(self, session: int) -> None:
        """Go on under another session number."""
        ...
