"""Naming a stand-in for a case file."""

from __future__ import annotations

from app.domain.declarations import STAND_IN
from app.domain.dots import Dot
from app.domain.records import new_record
from app.services import cases
from app.services.ports import Saved, Session


def name_stand_in(session: Session, case: Dot, member: int, since: str, until: str, reason: str) -> Saved:
    """Let `member` work in a case file beside its case manager, under their own name."""
    entry = new_record(
        STAND_IN,
        case,
        stand_in=member,
        stand_in_since=since,
        stand_in_until=until or None,
        stand_in_reason=reason,
    )
    return cases.save_record(session, None, entry)
