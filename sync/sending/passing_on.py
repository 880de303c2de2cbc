"""Whom others' changes did not reach: their writers did not know of them, and are told nothing any more.

Such a writer was shut out by the client, stood in until yesterday, gave the case file up, or lost the
computer: it wrote for those whom it knew then. Who leads the case file tells the others.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from app.domain.classes import RegisterClass
from app.domain.dots import Context, Dot
from app.domain.merge import Change
from app.services.readers import ENTRY_TYPES
from sync.engine import Engine
from sync.ports import Post
from sync.roster import Device, DeviceState
from sync.sending.departed import departed
from sync.sending.facts import ever_involved
from sync.sending.reach import Audiences
from sync.sending.telling import LASTING, WORKING, Telling

_ASKED: Final = "asked_for_all:"
"""Prefix of what is remembered of a computer (roster index) that asked for the state of everything."""


def note_asked_for_all(post: Post, device: Device) -> None:
    """Note that a computer asks for the state of everything: its disk may have been lost, and its writing.

    Where its person is told nothing any more, others are told what it wrote.
    """
    post.rounds.put_state(_ASKED + str(device.index), b"\1")
    post.asking.note_heard(post.into.cases_written_on(device.id))


def has_asked_for_all(post: Post, device: Device) -> bool:
    """Tell whether a computer ever asked for the state of everything."""
    return post.rounds.state(_ASKED + str(device.index)) is not None


class PassingOn:
    """Finds out who is to be told, within one transaction."""

    def __init__(self, engine: Engine, telling: Telling, post: Post) -> None:
        """Ask `post`, as its transaction stands."""
        self._engine = engine
        self._telling = telling
        self._post = post
        self._audiences = Audiences(engine, post)
        self._sent: dict[tuple[int, int], frozenset[bytes]] = {}
        self._lost: frozenset[int] = frozenset()

    def due(self, case: Dot) -> dict[int, tuple[Change, ...]]:
        """Give who may read of a case file, lacks something of it and is told from here, each with what."""
        gone = self._gone(case)
        names = {device.id for device in gone}
        self._lost = frozenset(device.id for device in gone if has_asked_for_all(self._post, device))
        others = (self._audiences.readers(case) | self._beside(case, names)) - {self._engine.me.id}
        others |= self._audiences.own_others if self._lost else frozenset()
        is_family = len(self._post.records.case_group(case)) > 1
        mine = [member for member in others if self._is_to_tell(case, member)] if names or is_family else []
        leading = self._leading_others(case) & others if is_family else frozenset[int]()
        if not (mine or leading):
            return {}
        state = self._post.asking.state_of_case(case, LASTING)
        # Who reads a family follows from what clients said in each of its case files. Its writers may be
        # shut out of the others until all know it: each would wait for somebody else to tell first.
        said = ENTRY_TYPES if is_family else ()
        written = [item for item in state if item.dot.device in names or item.type in said]
        due = {
            member: self._to_tell(case, member, state)
            for member in mine
            if self._lacking(case, member, written)
        }
        for member in mine:
            left = self._lacking(case, member, self._left(case, member, names))
            due |= {member: (*due.get(member, ()), *left)} if left else {}
        told = {member: self._who_works(case, member, state) for member in leading.difference(mine)}
        return due | {member: changes for member, changes in told.items() if changes}

    def _left(self, case: Dot, member: int, names: Collection[int]) -> list[Change]:
        """Give what took records out of a case file by the word of such a computer, of those told from here.

        Who wrote it did not know of a member to whom the record had been told as one of this case file.
        """
        asking = self._post.asking
        return [
            word
            for word in departed(self._post, case)
            if word.dot.device in names
            and any(asking.is_in_state(change, member) for change in asking.change(word.record))
        ]

    def _who_works(self, case: Dot, member: int, state: Sequence[Change]) -> tuple[Change, ...]:
        """Give of a state what says who works there and what clients said, where a member lacks any of it."""
        records = {item.record for item in self._lacking(case, member, list(filter(_is_about_work, state)))}
        kept = (item for item in state if item.record in records)
        return tuple(item for item in kept if _is_about_work(item) or item.dot == item.record)

    def due_beside_teller(self, case: Dot) -> dict[int, tuple[Change, ...]]:
        """Give what any reader tells, with what proves it: it may have reached this one alone.

        Whoever tells the others of the case file is told all; the others what is sensitive, where that one is
        not cleared and has none of it.
        """
        me, readers = self._engine.me.id, self._audiences.readers(case)
        names = {device.id for device in self._gone(case)} if me in readers else set()
        if not names:
            return {}
        others = [member for member in sorted(readers - {me}) if not self._is_to_tell(case, member)]
        state = self._post.asking.state_of_case(case, LASTING) if others else ()
        written = [item for item in state if item.dot.device in names]
        secret = [item for item in written if item.cls is RegisterClass.SENSITIVE]
        first, cleared = self._teller(case), self._audiences.readers(case, RegisterClass.SENSITIVE)
        due = {member: secret for member in others if self._teller(case, member) not in cleared}
        due |= {member: written for member in others if member == first}
        told = {member: tuple(self._lacking(case, member, changes)) for member, changes in due.items()}
        return {member: changes for member, changes in told.items() if changes}

    def _teller(self, case: Dot, *members: int) -> int | None:
        return self._telling.teller(self._audiences, case, frozenset(members))

    def _leading_others(self, case: Dot) -> frozenset[int]:
        """Give who leads the other case files of a family, where this member may tell who works in this one.

        Each leader tells the other's readers, once they know of each other: somebody new to one of the case
        files, and who was shut out of it before, learn of each other from who reads both.
        """
        if not self._telling.may_carry(self._audiences, self._post, case):
            return frozenset()
        others = set(self._post.records.case_group(case)) - {case}
        return frozenset(member for one in others if (member := self._audiences.facts(one).responsible))

    def _beside(self, case: Dot, names: Collection[int]) -> frozenset[int]:
        """Give who reads another case file of which one of these computers said what it is one with."""
        said = (item for item in self._post.records.links_of(case) if item.dot.device in names)
        return frozenset[int]().union(*map(self._audiences.of, said))

    def _to_tell(self, case: Dot, member: int, state: Sequence[Change]) -> tuple[Change, ...]:
        """Give of a state what a member is not known to have: whole records, and what says who works there.

        That goes with the change that began its record: nothing is judged without it, and what the member
        got else may wait for this. Others may have told them nothing of what they wrote before: that is for
        who leads.
        """
        whole = {change.record for change in self._lacking(case, member, state)}
        about_work = {change.record for change in state if change.register in WORKING}
        return tuple(
            change
            for change in state
            if change.record in whole
            or (change.record in about_work and (change.register in WORKING or change.dot == change.record))
        )

    def _gone(self, case: Dot) -> list[Device]:
        """Give the computers that wrote in a case file, or moved things out, and hear no more who reads."""
        told = self._audiences.readers(case) | {self._engine.me.id}
        movers = {word.dot.device for word in departed(self._post, case)}
        known = map(self._engine.roster.device_by_id, self._post.asking.writers(case) | movers)
        return [
            item
            for item in known
            if item is not None
            and item.index != self._engine.index
            and (item.member not in told or item.state is not DeviceState.ACTIVE)
        ]

    def _is_to_tell(self, case: Dot, member: int) -> bool:
        at_work = bool(self._engine.roster.devices_of(member))
        return at_work and self._telling.is_mine(self._audiences, self._post, case, frozenset({member}))

    def _lacking(self, case: Dot, member: int, changes: Sequence[Change]) -> list[Change]:
        """Give what a member may read and nobody is known to have sent them."""
        past = [change for change in changes if not self._is_sent(change, member)]
        signed = self._post.handovers.receipts(case, member) if past else Context()
        return [
            change
            for change in past
            if change.dot not in signed
            and not self._post.asking.is_in_state(change, member)
            and self._telling.may_read(self._audiences, (change,), member)
        ]

    def _is_sent(self, change: Change, member: int) -> bool:
        """Tell whether the computer that wrote a change sends it to a member itself, again where it has to.

        One that was put out brings nothing any more, and what it sent may have been lost, or lie on a stick;
        nor may one of somebody who left the district: who opens it?
        Nor does one that lost its disk, and is not told again what it wrote where its person is shut out.
        What somebody wrote who never worked in this case file, but in one that was one with it for a moment,
        nobody can judge who has only this one: they take it from who leads.
        """
        if change.dot.device == self._engine.device.id:
            sealed = self._post.out.sealed_audiences((change.dot,), self._engine.index)
            return member in sealed.get(change.dot, ())
        roster = self._engine.roster
        device = roster.device_by_id(change.dot.device)
        if device is None or device.state is not DeviceState.ACTIVE or device.id in self._lost:
            return False
        writer = roster.member(device.member)
        if writer is None or not writer.active:
            return False
        if change.case and device.member not in ever_involved(self._post.into, roster, change.case):
            return False
        return device.member == member or change.dot.to_bytes() in self._sent_to(device.index, member)

    def _sent_to(self, device: int, member: int) -> frozenset[bytes]:
        """Give what a computer (by roster index) sent to a member, as far as it was sent here too."""
        name = (device, member)
        if name not in self._sent:
            self._sent[name] = self._post.asking.sent_to(device, member)
        return self._sent[name]


def _is_about_work(change: Change) -> bool:
    """Tell whether a change says who works in a case file, or what a client said of that."""
    return change.type in ENTRY_TYPES or change.register in WORKING
