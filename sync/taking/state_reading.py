"""Taking a checkpoint: what its sender may tell, what is proven in it, what only their word vouches for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from app.domain.audience import Member, Role
from app.domain.dots import Dot
from app.domain.handover import HANDOVER
from app.domain.links import linked_case
from app.domain.merge import Change
from app.domain.schema import ALIAS, BELONGS
from app.services.mailbox import OWN, ParcelKind, ParcelState, Place, StoredParcel, Stream
from sync.engine import Engine
from sync.envelope import Envelope, read_header
from sync.errors import (
    LacksAssignmentError,
    LacksPartsError,
    ReadingError,
    WrongAuthorError,
    WrongDotError,
)
from sync.handing.involved import ever_linked
from sync.ports import Post
from sync.sending.facts import assigned_by, author_may_write, ever_involved, named_in
from sync.sending.reach import Audiences
from sync.sending.sealing import OpenedEnvelope
from sync.signed.checkpoint import Answer, Part, open_part, proven_by, signed_by, superseded_within
from sync.taking.asking import LACKING, is_own_ask
from sync.taking.content import check_content, lacks_record
from sync.taking.judging import not_here

Working = tuple[Dot | None, int]
"""A case file and a member who works there, or was asked to take it over."""


class StateReading:
    """Reads parts of states; everything happens in the caller's transaction."""

    def __init__(self, engine: Engine) -> None:
        """Work for `engine`."""
        self._engine = engine

    def open(self, post: Post, envelope: Envelope, *, vouched: bool) -> tuple[Part, OpenedEnvelope]:
        """Give a part whose key is here; raises held or quarantined errors."""
        header = envelope.header
        held = post.keys.channel_key(header.device, header.channel, header.epoch)
        return open_part(envelope, None if held is None else held.key, self._engine.roster, vouched=vouched)

    def sort(self, post: Post, part: Part, sender: Member) -> tuple[tuple[Change, ...], tuple[Change, ...]]:
        """Give what of a part is proven, and what is only attested by its sender.

        What stays refused with the computer that signed it is in neither. Raises HeldErrors while something
        is lacking, WrongAuthorError.
        """
        shown, early = self._shown(post, part)
        behind = superseded_within(part.changes)
        own = {change.digest for change in part.changes if change.author == sender.id} - behind
        sure = [change for change in part.changes if change.digest in own | shown | early]
        told = _Told(self._engine, post, part, sender, sure, early)
        taken = [change for change in part.changes if not told.stays_refused(change)]
        # What an order in force refuses is not stored: nothing need be known of it.
        admitted = {change.dot for change in post.orders.admit(taken)}
        for change in not_here(post, [change for change in taken if change.dot in admitted]):
            told.check(change)
        before = self._attested_before(post, part)
        proven = [item for item in before if item.digest in shown or told.was_read_early(item)]
        rest = tuple(change for change in taken if change not in sure)
        return (*(change for change in taken if change in sure), *proven), rest

    def take_answer(self, post: Post, answer: Answer, envelope: Envelope) -> None:
        """Note that a device told all; raises LacksPartsError while a part of it has not come."""
        header = envelope.header
        if not is_own_ask(post, answer.ask):
            return
        stream = Stream(header.device, header.session, header.channel)
        parts = {Place(stream, n) for n in range(answer.first, header.n)}
        # What is held here is kept, and read again: the teller has nothing more to send.
        if any(post.into.digest_at(part) is None for part in parts - _held(post, header.device)):
            raise LacksPartsError
        post.asking.note_teller(header.device)
        self._note_told(post, answer, Place(stream, header.n))
        reached = {Stream(header.device, reach.session, reach.channel): reach.n for reach in answer.told}
        for session, channel, n in answer.read:
            post.into.tell_through(Stream(OWN, session, channel), n, self._engine.now_ms())
            reached[Stream(self._engine.index, session, channel)] = n
        self._drop_lost(post, header.device, reached)

    def _note_told(self, post: Post, answer: Answer, last: Place) -> None:
        """Note which streams need not come any more: all that was said before the answer is in it.

        Its own parts are here, though they may wait: nobody is asked for them again.
        """
        now, device = self._engine.now_ms(), last.stream.device
        post.into.tell_through(last.stream, last.n - 1, now)
        for reach in answer.told:
            post.into.tell_through(Stream(device, reach.session, reach.channel), reach.n, now)
        for gap in post.into.gaps():
            if gap.first == 0 and gap.stream.device == device:
                post.into.tell_through(gap.stream, 0, now)

    def _drop_lost(self, post: Post, teller: int, reached: Mapping[Stream, int]) -> None:
        """Forget what waits for keys that nobody has any more: what they opened came with the state.

        But for what is read again with a key that came just before: the state tells only what this person may
        read by now, and nobody sends the rest again.
        """
        for digest, reason in post.into.waiting():
            parcel = post.into.parcel(digest) if reason in LACKING else None
            if parcel is None or _has_key(post, parcel):
                continue
            is_key = parcel.kind is ParcelKind.GRANT and parcel.device == teller
            if is_key or (parcel.place and parcel.place.n <= reached.get(parcel.place.stream, 0)):
                post.into.drop_parcel(digest)

    def _shown(self, post: Post, part: Part) -> tuple[frozenset[bytes], frozenset[bytes]]:
        """Give what the proofs show, and what a computer signed that is suspended by now."""
        known: dict[bytes, tuple[Change, ...]] = {}
        for change in part.changes:
            name = change.dot.to_bytes()
            known[name] = (*known.get(name, ()), change)
        for proof in part.proofs:
            for leaf in proof.leaves:
                if not isinstance(leaf, bytes) and leaf[0] not in known:
                    known[leaf[0]] = post.asking.change(Dot.from_bytes(leaf[0]))
        roster = self._engine.roster
        signed = [(proof, signed_by(proof, known, roster)) for proof in part.proofs]
        counts = {item.digest for proof, some in signed if proven_by(proof, known, roster) for item in some}
        early = {item.digest for _proof, some in signed for item in some} - counts
        return frozenset(counts), frozenset(early)

    def _attested_before(self, post: Post, part: Part) -> Iterable[Change]:
        """Give the changes of the store that this part's proofs name and that were only attested so far."""
        names = {leaf[0] for proof in part.proofs for leaf in proof.leaves if not isinstance(leaf, bytes)}
        for name in sorted(names):
            for change in post.asking.change(Dot.from_bytes(name)):
                if post.asking.attester(change) is not None:
                    yield change


def _held(post: Post, device: int) -> frozenset[Place]:
    parcels = post.into.parcels_of(device)
    return frozenset(item.place for item in parcels if item.place and item.state is ParcelState.HELD)


def _moves(change: Change) -> bool:
    """Tell whether a change takes an entry to another case file."""
    return change.register == BELONGS and change.dot != change.record


def _asks(change: Change) -> bool:
    """Tell whether a change asks somebody to take a case file over."""
    return (change.type, change.register) == (HANDOVER.name, "handover")


def _has_key(post: Post, parcel: StoredParcel) -> bool:
    if parcel.kind is not ParcelKind.ENVELOPE:
        return False
    header = read_header(parcel.sealed).header
    key = post.keys.channel_key(header.device, header.channel, header.epoch)
    return key is not None and bool(key.key)


class _Told:
    """Whether a sender may tell each change of one part."""

    def __init__(
        self,
        engine: Engine,
        post: Post,
        part: Part,
        sender: Member,
        sure: Sequence[Change],
        early: frozenset[bytes],
    ) -> None:
        self._engine, self._post, self._sender = engine, post, sender
        self._sure = frozenset(change.digest for change in sure)
        self._early = early
        self._part = part.changes
        self._audiences = Audiences(engine, post)
        self._made = {
            change.record: (change.type, change.case)
            for change in part.changes
            if change.dot == change.record
        }
        self._homes = {
            (change.record, linked_case(change))
            for change in sure
            if _moves(change) and post.into.creation(change.record) is None
        }
        self._joins = {(change.record, linked_case(change)) for change in sure if change.register == ALIAS}
        self._named: set[Working] = set()
        self._in_part: set[Working] = set()
        self._signed_in: set[Working] = set()
        self._asked: set[Working] = set()
        self._learn()

    def _learn(self) -> None:
        """Learn who works where by the words of the part that count, by what was learnt before.

        Nobody works anywhere by their own word alone, nor leads, which would make all else of theirs count;
        nor takes to a case file of theirs what is here already, and they may not write.
        """
        waiting = [change for change in self._part if assigned_by(change) or _asks(change) or _moves(change)]
        new = frozenset(change.digest for change in not_here(self._post, waiting))
        while found := [item for item in waiting if item.digest not in new or self._counts(item)]:
            waiting = [change for change in waiting if change not in found]
            for change in found:
                self._note(change)

    def _counts(self, change: Change) -> bool:
        """Tell whether a word may be taken, or its author, whose signature a proof shows, works there."""
        try:
            self.check(change)
        except LacksAssignmentError:
            author = self._engine.roster.member(change.author)
            return (
                change.digest in self._sure and author is not None and bool(self._may_write(change, author))
            )
        except ReadingError:
            return False
        return True

    def _note(self, change: Change) -> None:
        if _moves(change):
            self._homes |= {(change.record, linked_case(change))} if change.digest in self._sure else set()
            return
        members = named_in(change.type, change.register, change.value)
        if _asks(change):
            self._asked |= {(change.case, member) for member in members}
            return
        named = {(change.case, member) for member in members}
        self._in_part |= named
        if change.digest not in self._sure:
            return
        self._signed_in |= named if change.digest not in self._early else set()
        self._named |= named if change.register == "responsible" else set()

    def check(self, change: Change) -> None:
        check_content(change)
        roster = self._engine.roster
        device = roster.device_by_id(change.dot.device)
        author = None if device is None else roster.member(device.member)
        if author is None or author.id != change.author:
            raise WrongDotError
        made = self._made.get(change.record) or self._post.into.creation(change.record)
        if made != (change.type, change.case):
            raise lacks_record(self._part)
        # What is signed by its author may come from whoever has read it: its proof is enough. And where this
        # reader never hears that the author worked there, in a case file that was one with this one for a
        # moment, from whoever might have written it themselves: who leads may not have what is sensitive.
        sure = change.digest in self._sure and change.digest not in self._early
        own = author.id == self._sender.id
        shown = sure or self.was_read_early(change)
        if not (own or shown or self._carries(change)):
            raise LacksAssignmentError
        allowed = self._may_write(change, author)
        may_tell = allowed is not None or self._carries(change)
        if not (may_tell or (shown and self._may_write(change, self._sender))):
            raise LacksAssignmentError
        if allowed is False:
            raise WrongAuthorError

    def _carries(self, change: Change) -> bool:
        return self._entitled(change) or self._stands_for_leader(change)

    def _may_write(self, change: Change, member: Member) -> bool | None:
        """Tell whether a member may write a change, by all who work there; None when that may still come."""
        roster, into = self._engine.roster, self._post.into
        named = frozenset(one for case, one in self._in_part if case == change.case)
        asked = frozenset(one for case, one in self._asked if case == change.case)
        allowed = author_may_write(change, member, roster, into, named, asked)
        if allowed is not None:
            return allowed
        named |= ever_linked(change, self._post, roster)
        return author_may_write(change, member, roster, into, named, asked)

    def was_read_early(self, change: Change) -> bool:
        """Tell whether it was signed by a computer that is suspended, and told by who may vouch for it."""
        if change.digest not in self._early:
            return False
        # Who hears of the case file by this very part learns in it that the sender works there.
        works_there = (change.case, self._sender.id) in self._signed_in
        return works_there or self._audiences.may_vouch(self._sender, change, self._engine.me.id)

    def stays_refused(self, change: Change) -> bool:
        """Tell whether a suspended computer signed it outside case files, and no supervisor vouches for it.

        The sender had read it, and did not know of the suspension. Should that be lifted, or a keeper
        release it, it counts as it was first sent: nothing else of the part waits for that.
        """
        early = change.digest in self._early and change.author != self._sender.id
        return early and change.case is None and not self.was_read_early(change)

    def _stands_for_leader(self, change: Change) -> bool:
        """Tell whether the sender works in the family of a case file that nobody leads but who reads this."""
        if change.case is None or self._audiences.is_led(change.case, self._engine.me.id):
            return False
        # Who hears of the case file by this very part learns in it that it is one with another.
        said = {into for case, into in self._joins if case == change.case and into is not None}
        family = {*self._post.records.case_group(change.case), *said}
        roster = self._engine.roster
        return any(self._sender.id in ever_involved(self._post.into, roster, one) for one in family)

    def _entitled(self, change: Change) -> bool:
        """Tell whether the sender may carry what others wrote: the KI's supervisors, and the responsible.

        Of a record that was moved, also who is responsible where it was ever rightly said to belong.
        """
        if self._sender.role is Role.SUPERVISOR:
            return True
        if change.case is None:
            return False
        told = {home for record, home in self._homes if record == change.record and home is not None}
        homes = {change.case, *told, *self._post.records.past_homes(change.record)}
        return any(self._leads(case) for case in homes)

    def _leads(self, case: Dot) -> bool:
        maker = self._engine.roster.device_by_id(case.device)
        if maker is not None and maker.member == self._sender.id:
            return True
        return (case, self._sender.id) in self._named or self._is_responsible(case)

    def _is_responsible(self, case: Dot) -> bool:
        return self._sender.id in self._post.asking.proven_responsible(case)
