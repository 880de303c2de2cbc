"""What the services need from the world: protocols that storage and the clock fulfil."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from app.domain.aliases import Alias
from app.domain.audience import Member
from app.domain.dots import Context, Dot
from app.domain.merge import Change
from app.domain.records import Record
from app.domain.schema import Value
from app.services.contents import Contents

T = TypeVar("T")


class Clock(Protocol):
    """The time, so that a day can be simulated and replayed."""

    def now(self) -> datetime:
        """Give the present moment, aware, UTC."""
        ...

    def monotonic(self) -> float:
        """Give seconds that never run backwards while the program runs."""
        ...


class Entropy(Protocol):
    """Randomness, so that a history can be replayed from a seed."""

    def bytes(self, count: int) -> bytes:
        """Give `count` random bytes."""
        ...


class Members(Protocol):
    """The roster as the services see it."""

    def member(self, member_id: int) -> Member | None:
        """Give a member by id."""
        ...

    def members(self) -> tuple[Member, ...]:
        """Give all members, in the order of their ids."""
        ...


@dataclass(frozen=True)
class Saved:
    """What a save did: the record as it stands, and the registers that someone else had moved meanwhile."""

    record: Record
    conflicts: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Head:
    """One of several values in conflict. `at_ms`: milliseconds since 1970, by its author's clock.

    `wrote` is set where something else stands against it: what was written in a deleted record
    meanwhile, or another alias. `clock_wrong`: the author's clock was more than a day ahead.
    """

    dot: Dot
    author: int
    at_ms: int
    values: Mapping[str, Value]
    reason: str | None = None
    clock_wrong: bool = False
    wrote: Wrote | None = None


@dataclass(frozen=True)
class Wrote:
    """A change by what it wrote where."""

    type: str
    register: str
    record: Dot
    values: Mapping[str, Value]


@dataclass(frozen=True)
class Conflict:
    """A register of a record that has more than one head; the first of `heads` is the provisional winner."""

    case: Dot | None
    case_number: str
    record: Dot
    type: str
    register: str
    heads: tuple[Head, ...]


@dataclass(frozen=True)
class HistoryEntry:
    """One change of a case file for the history page."""

    dot: Dot
    record: Dot
    type: str
    register: str
    author: int
    at_ms: int
    values: Mapping[str, Value]
    reason: str | None
    standing: bool
    clock_wrong: bool = False
    attested_by: int | None = None
    """The member whose word alone vouches for it, until its author's signature comes."""


@dataclass(frozen=True)
class Twin:
    """A number that one device gave to several changes: it was copied, or set back while it worked."""

    dot: Dot
    author: int
    contents: int


@dataclass(frozen=True)
class CaseCursor:
    """Where the next page of the case list begins."""

    sort: str
    row: int


@dataclass(frozen=True)
class CasePage:
    """A page of the case list, newest first, and where the next one begins (None at the end)."""

    rows: tuple[Record, ...]
    following: CaseCursor | None


@dataclass(frozen=True)
class Draft:
    """An edit that is not yet a change: its base, and the values typed so far."""

    key: str
    base: Record
    values: Mapping[str, Value]
    at_ms: int = 0


@dataclass(frozen=True)
class Delivery:
    """How far the changes of a case file (or all) have come: counts of own changes by state."""

    waiting: int = 0
    at_relay: int = 0
    with_ki: int = 0
    ki_signed_at_ms: int | None = None


class Queries(Protocol):
    """Reading: frozen values, never rows or connections."""

    @property
    def contents(self) -> Contents:
        """The content of attachments."""
        ...

    def record(self, record_type: str, record_id: Dot) -> Record | None:
        """Give one record, or None."""
        ...

    def records(self, record_type: str, case: Dot | None) -> tuple[Record, ...]:
        """Give the records of a type in a case file (or outside any), newest first where the type says so."""
        ...

    def deleted_records(self, case: Dot) -> tuple[Record, ...]:
        """Give the records of a case file that were deleted, so that each can be brought back."""
        ...

    def canonical_case(self, case: Dot) -> Dot:
        """Give the case file under which `case` is read: itself, or the one it was merged into."""
        ...

    def case_group(self, case: Dot) -> tuple[Dot, ...]:
        """Give the case files that are one with `case`, first the one under which all are read."""
        ...

    def homes_of(self, record: Dot) -> tuple[Dot, ...]:
        """Give the case files that a record belongs to: one, or several while that is in conflict."""
        ...

    def past_homes(self, record: Dot) -> tuple[Dot, ...]:
        """Give every case file that a record, or a case file's alias, was ever said to belong to."""
        ...

    def joins(self) -> tuple[Alias, ...]:
        """Give every alias of case files that ever counted, also where it was said later that it is over."""
        ...

    def links_of(self, record: Dot) -> tuple[Change, ...]:
        """Give every change that ever said where a record belongs, or with what a case file is one."""
        ...

    def homes_before(self, change: Change) -> tuple[Dot, ...]:
        """Give the case files that a change of belonging took its record out of."""
        ...

    def hidden_conflicts(self) -> int:
        """Give the number of open conflicts that this reader may not read, and so not decide."""
        ...

    def twins(self) -> tuple[Twin, ...]:
        """Give the numbers that were used twice: an alarm that names the device."""
        ...

    def is_restricted(self, case: Dot) -> bool:
        """Tell whether a case file is locked by an order: kept, hidden from lists and search, not written."""
        ...

    def cases_of_others(self, member: int, limit: int) -> tuple[Dot, ...]:
        """Give the newest case files that others lead and supervise, or where a client said no."""
        ...

    def ever_worked_in(self, case: Dot, member: int) -> bool:
        """Tell whether a member made a case file that is here, or was ever named in it."""
        ...

    def case_page(self, after: CaseCursor | None, limit: int, phase: str | None = None) -> CasePage:
        """Give a page of case files, newest first."""
        ...

    def case_count(self) -> int:
        """Give the number of case files in this store."""
        ...

    def case_by_number(self, number: str) -> tuple[Dot, ...]:
        """Give the case files with that number: more than one is shown and asked about, never guessed."""
        ...

    def search_cases(self, typed: str, limit: int) -> tuple[Record, ...]:
        """Give the case files in which every typed word begins a word, newest first."""
        ...

    def conflicts(self, limit: int) -> tuple[Conflict, ...]:
        """Give open conflicts, oldest first."""
        ...

    def conflict(self, record: Dot, register: str) -> Conflict | None:
        """Give one conflict, or None when it is settled."""
        ...

    def decisions(self, limit: int) -> tuple[HistoryEntry, ...]:
        """Give the decisions made, newest first, so that each can be revised."""
        ...

    def history(self, case: Dot, limit: int) -> tuple[HistoryEntry, ...]:
        """Give the changes of a case file, newest first."""
        ...

    def delivery(self, case: Dot | None) -> Delivery:
        """Tell how far own changes have come, of a case file or of all."""
        ...

    def draft(self, key: str) -> Draft | None:
        """Give a draft, or None."""
        ...

    def drafts(self) -> tuple[Draft, ...]:
        """Give all drafts, newest first."""
        ...

    def setting(self, key: str) -> str | None:
        """Give a setting kept inside the encrypted store."""
        ...

    def figures_due(self, limit: int) -> tuple[Dot, ...]:
        """Give case files whose figures are older than their sources."""
        ...

    def figures_of(self, case: Dot) -> tuple[Record, ...]:
        """Give the figures of a case file that are known to be its: those of own devices."""
        ...


class UnitOfWork(Queries, Protocol):
    """One transaction: rows, change log, heads, search index and outbox together, or nothing."""

    def once(self, what: tuple[Hashable, ...], find: Callable[[], T]) -> T:
        """Give what `find` gives, once until a record or order moves; `what` names all else behind it."""
        ...

    def save(self, base: Record | None, edited: Record, covers: Context | None = None) -> Saved:
        """Write the registers that differ from `base` (None: a new record).

        `covers` adds dots of other entries that the writer was shown (consents).
        Raises RegisterTooLargeError, AddOnlyError, ValidationError; then nothing of all this is kept.
        """
        ...

    def decide(self, conflict: Conflict, values: Mapping[str, Value], reason: str) -> Record:
        """Write a decision that covers every head of `conflict` as it was shown."""
        ...

    def revise(self, entry: HistoryEntry, values: Mapping[str, Value], reason: str) -> Record:
        """Write a value over the standing head `entry`: the undo of a decision or an edit."""
        ...

    def apply(
        self, changes: Sequence[Change], attester: int | None = None, relay_ms: int | None = None
    ) -> frozenset[tuple[str, Dot, Dot | None]]:
        """Merge remote changes; gives (type, record, case) of what moved. Twice is the same as once.

        `attester`: the member whose word alone vouches for them; None proves what was only attested.
        `relay_ms`: the relay's time, by which others' clocks run ahead or do not; None: this device's.
        """
        ...

    def check_not_erased(self, case: Dot | None) -> None:
        """Raise CaseErasedError for a case file that an order has erased."""
        ...

    def put_draft(self, draft: Draft) -> None:
        """Keep a draft, replacing an older one of the same key."""
        ...

    def drop_draft(self, key: str) -> None:
        """Forget a draft."""
        ...

    def put_setting(self, key: str, value: str) -> None:
        """Keep a setting inside the encrypted store."""
        ...

    def note_figures(self, case: Dot, *, due: bool) -> None:
        """Note that a case file's figures are older than their sources, or no longer."""
        ...

    def requeue_case(self, case: Dot) -> None:
        """Put every own change of a case file back into the outbox: its audience may have grown."""
        ...


class Store(Protocol):
    """One person's encrypted store."""

    def unit_of_work(self) -> AbstractContextManager[UnitOfWork]:
        """Begin a transaction; it is committed at the end of the block, rolled back on any error."""
        ...

    @property
    def queries(self) -> Queries:
        """The reading side."""
        ...


@dataclass(frozen=True)
class Session:
    """An unlocked store with the member who works in it: what every service is given."""

    store: Store
    clock: Clock
    entropy: Entropy
    members: Members
    me: int
    district_code: str
    number_slot: int
    employer_key: str = ""


def today(clock: Clock) -> str:
    """Give the local date as ISO text: dates in records are days on the wall, not moments."""
    return clock.now().astimezone().date().isoformat()
