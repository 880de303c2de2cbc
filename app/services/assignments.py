"""Who may write in a case file today: everyone under their own name, and only while it is theirs."""

from __future__ import annotations

from app.domain.dots import Dot
from app.domain.errors import KimError
from app.domain.handover import handovers
from app.domain.stand_in import StandInTimeError, Today, stands_in
from app.services.ended_reading import SHUT_OUT, Why, why_not_read
from app.services.ports import Queries, Session, today


class HandedOverError(KimError):
    """A case file that was handed over was to be written in by who had given it (it is read-only there)."""

    error_id = "handed_over"


class AccessEndedError(KimError):
    """Who reads a case file no more wrote in it: nobody is to be told of that (`why`, `since`: ISO day)."""

    error_id = "access_ended"


def check_writer(
    session: Session, queries: Queries, case: Dot, *, assigns: bool = False, clears: bool = False
) -> None:
    """Raise StandInTimeError, HandedOverError or AccessEndedError when this person may not write here today.

    `assigns`: it is said who looks after the case file, or that the client withdraws; a supervisor does
    that also where the client said no to her. `clears`: what lies on this computer alone is taken away.
    Process rules bind writing, never receiving: what was written in time arrives and counts.
    """
    head = queries.record("CaseFile", case)
    if head is None or clears or session.me == head.number("responsible"):
        return
    if session.me != head.number("supervision"):
        _check_time(session, queries, case)
    ended = why_not_read(session, queries, case)
    if ended is not None and ended.why in SHUT_OUT and not (assigns and ended.why is Why.REFUSED):
        raise AccessEndedError(why=ended.why.value, since=ended.since)


def why_read_only(session: Session, queries: Queries, case: Dot) -> KimError | None:
    """Give what `check_writer` raises where a case file may be read but not written in, else None."""
    try:
        check_writer(session, queries, case)
    except (HandedOverError, StandInTimeError, AccessEndedError) as error:
        return error.with_traceback(None)
    return None


def _check_time(session: Session, queries: Queries, case: Dot) -> None:
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
