"""Telling states: to a member newly in the audience of a case file, and to a device that asks for all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from app.domain.audience import Role, audience
from app.domain.dots import Dot
from app.domain.links import LINKS
from app.domain.merge import Change
from app.services.mailbox import ChannelKey, Place, SealedEnvelope, Stream
from sync import wire
from sync.checkpoint import (
    Answer,
    Part,
    Proof,
    Reach,
    fit_proofs,
    fit_state,
    proof_for,
    read_proof,
    seal_part,
)
from sync.days import today_of
from sync.engine import Engine
from sync.facts import case_facts, named_in
from sync.own_channels import Channels
from sync.places import following_place
from sync.ports import Post
from sync.reach import Audiences
from sync.signing import sha256

LASTING = frozenset({"responsible", "supervision", "stand_in", "handover"} | set(LINKS))
"""Registers of which a state holds every change, superseded ones too: later entries are judged by them."""


class Telling:
    """Seals states as checkpoints; everything happens in the caller's transaction."""

    def __init__(self, engine: Engine, channels: Channels) -> None:
        """Seal into `channels`."""
        self._engine = engine
        self._channels = channels

    def tell_newcomers(self, post: Post, case: Dot, members: frozenset[int]) -> int:
        """Tell members a case file's state, if it is this device's to tell; gives the number of envelopes."""
        if not self._is_mine(post, case, members):
            return 0
        changes = post.asking.state_of_case(case, LASTING)
        readers = Audiences(self._engine, post).readers(case)
        count = 0
        for member in sorted(members):
            told = self._may_read(post, changes, member)
            count += self._tell(post, member, told, None)
            # Who is only asked to take the case file over was told of that, and not the whole.
            if member in readers:
                post.asking.note_given(case, (member,), self._engine.device.id)
        return count

    def answer_all(self, post: Post) -> int:
        """Tell everything to the devices that asked for it and can be reached; gives how many envelopes."""
        count = 0
        for device, ask in post.asking.state_due():
            member = self._engine.roster.member_of_device(device)
            if member is not None and self._channels.reaches(post, member.id):
                count += self._answer(post, device, member.id, ask)
        return count

    def may_read(self, post: Post, changes: Sequence[Change], member: int) -> bool:
        """Tell whether a member may read all of these changes."""
        return len(self._may_read(post, changes, member)) == len(changes)

    def _answer(self, post: Post, device: int, member: int, ask: bytes) -> int:
        changes: list[Change] = []
        for case in (*post.asking.case_files(), None):
            known = post.asking.state_of_case(case, LASTING)
            whole = self._engine.me.role is Role.SUPERVISOR if case is None else self._leads(post, case)
            mine = known if whole else [item for item in known if item.author == self._engine.me.id]
            changes += self._may_read(post, mine, member)
            if case is not None and whole:
                post.asking.note_given(case, (member,), self._engine.device.id)
        return self._tell(post, member, changes, (device, ask))

    def _is_mine(self, post: Post, case: Dot, members: frozenset[int]) -> bool:
        """Tell whether this device is the one to tell: the responsible's, or who was it when they are new."""
        me = self._engine.me.id
        facts = case_facts(post.records, case, today_of(self._engine, post))
        if facts.responsible == me:
            return True
        if facts.responsible not in members:
            return False
        named = (
            member
            for kind, register, value in post.into.assignments(case)
            if register == "responsible"
            for member in named_in(kind, register, value)
        )
        return facts.supervision == me or me in named

    def _leads(self, post: Post, case: Dot) -> bool:
        facts = case_facts(post.records, case, today_of(self._engine, post))
        return self._engine.me.id in (facts.responsible, facts.supervision)

    def _may_read(self, post: Post, changes: Iterable[Change], member: int) -> tuple[Change, ...]:
        audiences = Audiences(self._engine, post)
        return tuple(change for change in changes if self._is_for(audiences, change, member))

    def _is_for(self, audiences: Audiences, change: Change, member: int) -> bool:
        roster = self._engine.roster
        author = roster.member(change.author)
        maker = roster.device_by_id(change.dot.device)
        if author is None or maker is None or maker.member != author.id:
            return False
        if change.case is None and author.id != self._engine.me.id:
            return member in audience(change.cls, author, roster.members, None) or member == author.id
        return member in audiences.of(change)

    def _tell(
        self, post: Post, member: int, changes: Sequence[Change], asked: tuple[int, bytes] | None
    ) -> int:
        """Seal a state and the proofs of what others wrote in it, for all devices of a member."""
        key = self._channels.open(post, frozenset({member}))
        engine = self._engine
        ordered = sorted(changes, key=lambda item: (item.record, item.dot != item.record, item.dot))
        fitted = fit_state(ordered, device=engine.index, session=engine.office.session, roster=engine.roster)
        first = 0
        count = 0
        for part in self._parts(post, fitted):
            n = self._seal(post, key, part)
            first, count = first or n, count + 1
        if asked is not None:
            self._seal_last(post, key, asked, first)
        return count + (asked is not None)

    def _parts(self, post: Post, fitted: Iterable[Sequence[Change]]) -> Iterator[Part]:
        for changes in fitted:
            others = tuple(item for item in changes if item.author != self._engine.me.id)
            proofs = tuple(self._proofs(post, others))
            needed = self._entitling(proofs, others)
            yield Part(tuple(changes), needed)
            for several in fit_proofs(item for item in proofs if item not in needed):
                yield Part(proofs=several)

    def _entitling(self, proofs: Iterable[Proof], changes: Iterable[Change]) -> tuple[Proof, ...]:
        """Give the proofs that this member is responsible: they travel with the part that they entitle to."""
        if self._engine.me.role is Role.SUPERVISOR:
            return ()
        wanted = {
            change.dot.to_bytes()
            for change in changes
            if change.register == "responsible" and change.type == "CaseFile"
        }
        return tuple(
            proof
            for proof in proofs
            if any(not isinstance(leaf, bytes) and leaf[0] in wanted for leaf in proof.leaves)
        )[:8]

    def _proofs(self, post: Post, changes: Sequence[Change]) -> Iterator[Proof]:
        """Give what proves others' changes, as far as it is still at hand; each change once."""
        waiting = {change.dot for change in changes}
        for stored in post.asking.proofs_of(changes) if changes else ():
            proof = read_proof(wire.decode_strict(stored, limit=wire.BODY_LIMIT))
            names = [leaf[0] for leaf in proof.leaves if not isinstance(leaf, bytes)]
            if not waiting & {Dot.from_bytes(name) for name in names}:
                continue
            known = {name: post.asking.change(Dot.from_bytes(name)) for name in names}
            sent = proof_for(proof, waiting, known, self._engine.roster)
            if sent is not None:
                waiting -= {Dot.from_bytes(leaf[0]) for leaf in sent.leaves if not isinstance(leaf, bytes)}
                yield sent

    def _seal_last(self, post: Post, key: ChannelKey, asked: tuple[int, bytes], first: int) -> None:
        device, ask = asked
        engine = self._engine
        place = following_place(engine, post, key)
        begun = first if first and first <= place.n else place.n
        answer = Answer(
            ask,
            begun,
            tuple(Reach(*row) for row in post.into.read_streams(device)),
            tuple(Reach(*row) for row in post.out.streams_to(engine.index, self._member(device))),
        )
        n = self._seal(post, key, Part(answer=answer))
        stream = Stream(engine.index, engine.office.session, key.channel)
        post.asking.note_state_told(device, Place(stream, n), engine.now_ms(), ask)

    def _member(self, device: int) -> int:
        member = self._engine.roster.member_of_device(device)
        return -1 if member is None else member.id

    def _seal(self, post: Post, key: ChannelKey, part: Part) -> int:
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
