"""Who reads a case file today, as far as this store knows: family, roster, dates and consents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from app.domain.audience import CaseFacts, Member, Role, audience
from app.domain.classes import RegisterClass
from app.domain.consent import item_state
from app.domain.dots import Dot
from app.domain.handover import HANDOVER, givers, handovers
from app.domain.records import Record
from app.domain.stand_in import STAND_IN, Today, stand_ins_of
from app.services.ports import Queries

ENTRY_TYPES = ("Consent", "Withdrawal")
"""Types of entries in which a client says yes or no."""


def entries_of_case(queries: Queries, case: Dot | None) -> tuple[Record, ...]:
    """Give the consents and withdrawals of a case file."""
    if case is None:
        return ()
    return tuple(entry for name in ENTRY_TYPES for entry in queries.records(name, case))


def facts_of_case(records: Queries, case: Dot, today: Today) -> CaseFacts:
    """Give who is to receive a case file as it stands now; nobody while its head is not known here."""
    head = records.record("CaseFile", case)
    if head is None:
        return CaseFacts()
    entries = entries_of_case(records, case)
    handed = handovers(records.records(HANDOVER.name, case))
    return CaseFacts(
        responsible=head.number("responsible"),
        supervision=head.number("supervision"),
        stand_ins=stand_ins_of(records.records(STAND_IN.name, case), today),
        supervision_item=item_state(entries, "supervision"),
        stand_in_item=item_state(entries, "stand_in"),
        givers=givers(handed, head.number("responsible"), "accepted"),
        released=givers(handed, head.number("responsible"), "released"),
        asked=frozenset(item.recipient for item in handed if item.status == "asked"),
        answered=frozenset(item.recipient for item in handed if item.status in ("withdrawn", "declined")),
    )


class Readers:
    """Who reads which case file."""

    def __init__(
        self,
        records: Queries,
        me: Member,
        members: Sequence[Member],
        facts: Callable[[Dot], CaseFacts],
    ) -> None:
        """Ask `records`, for who works here as `me`; `facts` gives what `facts_of_case` does."""
        self._records = records
        self._me = me
        self._members = members
        self._facts = facts

    def of(self, case: Dot, cls: RegisterClass = RegisterClass.BASE) -> frozenset[int]:
        """Give the members who may read a class of a case file and of all that are one with it."""
        group = self._records.case_group(case)
        return frozenset[int]().union(*(self._of_file(cls, item, group) for item in group))

    def beside(self, case: Dot, without: frozenset[Dot]) -> frozenset[int]:
        """Give the members who read a case file by others that are one with it, but for these."""
        group = self._records.case_group(case)
        others = (self._of_file(RegisterClass.BASE, item, group) for item in group if item not in without)
        return frozenset[int]().union(*others)

    def _of_file(self, cls: RegisterClass, case: Dot, group: tuple[Dot, ...]) -> frozenset[int]:
        facts = self._facts(case)
        if facts.responsible is None:
            facts = CaseFacts(named=self._named(case, group))
        return audience(cls, self._me, self._members, facts)

    def _named(self, case: Dot, group: tuple[Dot, ...]) -> frozenset[int]:
        """Give the readers whom an alias names, of a case file that is not here."""
        heads = (self._records.record("CaseFile", item) for item in group if item != case)
        found = (head for head in heads if head is not None and head.reference("alias_into") == case)
        texts = (text for head in found for text in head.items("alias_into_readers"))
        by_id = {str(member.id): member for member in self._members}
        named = [by_id[text] for text in texts if text in by_id]
        facts = [self._facts(item) for item in group if item != case]
        return frozenset(member.id for member in named if not _is_refused(member, facts))


def _is_refused(member: Member, facts: Iterable[CaseFacts]) -> bool:
    """Tell whether a client may have said no to a member of whom only an alias tells that they read.

    A case manager may be responsible there or stand in: as long as that is not known, a no counts.
    """
    supervises = member.role is Role.SUPERVISOR
    return "no" in {item.supervision_item if supervises else item.stand_in_item for item in facts}
