"""Conflicts: decide, revise, undo. Nothing is decided silently."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.errors import ValidationError
from app.domain.links import LINKS
from app.domain.records import Record
from app.domain.registry import REGISTRY
from app.domain.schema import Value
from app.services.assignments import check_writer
from app.services.cases import note_moved_records
from app.services.ports import Conflict, Head, HistoryEntry, Session, UnitOfWork

_ASSIGNING = frozenset({*LINKS, "responsible", "supervision", "stand_in"})
"""Registers by which others may come to read a case file."""


def take_head(session: Session, conflict: Conflict, head: Head, reason: str) -> Record:
    """Decide for one of the values that were shown."""
    return decide(session, conflict, head.values, reason)


def decide(session: Session, conflict: Conflict, values: Mapping[str, Value], reason: str) -> Record:
    """Decide for `values`, one of those shown or a third; the reason is part of the record."""
    if not reason.strip():
        raise ValidationError(record_type=conflict.type, field="Reason", rule="required")
    with session.store.unit_of_work() as work:
        if conflict.case is not None:
            check_writer(session, work, conflict.case)
        record = work.decide(conflict, values, reason.strip())
        _after(work, record, conflict.register)
        return record


def revise(session: Session, entry: HistoryEntry, values: Mapping[str, Value], reason: str) -> Record:
    """Write a value over a decision that stands: a decision is revisable, and the undo is the next change."""
    with session.store.unit_of_work() as work:
        record = work.revise(entry, values, reason.strip())
        if record.case is not None:
            check_writer(session, work, record.case)
        _after(work, record, entry.register)
        return record


def _after(work: UnitOfWork, record: Record, register: str) -> None:
    case = record.id if REGISTRY[record.type].is_case else record.case
    if case is None or record.id is None:
        return
    files = {case, *(work.past_homes(record.id) if register in LINKS else ())}
    if register in _ASSIGNING:
        for item in sorted(files):
            work.requeue_case(item)
    note_moved_records(work, files)
