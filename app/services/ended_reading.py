"""Whether the person who works here still reads a case file that is here, and if not, why and since when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final

from app.domain.aliases import Alias, joined
from app.domain.audience import IN_CASES, CaseFacts, Member
from app.domain.dots import Dot, hlc_ms
from app.domain.handover import HANDOVER, handovers
from app.domain.links import linked_case
from app.domain.merge import Change
from app.domain.schema import ALIAS
from app.domain.stand_in import STAND_IN, Today, is_over
from app.services.ports import Queries, Session, UnitOfWork, today
from app.services.readers import Readers, entries_of_case, facts_of_case

_LEAVING: Final = "leaving"
"""The setting that keeps what the engine found out about the copies here that are to go."""
_MOST: Final = 500


class Why(StrEnum):
    """Why somebody reads a case file no more; the words are kept in settings."""

    REFUSED = "refused"
    """The client said no to this reader, or withdrew."""
    STAND_IN = "stand_in"
    """It is not, or no longer, their time as a stand-in."""
    HANDED_OVER = "handed_over"
    FAMILY = "family"
    """It was one with a case file of theirs, and is so no more."""
    SUPERVISION = "supervision"
    """Somebody else supervises it, or leads it without a handover."""
    DUTIES = "duties"
    """By the roster: who left, has another role, or duties in an immigration office."""
    NOT_AGREED = "not_agreed"
    """The client has not said yes to a reader of another employer."""


SHUT_OUT: Final = frozenset({Why.REFUSED, Why.FAMILY})
"""For these reasons nothing may be written any more: nobody is to be told of it (docs/decisions/0022)."""
_ORDERED: Final = frozenset({Why.REFUSED, Why.STAND_IN})


@dataclass(frozen=True)
class Ended:
    """`since`: ISO day, empty where nobody can tell; `goes`: the day from which the copy may go, or empty."""

    why: Why
    since: str = ""
    goes: str = ""


def why_not_read(session: Session, queries: Queries, case: Dot) -> Ended | None:
    """Give why the person who works here reads a case file no more; None while they do, or are asked to."""
    me, head = session.members.member(session.me), queries.record("CaseFile", case)
    if me is None or head is None or head.number("responsible") == me.id:
        return None
    found, noted = _by_what_is_here(session, queries, me, case), leaving_cases(queries).get(str(case))
    if found is not None:
        return found if noted is None else replace(found, goes=noted.goes)
    # Whom a no or an early end shuts out is not told of it: the order's word counts then.
    return noted if noted is not None and noted.why in _ORDERED else None


def put_leaving(work: UnitOfWork, leaving: Mapping[Dot, Ended]) -> None:
    """Keep what the engine found out about the copies here that are to go: all of them, and no others."""
    lines = (f"{case} {ended.why} {ended.since} {ended.goes}" for case, ended in sorted(leaving.items()))
    packed = "\n".join(lines)
    if packed != (work.setting(_LEAVING) or ""):
        work.put_setting(_LEAVING, packed)


def leaving_cases(queries: Queries) -> dict[str, Ended]:
    """Give the case files (ids as text) of which the copy here is to go: why, since when, and when."""
    lines = (line.split(" ") for line in (queries.setting(_LEAVING) or "").splitlines())
    return {case: Ended(Why(why), since, goes) for case, why, since, goes in lines}


def ended_cases(session: Session) -> frozenset[Dot]:
    """Give the case files, of the newest 500 that others lead, that the person here reads no more."""
    queries = session.store.queries
    asked = queries.cases_of_others(session.me, _MOST)
    found = ((case, why_not_read(session, queries, case)) for case in asked)
    return frozenset(case for case, ended in found if ended is not None)


def parting_word(queries: Queries, case: Dot) -> Change | None:
    """Give the newest word by which case files that were one with this one were parted.

    None while they are all one, and while it is in doubt which are.
    """
    family = joined(case, queries.joins())
    if family <= set(queries.case_group(case)) or any(queries.conflict(one, ALIAS) for one in family):
        return None
    return max(parting_words(queries, case), key=lambda word: (word.hlc, word.dot), default=None)


def parting_words(queries: Queries, case: Dot) -> tuple[Change, ...]:
    """Give every word by which case files were parted that were ever one with this one."""
    joins = queries.joins()
    family = joined(case, joins)
    words = (word for one in family for word in queries.links_of(one) if word.register == ALIAS)
    return tuple(word for word in words if any(_parts(word, join) for join in joins))


def _parts(word: Change, join: Alias) -> bool:
    """Tell whether a word was said in place of one that two case files are one."""
    return word.record == join.source and join.dot in word.context and linked_case(word) != join.into


def _by_what_is_here(session: Session, queries: Queries, me: Member, case: Dot) -> Ended | None:
    day = today(session.clock)
    now = Today(day, day)
    facts = {one: facts_of_case(queries, one, now) for one in queries.case_group(case)}
    if me.id in Readers(queries, me, session.members.members(), facts.__getitem__).of(case):
        return None
    if any(me.id in item.asked | item.answered for item in facts.values()):
        return None
    ways = (_by_roster, _by_client, _by_days, _by_handover)
    found = (way(queries, me, one, item, now) for one, item in facts.items() for way in ways)
    ended = next((ended for ended in found if ended is not None), None)
    return ended or _by_history(queries, me, case)


def _by_roster(_queries: Queries, me: Member, _case: Dot, _facts: CaseFacts, _now: Today) -> Ended | None:
    serves = me.active and me.role in IN_CASES and not me.immigration_duties
    return None if serves else Ended(Why.DUTIES)


def _by_client(queries: Queries, me: Member, case: Dot, facts: CaseFacts, _now: Today) -> Ended | None:
    items = [facts.supervision_item] if facts.supervision == me.id else []
    items += [facts.stand_in_item] if me.id in facts.stand_ins else []
    if not items:
        return None
    if "no" not in items:
        return Ended(Why.NOT_AGREED)
    said = [entry.updated_hlc for entry in entries_of_case(queries, case)]
    return Ended(Why.REFUSED, local_day(hlc_ms(max(said))))


def _by_days(queries: Queries, me: Member, case: Dot, _facts: CaseFacts, now: Today) -> Ended | None:
    mine = [entry for entry in queries.records(STAND_IN.name, case) if entry.number("stand_in") == me.id]
    over = [entry.text("stand_in_until") for entry in mine if is_over(entry, now)]
    if not mine:
        return None
    since = (date.fromisoformat(max(over)) + timedelta(days=1)).isoformat() if over else ""
    return Ended(Why.STAND_IN, since)


def _by_handover(queries: Queries, me: Member, case: Dot, facts: CaseFacts, _now: Today) -> Ended | None:
    if me.id not in facts.givers | facts.released:
        return None
    taken = (item for item in handovers(queries.records(HANDOVER.name, case)) if item.is_taken)
    steps = (item.step("accepted") for item in taken if item.giver == me.id)
    return Ended(Why.HANDED_OVER, next((step.text("handover_on") for step in steps if step), ""))


def _by_history(queries: Queries, me: Member, case: Dot) -> Ended | None:
    """Tell apart who was named there once, and who read it only by a family; None while that is in doubt."""
    if any(queries.ever_worked_in(one, me.id) for one in queries.case_group(case)):
        return Ended(Why.SUPERVISION)
    word = parting_word(queries, case)
    return None if word is None else Ended(Why.FAMILY, local_day(hlc_ms(word.hlc)))


def local_day(ms: int) -> str:
    """Give the ISO day of a moment (milliseconds since 1970): days that people read are local ones."""
    return datetime.fromtimestamp(ms / 1000, UTC).astimezone().date().isoformat()
