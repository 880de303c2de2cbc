"""Naming a stand-in for a case file."""

from __future__ import annotations

from datetime import date, timedelta

from app.domain.audience import may_stand_in
from app.domain.declarations import STAND_IN
from app.domain.dots import Dot
from app.domain.records import Record, new_record
from app.domain.stand_in import StandInMemberError
from app.services import cases
from app.services.caseload import Cancelled, Caseload, Progress, for_each
from app.services.ports import Saved, Session, today


def name_stand_in(session: Session, case: Dot, member: int, since: str, until: str, reason: str) -> Saved:
    """Let `member` work in a case file beside its case manager, under their own name.

    Raises StandInMemberError.
    """
    _check_member(session, member)
    entry = new_record(
        STAND_IN,
        case,
        stand_in=member,
        stand_in_since=since,
        stand_in_until=until or None,
        stand_in_reason=reason,
    )
    return cases.save_record(session, None, entry)


def name_for_all(
    session: Session, responsible: int, entry: Record, progress: Progress, cancelled: Cancelled
) -> Caseload:
    """Let the member whom `entry` names stand in for every case file of a case manager."""

    def name(case: Dot) -> Saved:
        _check_member(session, entry.number("stand_in"))
        values = {field: entry.get(field) for field in STAND_IN.registers[0].field_names}
        return cases.save_record(session, None, new_record(STAND_IN, case, **values))

    return for_each(session, responsible, name, progress, cancelled)


def end_early(session: Session, entry: Record) -> Saved:
    """Let a stand-in's time end at once: yesterday was the last day."""
    yesterday = date.fromisoformat(today(session.clock)) - timedelta(days=1)
    return cases.save_record(session, entry, entry.edited(stand_in_until=yesterday.isoformat()))


def _check_member(session: Session, member: int | None) -> None:
    if not may_stand_in(session.members.member(member or 0)):
        raise StandInMemberError
