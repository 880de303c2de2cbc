"""Whether the person who works here still reads a case file that is here, and if not, why and since when."""

from __future__ import annotations

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

_LEAVING: Final = "leaving:"
"""Prefix of settings: what the engine found out about a case file that is to go from this computer."""
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


@dataclass(frozen=True)
class Ended:
    """`since`: ISO day, empty where nobody can tell; `goes`: the day from which the copy may go, or empty."""

    why: Why
    since: str = ""
    goes: str = ""


def why_not_read(session: Session, queries: Queries, case: Dot) -> Ended | None:
    """Give why the person who works here reads a case file no more; None while they do, or are asked to."""
    found, noted = _by_what_is_here(session, queries, case), _leaving(queries, case)
    # Whom a no or an early end shuts out is not told of it: the order's word counts then.
    if found is None or noted is None:
        return found or noted
    return replace(found, goes=noted.goes)


def put_leaving(work: UnitOfWork, case: Dot, ended: Ended | None) -> None:
    """Keep what the engine found out about a copy that is to go; None: it stays."""
    packed = f"{ended.why} {ended.since} {ended.goes}" if ended else ""
    if packed != (work.setting(f"{_LEAVING}{case}") or ""):
        work.put_setting(f"{_LEAVING}{case}", packed)


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
    joins = queries.joins()
    family = joined(case, joins)
    if family <= set(queries.case_group(case)) or any(queries.conflict(one, ALIAS) for one in family):
        return None
    words = (word for one in family for word in queries.links_of(one) if word.register == ALIAS)
    parting = (word for word in words if any(_parts(word, join) for join in joins))
    return max(parting, key=lambda word: (word.hlc, word.dot), default=None)


def _parts(word: Change, join: Alias) -> bool:
    """Tell whether a word was said in place of one that two case files are one."""
    return word.record == join.source and join.dot in word.context and linked_case(word) != join.into


def _leaving(queries: Queries, case: Dot) -> Ended | None:
    kept = queries.setting(f"{_LEAVING}{case}")
    if not kept:
        return None
    why, since, goes = kept.split(" ")
    return Ended(Why(why), since, goes)


def _by_what_is_here(session: Session, queries: Queries, case: Dot) -> Ended | None:
    me = session.members.member(session.me)
    head = queries.record("CaseFile", case)
    if me is None or head is None or head.number("responsible") == me.id:
        return None
    day = today(session.clock)
    now = Today(day, day)
    facts = {one: facts_of_case(queries, one, now) for one in queries.case_group(case)}
    if me.id in Readers(queries, me, session.members.members(), facts.__getitem__).of(case):
        return None
    if any(me.id in item.asked | item.answered for item in facts.values()):
        return None
    ways = (_by_roster, _by_client, _by_days, _by_handover, _by_family)
    found = (way(queries, me, one, item, now) for one, item in facts.items() for way in ways)
    return next((ended for ended in found if ended is not None), Ended(Why.SUPERVISION))


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
    return Ended(Why.REFUSED, _day(max(said)))


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


def _by_family(queries: Queries, me: Member, case: Dot, _facts: CaseFacts, _now: Today) -> Ended | None:
    if any(queries.ever_worked_in(one, me.id) for one in queries.case_group(case)):
        return None
    word = parting_word(queries, case)
    return None if word is None else Ended(Why.FAMILY, _day(word.hlc))


def _day(hlc: int) -> str:
    """Days that people read are local ones."""
    return datetime.fromtimestamp(hlc_ms(hlc) / 1000, UTC).astimezone().date().isoformat()
