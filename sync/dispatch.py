"""Deciding who receives which own change, and sealing it for exactly those."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache, partial

from app.domain.dots import Dot
from app.domain.merge import Change
from app.services.mailbox import ChannelKey, SealedEnvelope
from sync import wire
from sync.engine import Engine
from sync.envelope import Seen
from sync.envelope import Stream as SeenStream
from sync.days import queue_beginning
from sync.own_channels import Channels
from sync.ports import Post
from sync.reach import Audiences
from sync.sealing import Place, fit_changes, seal_envelope
from sync.signing import sha256

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

    def seal(self) -> int:
        """Seal all that waits, in the order of writing; gives the number of new envelopes."""
        with self._engine.office.transaction() as post:
            queue_beginning(self._engine, post)
        self._withhold()
        after: Dot | None = None
        count = 0
        while True:
            with self._engine.office.transaction() as post:
                changes = post.out.outbox(after, BATCH)
                count += self._seal_batch(post, changes)
            if len(changes) < BATCH:
                break
            after = changes[-1].dot
        with self._engine.office.transaction() as post:
            self._channels.grant_latecomers(post)
        return count

    def start_anew(self, taken: SealedEnvelope) -> None:
        """Seal again under a new session: somebody else's bytes stand at an envelope's place."""
        with self._engine.office.transaction() as post:
            self._void_from(post, (taken,))

    def _withhold(self) -> None:
        """Take back what was sealed, has not left, and may no longer go to all for whom it was sealed."""
        with self._engine.office.transaction() as post:
            audiences = Audiences(self._engine, post)
            wrong = [item for item in post.out.unsent() if not self._may_leave(post, audiences, item)]
            if wrong:
                self._void_from(post, wrong)

    def _may_leave(self, post: Post, audiences: Audiences, envelope: SealedEnvelope) -> bool:
        key = post.keys.channel_key(self._engine.index, envelope.channel, envelope.epoch)
        if key is None or not self._channels.held_by_active(post, key):
            return False
        changes = post.out.changes_in(envelope)
        return all(key.audience <= audiences.of(change) for change in changes)

    def _void_from(self, post: Post, envelopes: Iterable[SealedEnvelope]) -> None:
        """Void these and what follows them in their streams; a place once used is never used again."""
        first: dict[tuple[int, bytes], int] = {}
        for item in envelopes:
            stream = (item.session, item.channel)
            first[stream] = min(item.n, first.get(stream, item.n))
        unsent = post.out.unsent()
        post.out.void(
            [item for item in unsent if item.n >= first.get((item.session, item.channel), item.n + 1)]
        )
        self._engine.office.new_session(int.from_bytes(self._engine.entropy.bytes(8), "big"))

    def _seal_batch(self, post: Post, changes: Sequence[Change]) -> int:
        audiences = Audiences(self._engine, post)
        sealed = post.out.sealed_audiences((change.dot for change in changes), self._engine.index)
        groups: dict[frozenset[int], list[Change]] = {}
        settled: list[Dot] = []
        reaches = cache(partial(self._channels.reaches, post))
        for change in changes:
            missing = audiences.of(change) - sealed.get(change.dot, frozenset())
            ready = frozenset(filter(reaches, missing))
            if ready:
                groups.setdefault(ready, []).append(change)
            if ready == missing:
                settled.append(change.dot)
        count = sum(self._seal_group(post, members, group) for members, group in groups.items())
        post.out.leave_outbox(settled)
        return count

    def _seal_group(self, post: Post, members: frozenset[int], changes: Sequence[Change]) -> int:
        key = self._channels.open(post, members)
        engine = self._engine
        parts = fit_changes(changes, device=engine.index, session=engine.office.session, roster=engine.roster)
        for part in parts:
            self._seal_one(post, key, part)
        return len(parts)

    def _seal_one(self, post: Post, key: ChannelKey, changes: Sequence[Change]) -> None:
        engine = self._engine
        place = self._following(post, key)
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

    def _following(self, post: Post, key: ChannelKey) -> Place:
        session = self._engine.office.session
        head = post.out.own_head(key.channel)
        if head is None:
            n, before = 1, wire.NO_HASH
        else:
            n, before = (head.n + 1 if head.session == session else 1), head.digest
        return Place(self._engine.index, key.channel, key.epoch, session, n, before)

    def _seen(self, post: Post) -> tuple[Seen, ...]:
        since = int.from_bytes(post.rounds.state(_SEALED_AT) or b"\0", "big")
        post.rounds.put_state(_SEALED_AT, self._engine.now_ms().to_bytes(8, "big"))
        heads = post.into.moved_heads(since, wire.SEEN_LIMIT)
        return tuple(
            Seen(SeenStream(head.stream.device, head.stream.session, head.stream.channel), head.n, head.head)
            for head in heads
        )
