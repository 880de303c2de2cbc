"""Who may write in a case file today: everyone under their own name, and only while it is theirs."""

from __future__ import annotations

from app.domain.dots import Dot
from app.domain.errors import KimError
from app.domain.handover import handovers
from app.domain.stand_in import StandInTimeError, Today, stands_in
from app.services.ports import Queries, Session, today


class HandedOverError(KimError):
    """A case file that was handed over was to be written in by who had given it (it is read-only there)."""

    error_id = "handed_over"


def check_writer(session: Session, queries: Queries, case: Dot) -> None:
    """Raise StandInTimeError or HandedOverError when it is not, or no longer, this person's time to write.

    Process rules bind writing, never receiving: what was written in time arrives and counts.
    """
    head = queries.record("CaseFile", case)
    if head is None or session.me in (head.number("responsible"), head.number("supervision")):
        return
    own = [entry for entry in queries.records("StandIn", case) if entry.number("stand_in") == session.me]
    day = today(session.clock)
    if any(stands_in(entry, Today(day, day)) for entry in own):
        return
    taken = (item for item in handovers(queries.records("Handover", case)) if item.is_taken)
    newest = next((item for item in taken if session.me in (item.giver, item.recipient)), None)
    if newest is not None:
        if newest.recipient == session.me:
            return
        raise HandedOverError
    if own:
        raise StandInTimeError(until=max(entry.text("stand_in_until") for entry in own))


def why_read_only(session: Session, queries: Queries, case: Dot) -> KimError | None:
    """Give what `check_writer` raises where a case file may be read but not written in, else None."""
    try:
        check_writer(session, queries, case)
    except (HandedOverError, StandInTimeError) as error:
        return error.with_traceback(None)
    return None
