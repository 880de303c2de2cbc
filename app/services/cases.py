"""Case files: open, edit, find; the gate and the process are kept here."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain import process
from app.domain.consent import item_state
from app.domain.declarations import ATTACHMENT, CASE_FILE, HANDOVER, REGISTRY
from app.domain.dots import Context, Dot
from app.domain.errors import NotFoundError
from app.domain.gate import check_gate, missing_for_gate
from app.domain.orders import is_written_anyway
from app.domain.records import Record, new_record
from app.domain.schema import Value
from app.services import numbers
from app.services.assignments import check_writer
from app.services.ports import Draft, Queries, Saved, Session, UnitOfWork, today
from app.services.readers import ENTRY_TYPES, entries_of_case


def new_case_file(session: Session) -> Record:
    """Give an unsaved case file with today's date, its case manager and her supervisor."""
    me = session.members.member(session.me)
    return new_record(
        CASE_FILE,
        opened_on=today(session.clock),
        responsible=session.me,
        supervision=me.supervisor if me else None,
        phase_since=today(session.clock),
    )


def open_case_file(session: Session, form: Record) -> Saved:
    """Save a new case file under the next number of this device; raises NumbersUsedUpError."""
    with session.store.unit_of_work() as work:
        number = numbers.draw_number(work, session)
        return _save(session, work, None, form.edited(number=str(number)), "")


def save_record(session: Session, base: Record | None, edited: Record, draft_key: str = "") -> Saved:
    """Save what differs from `base`, in one transaction with the figures and the end of its draft.

    Raises GateError when something about a person comes before sheet or consent,
    PhaseError when a phase is skipped without a reason.
    """
    with session.store.unit_of_work() as work:
        return _save(session, work, base, edited, draft_key)


def keep_draft(session: Session, draft: Draft) -> None:
    """Keep what was typed, encrypted, with the base that was shown."""
    with session.store.unit_of_work() as work:
        work.put_draft(draft)


def drop_draft(session: Session, key: str) -> None:
    """Forget a draft."""
    with session.store.unit_of_work() as work:
        work.drop_draft(key)


def gate_of_case(queries: Queries, session: Session, case: Dot | None) -> str | None:
    """Give what the gate still waits for in a case file: "sheet", "consent" or None."""
    employer = _employer_of_case(queries, session, case)
    return missing_for_gate(entries_of_case(queries, case), legal_basis(queries, employer))


def consent_item(queries: Queries, case: Dot, item: str) -> str | None:
    """Give "yes", "no" or None for a consent item of a case file."""
    return item_state(entries_of_case(queries, case), item)


def legal_basis(queries: Queries, employer_key: str) -> str:
    """Give an employer's legal basis; consent until the KI has sent the employer's data."""
    employer = employer_record(queries, employer_key)
    return (employer.text("legal_basis") if employer else "") or "consent"


def _employer_of_case(queries: Queries, session: Session, case: Dot | None) -> str:
    """Give the employer whose case file it is: a stand-in works under the case manager's legal basis."""
    head = None if case is None else queries.record("CaseFile", case)
    responsible = None if head is None else session.members.member(head.number("responsible") or 0)
    return session.employer_key if responsible is None else responsible.employer


def employer_record(queries: Queries, employer_key: str) -> Record | None:
    """Give the record of an employer by its name in the roster."""
    found = (item for item in queries.records("Employer", None) if item.text("employer_key") == employer_key)
    return next(found, None)


def case_records(queries: Queries, case: Dot) -> tuple[Record, ...]:
    """Give the case file and all records in it."""
    head = queries.record("CaseFile", case)
    if head is None:
        raise NotFoundError(record_type="CaseFile")
    parts = (record for item in REGISTRY.in_case() for record in queries.records(item.name, case))
    return (head, *parts)


def note_moved_records(work: UnitOfWork, files: Iterable[Dot]) -> None:
    """Note that the figures of these case files, and of those that are one with them, are due."""
    for case in files:
        for member in work.case_group(case):
            work.note_figures(member, due=True)


def export_case(queries: Queries, case: Dot) -> list[dict[str, object]]:
    """Give the case file, those that are one with it, and their records as plain values, by declaration."""
    others = (queries.record(CASE_FILE.name, item) for item in queries.case_group(case) if item != case)
    merged = [record for record in others if record is not None]
    return [_exported(record) for record in (*case_records(queries, case), *merged)]


def _exported(record: Record) -> dict[str, object]:
    names = REGISTRY[record.type].fields
    given = (name for name, item in names.items() if record.get(name) is not None and not item.internal)
    values = {name: _plain(record.get(name)) for name in given}
    hidden = [name for name in names if REGISTRY[record.type].register_of[name].name in record.withheld]
    return {"type": record.type, "id": str(record.id), "values": values, "withheld": hidden}


def _plain(value: Value) -> object:
    if isinstance(value, Dot):
        return str(value)
    if isinstance(value, bytes):
        return value.hex()
    return list(value) if isinstance(value, tuple) else value


def _save(session: Session, work: UnitOfWork, base: Record | None, edited: Record, draft_key: str) -> Saved:
    record_type = REGISTRY[edited.type]
    touched = _touched(base, edited)
    case = edited.id if record_type.is_case else edited.case
    if record_type.in_case or record_type.is_case:
        work.check_not_erased(case)
        if case is not None and record_type is not HANDOVER:
            assigns = all(is_written_anyway(record_type, name) for name in touched)
            clears = record_type is ATTACHMENT and base is not None
            check_writer(session, work, case, assigns=assigns, clears=clears)
        check_gate(record_type, touched, gate_of_case(work, session, case))
    if record_type.is_case and base is not None and "phase" in touched:
        process.check_phase(base.text("phase") or "access", edited.text("phase"), edited.text("phase_reason"))
    covers = _entries_shown(work, case) if edited.type in ENTRY_TYPES else None
    saved = work.save(base, edited, covers)
    _after_save(work, saved, case or saved.record.case, edited.type, draft_key)
    return saved


def _after_save(work: UnitOfWork, saved: Saved, case: Dot | None, record_type: str, draft_key: str) -> None:
    if draft_key:
        work.drop_draft(draft_key)
    if case is not None and saved.changed:
        if record_type in (*ENTRY_TYPES, "StandIn", "CaseFile", HANDOVER.name):
            work.requeue_case(case)
        work.note_figures(case, due=True)


def _touched(base: Record | None, edited: Record) -> Iterable[str]:
    record_type = REGISTRY[edited.type]
    before = base.values if base else {}
    names = {name for name in record_type.fields if before.get(name) != edited.values.get(name)}
    return frozenset(record_type.register_of[name].name for name in names)


def _entries_shown(work: UnitOfWork, case: Dot | None) -> Context:
    shown = entries_of_case(work, case)
    return Context.of(entry.id for entry in shown if entry.id is not None)
