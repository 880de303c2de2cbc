"""Deciding who receives which own change, and sealing it for exactly those."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache, partial

from app.domain.dots import Dot
from app.domain.merge import Change
from app.services.mailbox import ChannelKey, LostEnvelope, SealedEnvelope
from sync.encoding import wire
from sync.encoding.signing import sha256
from sync.engine import Engine
from sync.envelope import Seen
from sync.envelope import Stream as SeenStream
from sync.ports import Post
from sync.removal.days import queue_beginning
from sync.removal.voiding import void_with_purge
from sync.rounds.rest import unless_at_rest
from sync.sending.answers import Answers
from sync.sending.giving_back import GivingBack
from sync.sending.heads import note_unsaid, say_heads
from sync.sending.own_channels import Channels
from sync.sending.passing_on import PassingOn
from sync.sending.places import following_place
from sync.sending.reach import Audiences, note_voided_links
from sync.sending.sealing import fit_changes, seal_envelope
from sync.sending.telling import AT_ONCE, Telling
from sync.sending.too_large import note_too_large
from sync.sending.vouching import Vouching

Sealed = Mapping[Dot, frozenset[int]]
"""The members for whom changes were sealed before."""
BATCH = 1000
"""Changes sealed in one transaction: between two of them a person's save gets its turn.

Fewer would make more and dearer envelopes: an outreach day has about 900 (docs/measurements.md).
"""
_SEALED_AT = "sealed_ms"


class Dispatch:
    """Seals what waits in the outbox; what nobody can read yet stays there."""

    def __init__(self, engine: Engine) -> None:
        """Work for `engine`."""
        self._engine = engine
        self._channels = Channels(engine)
        self._telling = Telling(engine, self._channels)
        self._answers = Answers(engine, self._channels, self._telling)
        self._vouching = Vouching(engine, self._channels, self._telling)

    def seal(self) -> int:
        """Seal all that waits, in the order of writing; gives the number of new envelopes."""
        counts: list[int] = []
        unless_at_rest(self._engine, "seal", lambda: counts.append(self._seal_waiting()), traffic=True)
        return sum(counts)

    def _seal_waiting(self) -> int:
        with self._engine.office.transaction() as post:
            queue_beginning(self._engine, post)
            self._withhold()
            count = self._vouching.tell(post)
            count += say_heads(self._engine, post, self._channels, self._telling)
        count += self._tell_newcomers()
        after: Dot | None = None
        while True:
            with self._engine.office.transaction() as post:
                changes = post.out.outbox(after, BATCH)
                count += self._seal_batch(post, changes)
            if len(changes) < BATCH:
                break
            after = changes[-1].dot
        count += self._answer()
        with self._engine.office.transaction() as post:
            self._channels.grant_latecomers(post)
        return count

    def _answer(self) -> int:
        """Answer who asked for the state of everything; between two transactions a save gets its turn."""
        count = 0
        while self._asked():
            with self._engine.office.transaction() as post:
                told = self._answers.tell_some(post)
            if not told:
                break
            count += told
        return count

    def _asked(self) -> bool:
        with self._engine.office.looking() as post:
            return bool(post.asking.state_due())

    def start_anew(self, taken: SealedEnvelope) -> None:
        """Seal again under a new session: somebody else's bytes stand at an envelope's place."""
        with self._engine.office.transaction() as post:
            self._void_from(post, (taken,))

    def _withhold(self) -> None:
        """Take back what was sealed, has not left, and may no longer go to all for whom it was sealed."""
        with self._engine.office.transaction() as post:
            audiences = Audiences(self._engine, post)
            wrong = [item for item in post.out.unsent_places() if not self._may_leave(post, audiences, item)]
            if wrong:
                self._void_from(post, wrong)

    def _may_leave(self, post: Post, audiences: Audiences, envelope: SealedEnvelope) -> bool:
        key = post.keys.channel_key(self._engine.index, envelope.channel, envelope.epoch)
        if key is None or not self._channels.held_by_active(post, key):
            return False
        state = post.asking.changes_in_state(envelope)
        if state:
            return all(self._telling.may_read(audiences, state, member) for member in key.audience)
        changes = post.out.changes_in(envelope)
        return all(key.audience <= audiences.of(change) for change in changes)

    def _void_from(self, post: Post, envelopes: Iterable[SealedEnvelope]) -> None:
        """Void these and what follows them in their streams; a place once used is never used again."""
        first: dict[tuple[int, bytes], int] = {}
        for item in envelopes:
            stream = (item.session, item.channel)
            first[stream] = min(item.n, first.get(stream, item.n))
        unsent = post.out.unsent_places()
        voided = [item for item in unsent if item.n >= first.get((item.session, item.channel), item.n + 1)]
        note_unsaid(post, voided)
        note_voided_links(post, (change for item in voided for change in post.out.changes_in(item)))
        post.asking.void_states(voided)
        # What lies in a folder has left: others may know its place, so the place is kept and signed for.
        left = [item for item in voided if post.folder.was_placed(item.digest)]
        post.out.void([item for item in voided if item not in left])
        whole = (post.out.envelope(item.session, item.channel, item.n) for item in left)
        void_with_purge(self._engine, post, [_lost(item) for item in whole if item is not None])
        self._engine.office.new_session(int.from_bytes(self._engine.entropy.bytes(8), "big"))

    def _seal_batch(self, post: Post, changes: Sequence[Change]) -> int:
        audiences = Audiences(self._engine, post)
        sealed = post.out.sealed_audiences((change.dot for change in changes), self._engine.index)
        groups: dict[frozenset[int], list[Change]] = {}
        settled: list[Dot] = []
        reaches = cache(partial(self._channels.reaches, post))
        for change in changes:
            missing = self._missing(post, audiences, change, sealed)
            ready = frozenset(filter(reaches, missing))
            if ready:
                groups.setdefault(ready, []).append(change)
            if ready == missing:
                settled.append(change.dot)
        too_large: list[Change] = []
        count = sum(self._seal_group(post, members, group, too_large) for members, group in groups.items())
        stays = {change.dot for change in too_large}
        post.out.leave_outbox(dot for dot in settled if dot not in stays)
        note_too_large(post, stays)
        return count

    def _tell_newcomers(self) -> int:
        """Tell whole case files to those who may read them from now on, where that is this device's to do."""
        new = self._newcomers()
        later, count = self._tell_passed_over(new)
        told: dict[int, dict[Dot, frozenset[int]]] = {}
        for case, members in new.items():
            for member in members:
                told.setdefault(member, {})[case] = frozenset(members)
        for member, cases in sorted(told.items()):
            listed = list(cases)
            for at in range(0, len(listed), AT_ONCE):
                part = {case: cases[case] for case in listed[at : at + AT_ONCE]}
                with self._engine.office.transaction() as post:
                    count += self._telling.tell_newcomer(post, member, part)
        self._note_asked(later)
        return count

    def _note_asked(self, later: frozenset[Dot]) -> None:
        """Note of which case files it was asked whom lines did not reach, but for those of `later`."""
        with self._engine.office.looking() as post:
            heard = frozenset(post.asking.heard())
        if heard != later:
            with self._engine.office.transaction() as post:
                post.asking.forget_heard(heard)
                post.asking.note_heard(later)

    def _tell_passed_over(self, new: Mapping[Dot, Collection[int]]) -> tuple[frozenset[Dot], int]:
        """Tell others than these what was sent past them.

        Gives the case files of those who have no prekey yet, and how many envelopes.
        """
        later: set[Dot] = set()
        count = 0
        with self._engine.office.looking() as post:
            asked = sorted({*new, *post.asking.heard()})
        for at in range(0, len(asked), AT_ONCE):
            with self._engine.office.transaction() as post:
                passing = PassingOn(self._engine, self._telling, post)
                for case in asked[at : at + AT_ONCE]:
                    sealed, waits = self._pass_on(post, passing, case, frozenset(new.get(case, ())))
                    count += sealed
                    later |= {case} if waits else set()
        return frozenset(later), count

    def _pass_on(
        self, post: Post, passing: PassingOn, case: Dot, told_whole: frozenset[int]
    ) -> tuple[int, bool]:
        """Tell what of a case file is due; gives how many envelopes, and whether somebody has no prekey."""
        due, secret = passing.due(case), passing.due_beside_teller(case)
        asked = due.keys() | secret.keys()
        reached = {member for member in asked if self._channels.reaches(post, member)}
        told = {member: due[member] for member in (reached & due.keys()) - told_whole}
        count = self._telling.tell_what_lacks(post, told)
        for member in sorted(reached & secret.keys()):
            key = self._channels.open(post, frozenset({member}))
            back = GivingBack(self._engine, post, secret[member])
            count += len(self._telling.tell_proven(post, key, back))
        return count, reached < asked

    def _newcomers(self) -> dict[Dot, set[int]]:
        """Give the case files of what waits, with those who may read from now on what was sealed before."""
        new: dict[Dot, set[int]] = {}
        after: Dot | None = None
        while True:
            with self._engine.office.looking() as post:
                changes = post.out.outbox(after, BATCH)
                self._note_new(post, changes, new)
            if len(changes) < BATCH:
                return new
            after = changes[-1].dot

    def _note_new(self, post: Post, changes: Sequence[Change], new: dict[Dot, set[int]]) -> None:
        sealed = post.out.sealed_audiences((change.dot for change in changes), self._engine.index)
        audiences = Audiences(self._engine, post)
        reaches = cache(partial(self._channels.reaches, post))
        for change in changes:
            for case in audiences.told_with(change):
                members = new.setdefault(case, set())
                if change.dot in sealed:
                    members.update(filter(reaches, self._missing(post, audiences, change, sealed)))

    def _missing(self, post: Post, audiences: Audiences, change: Change, sealed: Sealed) -> frozenset[int]:
        missing = audiences.of(change) - sealed.get(change.dot, frozenset())
        return frozenset(member for member in missing if not post.asking.is_given(change, member))

    def _seal_group(
        self, post: Post, members: frozenset[int], changes: Sequence[Change], too_large: list[Change]
    ) -> int:
        key = self._channels.open(post, members)
        engine = self._engine
        parts = fit_changes(
            changes,
            device=engine.index,
            session=engine.office.session,
            roster=engine.roster,
            too_large=too_large,
        )
        for part in parts:
            self._seal_one(post, key, part)
        return len(parts)

    def _seal_one(self, post: Post, key: ChannelKey, changes: Sequence[Change]) -> None:
        engine = self._engine
        place = following_place(engine, post, key)
        data = seal_envelope(
            changes,
            place=place,
            channel_key=key.key,
            roster=engine.roster,
            sign=engine.sign,
            entropy=engine.entropy,
            seen=self._seen(post),
        )
        envelope = SealedEnvelope(
            place.session, place.channel, place.n, place.epoch, sha256(data), data, engine.now_ms()
        )
        post.out.put_sealed(envelope, (change.dot for change in changes))

    def _seen(self, post: Post) -> tuple[Seen, ...]:
        since = int.from_bytes(post.rounds.state(_SEALED_AT) or b"\0", "big")
        post.rounds.put_mark(_SEALED_AT, self._engine.now_ms().to_bytes(8, "big"))
        heads = post.into.moved_heads(since, wire.SEEN_LIMIT)
        return tuple(
            Seen(SeenStream(head.stream.device, head.stream.session, head.stream.channel), head.n, head.head)
            for head in heads
        )


def _lost(item: SealedEnvelope) -> LostEnvelope:
    return LostEnvelope(item.session, item.channel, item.n, item.epoch, item.digest, b"", item.sealed)
