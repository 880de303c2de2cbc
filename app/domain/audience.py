"""Who may receive a register, and who may write a record: pure rules over roster and case facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.classes import RegisterClass
from app.domain.schema import RecordType, Whom


class Role(StrEnum):
    """What a member of the district does; the words are part of the roster."""

    CASE_MANAGER = "case_manager"
    SUPERVISOR = "supervisor"
    COORDINATOR = "coordinator"
    ADMINISTRATION = "administration"


IN_CASES = frozenset({Role.CASE_MANAGER, Role.SUPERVISOR})
"""Who may read and write in case files at all (design: protection, Roles)."""
AT_THE_KI = frozenset({Role.SUPERVISOR, Role.COORDINATOR, Role.ADMINISTRATION})


@dataclass(frozen=True)
class Member:
    """A person in the roster. `supervisor` is the member id of a case manager's supervisor."""

    id: int
    name: str
    employer: str
    role: Role
    cleared: bool = False
    supervisor: int | None = None
    immigration_duties: bool = False
    active: bool = True


@dataclass(frozen=True)
class CaseFacts:
    """What the audience of a case file depends on; items are "yes", "no" or None.

    `stand_ins`: those whose time it is. `givers` handed the case file over and have not
    seen yet that all of it arrived, `released` have; `asked` were asked to take it over and have
    not answered, `answered` said no, or the request was taken back.
    """

    responsible: int | None = None
    supervision: int | None = None
    stand_ins: frozenset[int] = field(default_factory=frozenset)
    supervision_item: str | None = None
    stand_in_item: str | None = None
    givers: frozenset[int] = field(default_factory=frozenset)
    released: frozenset[int] = field(default_factory=frozenset)
    asked: frozenset[int] = field(default_factory=frozenset)
    named: frozenset[int] = field(default_factory=frozenset)
    answered: frozenset[int] = field(default_factory=frozenset)


def audience(
    cls: RegisterClass, author: Member, members: Iterable[Member], facts: CaseFacts | None
) -> frozenset[int]:
    """Give the ids of the members who may receive a register of class `cls` that `author` wrote."""
    known = {item.id: item for item in members}
    active = {item.id: item for item in known.values() if item.active}
    if cls is RegisterClass.IDENTITY:
        return frozenset()
    if cls is RegisterClass.DIRECTORY or (cls is RegisterClass.KI and author.role in AT_THE_KI):
        return frozenset(active)
    if cls in (RegisterClass.KI, RegisterClass.FIGURES):
        return frozenset(i for i, item in active.items() if item.role in (Role.SUPERVISOR, Role.COORDINATOR))
    readers = _case_readers(known, active, facts or CaseFacts())
    if cls is RegisterClass.SENSITIVE:
        readers = frozenset(i for i in readers if active[i].cleared)
    return readers


def case_managers(members: Iterable[Member], among: frozenset[int]) -> frozenset[int]:
    """Give the ids of those among `among` who may be told of a handover."""
    return frozenset(item.id for item in members if item.id in among and _may_take_over(item))


def may_write(record_type: RecordType, author: Member, facts: CaseFacts | None) -> bool | None:
    """Tell whether `author` may write; None when only an assignment could say so that is not known here."""
    if record_type.by_all:
        return True
    if record_type.derived:
        return author.role is Role.CASE_MANAGER
    if not (record_type.in_case or record_type.is_case):
        return author.role in AT_THE_KI
    if author.role not in IN_CASES:
        return False
    if facts is None:
        return None
    involved = {facts.responsible, facts.supervision, *facts.stand_ins}
    return True if author.id in involved else None


def _case_readers(known: dict[int, Member], active: dict[int, Member], facts: CaseFacts) -> frozenset[int]:
    # The case file stays with the employer of its case manager when that one leaves, until it is handed over.
    responsible = known.get(facts.responsible) if facts.responsible is not None else None
    found = {responsible.id} if responsible is not None and responsible.active else set()
    found |= case_managers(active.values(), facts.givers)
    found |= {i for i in facts.named if i in active and not active[i].immigration_duties}
    asked = [(facts.supervision, facts.supervision_item)]
    asked += [(member, facts.stand_in_item) for member in facts.stand_ins]
    for member_id, item in asked:
        reader = active.get(member_id) if member_id is not None else None
        if reader and not reader.immigration_duties and _agreed(reader, responsible, item):
            found.add(reader.id)
    return frozenset(i for i in found if active[i].role in IN_CASES)


def may_stand_in(member: Member | None) -> bool:
    """Tell whether somebody may be named as a stand-in."""
    if member is None or not member.active:
        return False
    return member.role in IN_CASES and not member.immigration_duties


def suits(member: Member, whom: Whom) -> bool:
    """Tell whether a form offers this member; who has left may still have case files that others see to."""
    if whom is Whom.MAY_STAND_IN:
        return may_stand_in(member)
    if whom is Whom.MAY_TAKE_OVER:
        return _may_take_over(member)
    return member.role is Role.CASE_MANAGER if whom is Whom.MAY_HAVE_CASES else member.active


def _may_take_over(member: Member) -> bool:
    return member.active and member.role is Role.CASE_MANAGER and not member.immigration_duties


def _agreed(reader: Member, responsible: Member | None, item: str | None) -> bool:
    same_employer = responsible is not None and reader.employer == responsible.employer
    return item == "yes" or (same_employer and item != "no")
