"""What a case file's page shows, read at once in a lane."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.audience import Role
from app.domain.declarations import CASE_FILE, REGISTRY
from app.domain.dots import Dot
from app.domain.errors import KimError, NotFoundError
from app.domain.records import Record
from app.services import case_merging, cases
from app.services.assignments import why_read_only
from app.services.ended_reading import Ended, Why, why_not_read
from app.services.ports import Delivery, Session
from ui.field_text import Names, record_title


@dataclass(frozen=True)
class CaseData:
    """A case file with the records in it; `missing` is what the gate waits for."""

    record: Record
    entries: Mapping[str, tuple[Record, ...]]
    missing: str | None
    delivery: Delivery
    today: str
    drafts: frozenset[str] = frozenset()
    """Keys of what was typed and not saved, in any case file."""
    merged: tuple[Record, ...] = ()
    """Other case files of the same family, which are read under this one."""
    deleted: tuple[Record, ...] = ()
    restricted: bool = False
    """Whether an order locks it."""
    closed_by: KimError | None = None
    """Why who works here may only read it: it was handed over, or it is not their time as a stand-in."""
    ended: Ended | None = None
    """Why, and since when, who works here reads it no more."""

    @property
    def case(self) -> Dot:
        """The id of the case file."""
        if self.record.id is None:
            raise NotFoundError(record_type=CASE_FILE.label)
        return self.record.id

    @property
    def heads(self) -> tuple[Record, ...]:
        """The case file and those that are read under it."""
        return (self.record, *self.merged)

    @property
    def read_only(self) -> bool:
        """Whether who works here may only read it."""
        return self.closed_by is not None

    @property
    def assigns(self) -> bool:
        """Whether who may write no more still says who looks after it: a supervisor, after a client's no."""
        return self.ended is not None and self.ended.why is Why.REFUSED

    @property
    def clears(self) -> bool:
        """Whether who may write no more still takes away what lies on this computer alone."""
        return self.closed_by is not None

    def provisional(self) -> tuple[tuple[Dot, str], ...]:
        """Give (record, register) of every value that is provisional."""
        found = (*self.heads, *(entry for entries in self.entries.values() for entry in entries))
        return tuple((item.id, name) for item in found if item.id for name in sorted(item.conflicts))

    def language(self) -> str:
        """Give the language for papers: the first that the client reads, else speaks."""
        return next(iter((*self.record.items("reads"), *self.record.items("speaks"))), "")

    def names(self, session: Session) -> Names:
        """Give names of members and headings of the records in this case file."""
        plain = Names(session.members)
        found = (*self.heads, *self.deleted, *(entry for item in self.entries.values() for entry in item))
        titles = {item.id: record_title(item, plain) for item in found}
        return Names(session.members, lambda dot: titles.get(dot) or plain.title_of(dot))


def read_case(session: Session, case: Dot) -> CaseData:
    """Give everything that the page of a case file shows; raises NotFoundError.

    A case file that was put together with another is shown under that one.
    """
    queries = session.store.queries
    case = queries.canonical_case(case)
    record = queries.record(CASE_FILE.name, case)
    if record is None:
        raise NotFoundError(record_type=CASE_FILE.label)
    return CaseData(
        record,
        {item.name: queries.records(item.name, case) for item in REGISTRY.in_case()},
        cases.gate_of_case(queries, session, case),
        queries.delivery(case),
        session.clock.now().astimezone().date().isoformat(),
        frozenset(draft.key for draft in queries.drafts()),
        case_merging.merged_files(session, case),
        queries.deleted_records(case),
        queries.is_restricted(case),
        why_read_only(session, queries, case),
        why_not_read(session, queries, case),
    )


def draft_key(record: Record) -> str:
    """Give the key of a record's draft; a new record has one for its type and case file."""
    return f"{record.type}/{record.id}" if record.id else f"{record.type}/new/{record.case}"


def is_supervisor(session: Session) -> bool:
    """Tell whether the person who works here is a supervisor."""
    me = session.members.member(session.me)
    return me is not None and me.role is Role.SUPERVISOR
