"""Persons who leave a case file for one of their own: a change of *belongs to* for each of their entries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.domain.declarations import CASE_FILE, CASE_SPLIT, PERSON, REGISTRY
from app.domain.dots import Dot
from app.domain.errors import CaseSplitError, NotFoundError, ValidationError
from app.domain.records import Record, new_record
from app.domain.schema import Value
from app.services import cases, numbers
from app.services.assignments import check_writer
from app.services.ports import Saved, Session, UnitOfWork, today

_TAKEN_OVER = ("responsible", "supervision", "municipality", "access_route", "speaks", "reads")
"""What a new case file begins with: who works in it, and what may be known before the sheet was given."""

Records = Callable[[str, Dot], tuple[Record, ...]]


@dataclass(frozen=True)
class CaseSplitting:
    """The new case file, the entry that tells of the split, and what went along."""

    case_file: Record
    entry: Record
    moved: tuple[Record, ...]


def leaving_with(session: Session, case: Dot, persons: Iterable[Dot]) -> tuple[Record, ...]:
    """Give the persons and the entries about them alone, which go along when they leave."""
    return tuple(_leaving(session.store.queries.records, case, frozenset(persons)))


def split_case_file(
    session: Session, case: Dot, persons: Sequence[Dot], values: Mapping[str, Value], reason: str
) -> CaseSplitting:
    """Let persons leave into a new case file with a number, consents and classes of its own.

    `values` are set in the new file over what it begins with. Raises CaseSplitError when
    nobody would leave or stay, ValidationError without a reason, NumbersUsedUpError.
    """
    if not reason.strip():
        raise ValidationError(record_type=CASE_SPLIT.label, field="Reason", rule="required")
    with session.store.unit_of_work() as work:
        head = work.record(CASE_FILE.name, case)
        if head is None:
            raise NotFoundError(record_type=CASE_FILE.label)
        check_writer(session, work, case)
        _check_persons(work, case, frozenset(persons))
        begun = _begin(session, work, head, values)
        moved = tuple(
            _move(work, record, begun) for record in _leaving(work.records, case, frozenset(persons))
        )
        entry = _note(session, work, case, begun, len(persons), reason)
        _tell(work, (case, begun))
        made = work.record(CASE_FILE.name, begun)
        if made is None:
            raise NotFoundError(record_type=CASE_FILE.label)
        return CaseSplitting(made, entry, moved)


def take_back(session: Session, case: Dot, split: Record, reason: str) -> tuple[Record, ...]:
    """Undo a split: all that belongs to the new case file and was made in `case` belongs there again."""
    begun = split.reference("split_into")
    if begun is None:
        raise CaseSplitError(reason="not_split")
    if not reason.strip():
        raise ValidationError(record_type=CASE_SPLIT.label, field="Reason", rule="required")
    with session.store.unit_of_work() as work:
        check_writer(session, work, case)
        found = [
            record
            for declared in REGISTRY
            if declared.leaves
            for record in work.records(declared.name, begun)
            if record.id is not None and case in work.past_homes(record.id)
        ]
        moved = tuple(_move(work, record, case) for record in found)
        persons = sum(record.type == PERSON.name for record in moved)
        _note(session, work, case, begun, persons, reason, kind="back")
        _tell(work, (case, begun))
        return moved


def _check_persons(work: UnitOfWork, case: Dot, persons: frozenset[Dot]) -> None:
    known = {record.id for record in work.records(PERSON.name, case)}
    if not persons or not persons < known:
        raise CaseSplitError(reason="persons")


def _begin(session: Session, work: UnitOfWork, head: Record, values: Mapping[str, Value]) -> Dot:
    number = numbers.draw_number(work, session)
    taken = {name: head.get(name) for name in _TAKEN_OVER}
    begun = new_record(
        CASE_FILE, opened_on=today(session.clock), phase_since=today(session.clock), number=str(number)
    )
    saved = work.save(None, begun.edited(**{**taken, **values}))
    if saved.record.id is None:
        raise NotFoundError(record_type=CASE_FILE.label)
    return saved.record.id


def _leaving(records: Records, case: Dot, persons: frozenset[Dot]) -> Iterable[Record]:
    for declared in REGISTRY:
        if declared.leaves:
            for record in records(declared.name, case):
                if record.id in persons or record.reference("person") in persons:
                    yield record


def _move(work: UnitOfWork, record: Record, case: Dot) -> Record:
    return work.save(record, record.edited(case_file=case)).record


def _note(
    session: Session, work: UnitOfWork, case: Dot, begun: Dot, persons: int, reason: str, kind: str = "left"
) -> Record:
    entry = new_record(
        CASE_SPLIT,
        case,
        split_on=today(session.clock),
        split_kind=kind,
        split_into=begun,
        split_persons=persons,
        split_reason=reason.strip(),
    )
    saved: Saved = work.save(None, entry)
    return saved.record


def _tell(work: UnitOfWork, files: Iterable[Dot]) -> None:
    for case in files:
        work.requeue_case(case)
    cases.note_moved_records(work, files)
