"""Who is entitled to an own change: the readers of the case file to which its record belongs now.

A record that was moved is for those who read the case file it moved to, and for
nobody else any more; while it is in doubt where it belongs, for those who read
every one of them. Case files that are one are for the readers of each of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property, reduce
from typing import Final

from app.domain.audience import AT_THE_KI, CaseFacts, Member, Role, audience, case_managers
from app.domain.classes import RegisterClass
from app.domain.dots import Dot
from app.domain.handover import HANDOVER, told_besides
from app.domain.links import LINKS, linked_case, relinks
from app.domain.merge import Change
from app.domain.orders import ORDER, ORDER_RECEIPT
from app.domain.schema import ALIAS
from app.domain.stand_in import Today
from app.services.readers import Readers
from sync.engine import Engine
from sync.ports import Post
from sync.removal.days import today_of
from sync.sending.facts import case_facts, ever_involved

_VOIDED: Final = "alias:voided:"
"""Prefix of settings: case files of which a sealed word about what they are one with was taken back."""


class Audiences:
    """Who is entitled to own changes, within one transaction."""

    def __init__(self, engine: Engine, post: Post) -> None:
        """Ask `post`, as its transaction stands."""
        self._engine = engine
        self._post = post

    @cached_property
    def _today(self) -> Today:
        return today_of(self._engine, self._post)

    @cached_property
    def _by_case(self) -> Readers:
        return Readers(self._post.records, self._engine.me, self._engine.roster.members, self.facts)

    @cached_property
    def own_others(self) -> frozenset[int]:
        """This member, when they have another device."""
        mine = self._engine.device
        others = any(item.index != mine.index for item in self._engine.roster.devices_of(mine.member))
        return frozenset({mine.member} if others else ())

    def of(self, change: Change) -> frozenset[int]:
        """Give the members who may receive a change; this device's own only for another device of theirs."""
        me = self._engine.me
        if change.case is None:
            return (self.outside(change, me) - {me.id}) | self._own_others(change)
        readers = self._of_link(change) if change.register in LINKS else self._of_home(change)
        told = told_besides(change.type, change.register, self.facts(change.case))
        managers = case_managers(self._engine.roster.members, told)
        return ((readers | managers) - {me.id}) | self._own_others(change)

    def outside(self, change: Change, author: Member) -> frozenset[int]:
        """Give the members who may receive what is of no case file.

        Orders are for those too who left the district, while they have a computer: what an order takes out,
        or locks, may lie on it. And what the KI confirms: whether who signed was responsible since, nobody
        tells them.
        """
        roster = self._engine.roster
        found = audience(change.cls, author, roster.members, None)
        confirms = change.type == ORDER_RECEIPT.name and author.role in AT_THE_KI
        if change.type != ORDER.name and not confirms:
            return found
        return found | {item.id for item in roster.members if roster.devices_of(item.id)}

    def readers(self, case: Dot, cls: RegisterClass = RegisterClass.BASE) -> frozenset[int]:
        """Give the members who may read class `cls` of a case file and of all that are one with it."""
        what = ("readers", case, cls, self._today, self._engine.roster.hash)
        return self._post.records.once(what, lambda: self._by_case.of(case, cls))

    def readers_beside(self, case: Dot, without: frozenset[Dot]) -> frozenset[int]:
        """Give the members who read a case file by others that are one with it, but for these."""
        return self._by_case.beside(case, without)

    def facts(self, case: Dot) -> CaseFacts:
        """Give who is to receive a case file as it stands now."""
        return case_facts(self._post.records, case, self._today)

    def is_led(self, case: Dot | None, without: int) -> bool:
        """Tell whether somebody but a member has a computer and leads a case file, or all else (None)."""
        roster = self._engine.roster
        if case is None:
            leads = {item.id for item in roster.members if item.active and item.role is Role.SUPERVISOR}
        else:
            facts = self.facts(case)
            named = {facts.responsible, facts.supervision}
            leads = {item for item in self.readers(case) if item in named}
        return any(roster.devices_of(item) for item in leads - {without})

    def may_vouch(self, sender: Member, change: Change, reader: int) -> bool:
        """Tell whether a member may tell another that they read it before its computer was suspended."""
        if sender.role is Role.SUPERVISOR:
            return True
        if change.case is None:
            return not self.is_led(None, reader)
        return sender.id in ever_involved(self._post.into, self._engine.roster, change.case)

    def at_home(self, change: Change) -> frozenset[int]:
        """Give the members who may read the base class wherever a change's record belongs now."""
        return reduce(frozenset.intersection, (self.readers(home) for home in self._homes_of(change)))

    def givers_told(self, change: Change) -> frozenset[int]:
        """Give who gave a case file away and may hear that once more.

        An older copy of their disk that comes back would go on with it: who leads it and their own handover
        tell it that it is over, and nothing else does.
        """
        released = frozenset[int]() if change.case is None else self.facts(change.case).released
        if released and change.type == HANDOVER.name:
            entry = self._post.records.record(HANDOVER.name, change.record)
            return released & {entry.number("handover_from") if entry else None}
        return released if (change.type, change.register) == ("CaseFile", "responsible") else frozenset()

    def told_with(self, change: Change) -> frozenset[Dot]:
        """Give the case files whose state holds a change: where its record belongs, a move on both sides."""
        made_in = frozenset(() if change.case is None else (change.case,))
        return (
            made_in | frozenset(self._homes_of(change))
            if relinks(change)
            else frozenset(self._homes_of(change))
        )

    def _own_others(self, change: Change) -> frozenset[int]:
        """Give this member when they have another device: it is to hold what this one writes."""
        return frozenset() if change.cls is RegisterClass.IDENTITY else self.own_others

    def _of_home(self, change: Change) -> frozenset[int]:
        homes = self._homes_of(change)
        return reduce(frozenset.intersection, (self.readers(home, change.cls) for home in homes))

    def _of_link(self, change: Change) -> frozenset[int]:
        """Both sides must learn of a move: those whom it leaves, and those to whom it comes."""
        records, named = self._post.records, linked_case(change)
        cases = {*records.homes_before(change), *self._homes_of(change), *(() if named is None else (named,))}
        found = frozenset[int]().union(*(self.readers(case, change.cls) for case in cases))
        if change.register != ALIAS or self._has_left(change.record):
            return found
        # What was said and undone before it left is nothing to those who have only the other case file.
        return self.readers(change.record, change.cls)

    def _has_left(self, case: Dot) -> bool:
        """Tell whether anybody may have heard that a case file is one with another, and told it on."""
        told = self._post.records.links_of(case)
        mine = [change.dot for change in told if change.dot.device == self._engine.device.id]
        sealed = self._post.out.sealed_audiences(mine, self._engine.index)
        named_by = {alias.author for alias in self._post.records.joins() if alias.into == case}
        if len(mine) < len(told) or named_by - {self._engine.me.id} or any(sealed.values()):
            return True
        return self._post.records.setting(_VOIDED + str(case)) is not None

    def _homes_of(self, change: Change) -> tuple[Dot, ...]:
        made_in = () if change.case is None else (change.case,)
        return self._post.records.homes_of(change.record) or made_in


def is_only_here(engine: Engine, post: Post, case: Dot, but: frozenset[int | None] = frozenset()) -> bool:
    """Tell whether something written here in a case file was sent to nobody else than these members."""
    dots = post.orders.made_here(case, engine.device.id)
    sealed = post.out.sealed_audiences(dots, engine.index)
    return any(sealed.get(dot, frozenset()) <= but | {engine.me.id} for dot in dots)


def note_voided_links(post: Post, changes: Iterable[Change]) -> None:
    """Note that words about what is one were taken back: an answer may have been cut, and they have left."""
    for case in {change.record for change in changes if change.register == ALIAS}:
        post.records.put_setting(_VOIDED + str(case), "left")
