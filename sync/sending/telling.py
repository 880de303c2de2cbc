"""Telling states of case files, in parts of which each fits an envelope: to who may read them from now on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from typing import Final

from app.domain.audience import Role
from app.domain.classes import RegisterClass
from app.domain.dots import Dot
from app.domain.links import LINKS, relinks
from app.domain.merge import Change
from app.domain.schema import BELONGS
from app.services.mailbox import ChannelKey, SealedEnvelope
from sync.encoding.signing import sha256
from sync.engine import Engine
from sync.ports import Post
from sync.sending.facts import named_in
from sync.sending.giving_back import GivingBack, proofs_at_hand
from sync.sending.own_channels import Channels
from sync.sending.places import following_place
from sync.sending.reach import Audiences
from sync.sending.too_large import note_too_large
from sync.signed.checkpoint import (
    Part,
    Proof,
    Proofs,
    fit_proofs,
    fit_state,
    proof_for,
    seal_part,
)

WORKING: Final = frozenset({"responsible", "supervision", "stand_in", "handover"})
"""Registers that say who works in a case file, and so who may tell of it."""
LASTING: Final = WORKING | set(LINKS)
"""Registers of which a state holds every change, superseded ones too: later entries are judged by them."""


AT_ONCE: Final = 200
"""Case files whose state is put together at a time."""


class Telling:
    """Seals states as checkpoints; everything happens in the caller's transaction."""

    def __init__(self, engine: Engine, channels: Channels) -> None:
        """Seal into `channels`."""
        self._engine = engine
        self._channels = channels

    def tell_newcomer(self, post: Post, member: int, cases: Mapping[Dot, frozenset[int]]) -> int:
        """Tell a member the state of case files that are this device's to tell; gives how many envelopes.

        `cases` names with each case file all who are new to it.
        """
        audiences = Audiences(self._engine, post)
        mine = [case for case, members in cases.items() if self.is_mine(audiences, post, case, members)]
        changes: list[Change] = []
        for case in mine:
            changes += self._may_read(audiences, post.asking.state_of_case(case, LASTING), member)
        if not changes:
            return 0
        key = self._channels.open(post, frozenset({member}))
        count = len(self.tell(post, key, changes))
        for case in mine:
            # Who is only asked to take the case file over was told of that, and not the whole.
            if member in audiences.readers(case):
                post.asking.note_given(case, (member,), self._engine.device.id)
        return count

    def tell_newcomers(self, post: Post, case: Dot, members: frozenset[int]) -> int:
        """Tell members one case file's state, if it is this device's to tell; gives how many envelopes."""
        return sum(self.tell_newcomer(post, member, {case: members}) for member in sorted(members))

    def tell_what_lacks(self, post: Post, told: Mapping[int, tuple[Change, ...]]) -> int:
        """Tell members parts of a state, those who lack the same at once; gives how many envelopes."""
        audiences = Audiences(self._engine, post)
        groups: dict[tuple[Change, ...], set[int]] = {}
        for member, changes in told.items():
            groups.setdefault(self._may_read(audiences, changes, member), set()).add(member)
        return sum(
            len(self.tell(post, self._channels.open(post, frozenset(members)), changes))
            for changes, members in groups.items()
            if changes
        )

    def may_read(self, audiences: Audiences, changes: Sequence[Change], member: int) -> bool:
        """Tell whether a member may read all of these changes."""
        return all(self._is_for(audiences, change, member) for change in changes)

    def tell_proven(self, post: Post, key: ChannelKey, back: GivingBack) -> list[int]:
        """Seal changes, each part with what proves it; gives the parts' places."""
        fitted = self._fitted(post, _by_record(back.changes), [], back.proofs)
        return [self.seal_part(post, key, Part(part, back.proofs(part))) for part in fitted]

    def is_mine(self, audiences: Audiences, post: Post, case: Dot, members: frozenset[int]) -> bool:
        """Tell whether this device is to tell these members of a case file: the responsible's.

        Who was it before, and the supervisor, when the responsible is among them or has no computer any more;
        and whoever reads it where no supervisor does who has one.
        """
        me = self._engine.me.id
        responsible = audiences.facts(case).responsible
        teller = self.teller(audiences, case, members)
        if me in (responsible, teller):
            return True
        if responsible is None or teller == responsible:
            return False
        return self.may_carry(audiences, post, case) or (teller is None and me in audiences.readers(case))

    def teller(self, audiences: Audiences, case: Dot, members: frozenset[int]) -> int | None:
        """Give who is to tell these members of a case file: who leads or supervises it and has a computer."""
        facts, others = audiences.facts(case), audiences.readers(case) - members
        at_work = frozenset(item for item in others if self._is_at_work(item))
        return next((item for item in (facts.responsible, facts.supervision) if item in at_work), None)

    def may_carry(self, audiences: Audiences, post: Post, case: Dot) -> bool:
        """Tell whether this member supervises, made or ever led a case file: others take it from here."""
        me, maker = self._engine.me.id, self._engine.roster.device_by_id(case.device)
        if maker is not None and maker.member == me:
            return True
        named = (
            member
            for kind, register, value in post.into.assignments(case)
            if register == "responsible"
            for member in named_in(kind, register, value)
        )
        return audiences.facts(case).supervision == me or me in named

    def _is_at_work(self, member: int) -> bool:
        """Tell whether a member has a computer and did not leave."""
        known = self._engine.roster.member(member)
        return known is not None and known.active and bool(self._engine.roster.devices_of(member))

    def _may_read(self, audiences: Audiences, changes: Iterable[Change], member: int) -> tuple[Change, ...]:
        return tuple(change for change in changes if self._is_for(audiences, change, member))

    def _is_for(self, audiences: Audiences, change: Change, member: int) -> bool:
        roster = self._engine.roster
        author = roster.member(change.author)
        maker = roster.device_by_id(change.dot.device)
        if author is None or maker is None or maker.member != author.id:
            return False
        if change.case is None and author.id != self._engine.me.id:
            return member in audiences.outside(change, author) or member == author.id
        if member in audiences.of(change) | audiences.givers_told(change):
            return True
        if change.cls is RegisterClass.IDENTITY:
            return False
        # Who writes what is sensitive need not be cleared, and is to have it again after a restore.
        return change.case is not None and member == author.id and member in audiences.at_home(change)

    def tell(self, post: Post, key: ChannelKey, changes: Sequence[Change]) -> list[int]:
        """Seal a state, then the proofs of what others wrote in it; gives the parts' places."""
        engine = self._engine
        # What went along to another case file is part of the states of both.
        unique = {change.digest: change for change in changes}.values()
        ordered = _by_record(unique)
        others = tuple(item for item in ordered if item.author != engine.me.id)
        # One that fits no envelope stays behind: what it would show is attested.
        proofs = tuple(proof for proof in self._proofs(post, others) if proof.fits)
        along = GivingBack(engine, post, self._entitling(others)).proofs
        too_large: list[Change] = []
        fitted = self._fitted(post, ordered, too_large, along)
        places = [self.seal_part(post, key, Part(part, along(part))) for part in fitted]
        note_too_large(post, (change.dot for change in too_large))
        for several in fit_proofs(proofs):
            places.append(self.seal_part(post, key, Part(proofs=several)))
        return places

    def _fitted(
        self,
        post: Post,
        ordered: Sequence[Change],
        too_large: list[Change],
        proofs: Proofs,
    ) -> Iterator[tuple[Change, ...]]:
        engine = self._engine
        audiences = Audiences(engine, post)
        leads = cache(partial(self._leads, audiences))
        for together in _apart(ordered, leads):
            yield from fit_state(
                together,
                device=engine.index,
                session=engine.office.session,
                roster=engine.roster,
                too_large=too_large,
                proofs=proofs,
            )

    def _leads(self, audiences: Audiences, case: Dot | None) -> bool:
        """Tell whether whoever may read a case file takes it from here; what is in none, from anybody."""
        me = self._engine.me
        return case is None or me.role is Role.SUPERVISOR or audiences.facts(case).responsible == me.id

    def _entitling(self, changes: Iterable[Change]) -> tuple[Change, ...]:
        """Give what makes this member responsible, for what was moved there too, and those who named them.

        It travels with its proof, and entitles to the parts behind it.
        """
        if self._engine.me.role is Role.SUPERVISOR:
            return ()
        return tuple(item for item in changes if item.register == BELONGS or item.register in WORKING)

    def _proofs(self, post: Post, changes: Sequence[Change]) -> Iterator[Proof]:
        """Give what proves others' changes, as far as it is still at hand; each change once."""
        waiting = {change.dot for change in changes}
        for proof in proofs_at_hand(self._engine.roster, post, changes):
            names = _named(proof)
            if not waiting & {Dot.from_bytes(name) for name in names}:
                continue
            known = {name: post.asking.change(Dot.from_bytes(name)) for name in names}
            sent = proof_for(proof, waiting, known, self._engine.roster)
            if sent is not None:
                waiting -= {Dot.from_bytes(name) for name in _named(sent)}
                yield sent

    def seal_part(self, post: Post, key: ChannelKey, part: Part) -> int:
        """Seal one part at the next place, and give its number there."""
        engine = self._engine
        place = following_place(engine, post, key)
        data = seal_part(
            part,
            place=place,
            channel_key=key.key,
            roster=engine.roster,
            sign=engine.sign,
            entropy=engine.entropy,
        )
        envelope = SealedEnvelope(
            place.session, place.channel, place.n, place.epoch, sha256(data), data, engine.now_ms()
        )
        mine = [change.dot for change in part.changes if change.dot.device == engine.device.id]
        post.out.put_sealed(envelope, mine)
        post.asking.note_in_state(envelope, (change.dot for change in part.changes))
        return place.n


def _by_record(changes: Iterable[Change]) -> list[Change]:
    return sorted(changes, key=lambda item: (item.record, item.dot != item.record, item.dot))


def _apart(changes: Sequence[Change], leads: Callable[[Dot | None], bool]) -> Iterator[Sequence[Change]]:
    """Give what is told together: what its reader may be unable to judge must hold nothing else up.

    That is what was written in a case file that others lead, each by itself; and words about where a record
    belongs that went elsewhere: who never knew that record cannot read them.
    """
    told = {change.record for change in changes if change.dot == change.record}
    apart: dict[tuple[str, Dot | None], list[Change]] = {}
    for change in changes:
        away = relinks(change) and change.record not in told
        led = ("in", None if leads(change.case) else change.case)
        apart.setdefault(("away", change.record) if away else led, []).append(change)
    yield from apart.values()


def _named(proof: Proof) -> set[bytes]:
    """Give the names of the changes that a proof shows."""
    return {leaf[0] for leaf in proof.leaves if not isinstance(leaf, bytes)}
