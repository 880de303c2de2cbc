"""What is known of a case file for its audience, and of who ever worked in it."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.audience import CaseFacts, Member, may_write
from app.domain.dots import Dot
from app.domain.handover import HANDOVER
from app.domain.links import relinks
from app.domain.merge import Change
from app.domain.registry import REGISTRY
from app.domain.stand_in import Today
from app.domain.values import decode_register
from app.services.ports import UnitOfWork
from app.services.readers import facts_of_case
from sync.ports import MailboxIn
from sync.roster import Roster

ASSIGNING_TYPES = frozenset({"StandIn", "Consent", "Withdrawal", "Handover"})
ASSIGNING_REGISTERS = frozenset({"responsible", "supervision"})


def case_facts(records: UnitOfWork, case: Dot, today: Today) -> CaseFacts:
    """Give who is to receive a case file as it stands now; nobody while its head is not known here."""
    return records.once(("facts", case, today), lambda: facts_of_case(records, case, today))


def refused_by(facts: CaseFacts) -> frozenset[int]:
    """Give who works in a case file and was shut out by the client: they are told nothing any more."""
    found = set(facts.stand_ins) if facts.stand_in_item == "no" else set()
    if facts.supervision_item == "no" and facts.supervision is not None:
        found.add(facts.supervision)
    return frozenset(found)


def alters_audience(change: Change) -> bool:
    """Tell whether a change may widen or narrow who receives its case file."""
    if change.case is None:
        return False
    if relinks(change):
        return True
    return change.type in ASSIGNING_TYPES or (
        change.type == "CaseFile" and change.register in ASSIGNING_REGISTERS
    )


def ever_involved(into: MailboxIn, roster: Roster, case: Dot) -> frozenset[int]:
    """Give the members who made a case file or were ever named in it.

    It only ever grows with what is known, so that whether a change is taken
    depends on the set received and never on its order; who wrote before a
    handover arrived here has written rightly.
    """
    maker = roster.device_by_id(case.device)
    rows = (row for row in into.assignments(case) if row[0] != HANDOVER.name)
    found = {member for row in rows for member in named_in(*row)}
    return frozenset(found | ({maker.member} if maker else set()))


def ever_asked(into: MailboxIn, case: Dot) -> frozenset[int]:
    """Give the members who were ever asked to take a case file over: they may answer, and no more."""
    rows = (row for row in into.assignments(case) if row[0] == HANDOVER.name)
    return frozenset(member for row in rows for member in named_in(*row))


def author_may_write(
    change: Change,
    author: Member,
    roster: Roster,
    into: MailboxIn,
    named: frozenset[int] = frozenset(),
    asked: frozenset[int] = frozenset(),
) -> bool | None:
    """Tell whether a sender may have written a change; None when something is lacking that may still come.

    `named`: the members whom changes before it in the same envelope assign; `asked`: those whom they ask to
    take the case file over.
    """
    declared = REGISTRY.get(change.type)
    facts = None
    if change.case is not None:
        facts = CaseFacts(stand_ins=ever_involved(into, roster, change.case) | named)
    if declared is None:
        # A newer program's type: whoever works in the case file may write in it, all else waits.
        return True if facts is not None and author.id in facts.stand_ins else None
    if declared.derived and not _is_own(change.record, author, roster):
        return False
    if declared.is_case and change.case != change.record:
        return False
    if declared.in_case and change.case is None:
        return False
    allowed = may_write(declared, author, facts)
    if allowed is None and change.case is not None and _answers(change):
        return True if author.id in ever_asked(into, change.case) | asked else None
    return allowed


def assigned_by(change: Change) -> frozenset[int]:
    """Give the members whom a change of a case file's own assignments names."""
    assigns = change.type == "StandIn" and change.register == "stand_in"
    assigns = assigns or (change.type == "CaseFile" and change.register in ASSIGNING_REGISTERS)
    return frozenset(named_in(change.type, change.register, change.value)) if assigns else frozenset()


def named_in(kind: str, register: str, value: bytes) -> Iterator[int]:
    """Go through the members whom the value of an assigning register lets work in the case file."""
    given = decode_register(REGISTRY[kind].register_by_name[register], value)
    named = (given.get("handover_to"),) if kind == HANDOVER.name else given.values()
    for item in named:
        if isinstance(item, int) and not isinstance(item, bool):
            yield item


def _answers(change: Change) -> bool:
    return change.type == HANDOVER.name or (change.type == "CaseFile" and change.register == "responsible")


def _is_own(record: Dot, author: Member, roster: Roster) -> bool:
    device = roster.device_by_id(record.device)
    return device is not None and device.member == author.id
