"""What is known of a case file for its audience, and of who ever worked in it."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.audience import CaseFacts, Member, may_write
from app.domain.consent import item_state
from app.domain.dots import Dot
from app.domain.merge import Change
from app.domain.registry import REGISTRY
from app.domain.values import decode_register
from app.services.cases import entries_of_case
from app.services.ports import Queries
from sync.ports import MailboxIn
from sync.roster import Roster

ASSIGNING_TYPES = frozenset({"StandIn", "Consent", "Withdrawal"})
ASSIGNING_REGISTERS = frozenset({"responsible", "supervision"})


def case_facts(records: Queries, case: Dot) -> CaseFacts:
    """Give who is to receive a case file as it stands now; nobody while its head is not known here."""
    head = records.record("CaseFile", case)
    if head is None:
        return CaseFacts()
    entries = entries_of_case(records, case)
    stand_ins = (entry.number("stand_in") for entry in records.records("StandIn", case))
    return CaseFacts(
        responsible=head.number("responsible"),
        supervision=head.number("supervision"),
        stand_ins=frozenset(member for member in stand_ins if member is not None),
        supervision_item=item_state(entries, "supervision"),
        stand_in_item=item_state(entries, "stand_in"),
    )


def alters_audience(change: Change) -> bool:
    """Tell whether a change may widen or narrow who receives its case file."""
    if change.case is None:
        return False
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
    found = {member for row in into.assignments(case) for member in _named(*row)}
    return frozenset(found | ({maker.member} if maker else set()))


def author_may_write(change: Change, author: Member, roster: Roster, into: MailboxIn) -> bool | None:
    """Tell whether a sender may have written a change; None when something is lacking that may still come."""
    declared = REGISTRY.get(change.type)
    facts = None if change.case is None else CaseFacts(stand_ins=ever_involved(into, roster, change.case))
    if declared is None:
        # A newer program's type: whoever works in the case file may write in it, all else waits.
        return True if facts is not None and author.id in facts.stand_ins else None
    if declared.derived and not _is_own(change.record, author, roster):
        return False
    if declared.is_case and change.case != change.record:
        return False
    if declared.in_case and change.case is None:
        return False
    return may_write(declared, author, facts)


def _is_own(record: Dot, author: Member, roster: Roster) -> bool:
    device = roster.device_by_id(record.device)
    return device is not None and device.member == author.id


def _named(kind: str, register: str, value: bytes) -> Iterator[int]:
    declared = REGISTRY[kind].register_by_name[register]
    for given in decode_register(declared, value).values():
        if isinstance(given, int) and not isinstance(given, bool):
            yield given
