"""Handing case files over: asking, answering, assigning, and a whole caseload at once."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.declarations import HANDOVER
from app.domain.dots import Dot
from app.domain.errors import NotFoundError
from app.domain.handover import Handover, HandoverStateError, check_recipient, handovers
from app.domain.records import Record, new_record
from app.domain.schema import Value
from app.services import cases
from app.services.assignments import HandedOverError
from app.services.caseload import Cancelled, Caseload, Progress, for_each
from app.services.ports import Queries, Saved, Session, UnitOfWork, today


@dataclass(frozen=True)
class Terms:
    """What is agreed when a case file is handed over; codes as `app.domain.handover` declares them."""

    recipient: int
    reason: str = "other"
    note: str = ""
    client_present: bool = False
    client_agreed: bool = False
    identity_data: str = ""


def ask(session: Session, case: Dot, terms: Terms) -> Saved:
    """Ask a member to take a case file over; they see its number and languages, no more, until they accept.

    Raises HandedOverError (not this person's to give), RecipientError,
    AgreementMissingError, HandoverStateError when a request is open already.
    """
    with session.store.unit_of_work() as work:
        return cases.save_record(session, None, _asking(session, work, case, terms))


def assign(session: Session, case: Dot, terms: Terms) -> Saved:
    """Let a member have a case file at once, by its supervisor: the one who had it may be ill or gone.

    Raises as `ask`; only the case file's supervisor assigns. A case file is never without a case manager.
    """
    with session.store.unit_of_work() as work:
        if _head(work, case).number("supervision") != session.me:
            raise HandedOverError
        asked = cases.save_record(session, None, _asking(session, work, case, terms)).record
        _step(session, work, Handover(asked), "accepted")
        return _take(session, work, case, terms.recipient)


def accept(session: Session, asked: Record) -> Saved:
    """Take a case file over that one was asked to; raises HandoverStateError when it is no longer offered."""
    with session.store.unit_of_work() as work:
        found = _open(work, asked, "asked")
        if found.recipient != session.me:
            raise HandoverStateError(status=found.status)
        _step(session, work, found, "accepted")
        return _take(session, work, _case_of(work, asked), session.me)


def decline(session: Session, asked: Record) -> Saved:
    """Say no to a request; raises HandoverStateError when it is answered already."""
    with session.store.unit_of_work() as work:
        found = _open(work, asked, "asked")
        if found.recipient != session.me:
            raise HandoverStateError(status=found.status)
        return _step(session, work, found, "declined")


def withdraw(session: Session, asked: Record) -> Saved:
    """Take a request back; raises HandoverStateError when it was answered meanwhile."""
    with session.store.unit_of_work() as work:
        return _step(session, work, _open(work, asked, "asked"), "withdrawn")


def settle_identity(session: Session, asked: Record, answer: str) -> Saved:
    """Note that contact data and attachments were passed on, or are expressly left behind."""
    with session.store.unit_of_work() as work:
        return _step(session, work, _open(work, asked, "accepted"), "identity", identity_data=answer)


def release(session: Session, found: Handover) -> Saved:
    """Note, on the giver's device, that receipts cover all it holds: who gave it receives no more of it."""
    with session.store.unit_of_work() as work:
        return _step(session, work, found, "released")


def hand_over_all(
    session: Session, giver: int, terms: Terms, *, at_once: bool, progress: Progress, cancelled: Cancelled
) -> Caseload:
    """Hand over every case file of `giver`, each on its own; those refused are listed with the reason.

    `at_once` assigns (by the supervisor), else the recipient is asked. Cancelled: what was done stays.
    """
    hand = assign if at_once else ask
    return for_each(session, giver, lambda case: hand(session, case, terms), progress, cancelled)


def handovers_of(queries: Queries, case: Dot) -> tuple[Handover, ...]:
    """Give the handovers of a case file, newest first; not those of what it is read as one with."""
    found = handovers(queries.records(HANDOVER.name, case))
    return tuple(item for item in found if _case_of(queries, item.asked) == case)


def _asking(session: Session, work: UnitOfWork, case: Dot, terms: Terms) -> Record:
    head = _head(work, case)
    giver = head.number("responsible")
    if session.me not in (giver, head.number("supervision")):
        raise HandedOverError
    members = session.members
    check_recipient(members.member(terms.recipient), members.member(giver or 0), agreed=terms.client_agreed)
    if any(item.status == "asked" for item in handovers_of(work, case)):
        raise HandoverStateError(status="asked")
    return new_record(
        HANDOVER,
        case,
        handover_step="asked",
        handover_on=today(session.clock),
        handover_from=giver,
        handover_to=terms.recipient,
        handover_by=session.me,
        handover_reason=terms.reason,
        handover_note=terms.note or None,
        client_present=terms.client_present,
        client_agreed=terms.client_agreed,
        identity_data=terms.identity_data or None,
    )


def _step(session: Session, work: UnitOfWork, found: Handover, step: str, **more: Value) -> Saved:
    entry = new_record(
        HANDOVER,
        _case_of(work, found.asked),
        handover_step=step,
        handover_on=today(session.clock),
        handover_from=found.giver,
        handover_to=found.recipient,
        handover_by=session.me,
        handover_asked=found.asked.id,
        **more,
    )
    return cases.save_record(session, None, entry)


def _take(session: Session, work: UnitOfWork, case: Dot, recipient: int) -> Saved:
    head = _head(work, case)
    return cases.save_record(session, head, head.edited(responsible=recipient))


def _open(work: UnitOfWork, asked: Record, status: str) -> Handover:
    known = (item for item in handovers_of(work, _case_of(work, asked)) if item.asked.id == asked.id)
    found = next(known, None)
    if found is None or found.status != status:
        raise HandoverStateError(status=found.status if found else "")
    return found


def _head(work: UnitOfWork, case: Dot) -> Record:
    head = work.record("CaseFile", case)
    if head is None:
        raise NotFoundError(record_type="CaseFile")
    return head


def _case_of(queries: Queries, asked: Record) -> Dot:
    """Give the case file that a request is about: it may be read as one with another by now."""
    homes = () if asked.id is None else queries.homes_of(asked.id)
    if not homes:
        raise NotFoundError(record_type=asked.type)
    return homes[0]
