"""Saying how far own channels reach, once the relay lost what all had read and nobody can bring again.

Who had read it misses nothing, unless their disk was set back: they would never hear of it. A part of a
state with nothing in it tells them by its place, and by the hash before it; what they lack they ask for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from app.services.mailbox import RelayRun, SealedEnvelope, StreamHead
from sync.encoding.wire import CHANNEL_BYTES
from sync.engine import Engine
from sync.ports import Post
from sync.sending.own_channels import Channels
from sync.sending.telling import Telling
from sync.signed.checkpoint import Part

_CHANNELS: Final = "heads_to_say"


def note_vanished(post: Post, before: Collection[RelayRun]) -> bool:
    """Note the channels whose last envelope the relay lost, and of which no sealed copy is left here.

    `before`: what the relay held by its own earlier word. Tells whether there are any.
    """
    found = set[bytes]()
    for channel in {run.channel for run in before}:
        head = post.out.own_head(channel)
        if head is None or not _is_held(before, channel, head) or _is_held(post.out.runs(), channel, head):
            continue
        envelope = post.out.envelope(head.session, channel, head.n)
        if envelope is not None and envelope.sealed is None:
            found.add(channel)
    _note(post, found)
    return bool(found)


def note_unsaid(post: Post, voided: Iterable[SealedEnvelope]) -> None:
    """Note the channels of voided envelopes that held nothing: what they said is still to be said."""
    _note(
        post,
        {
            item.channel
            for item in voided
            if not post.out.changes_in(item) and not post.asking.changes_in_state(item)
        },
    )


def say_heads(engine: Engine, post: Post, channels: Channels, telling: Telling) -> int:
    """Seal an empty part into each channel that was noted; gives how many."""
    readers = {_readers(engine, post, channel) for channel in _noted(post)}
    post.rounds.put_state(_CHANNELS, None)
    reached = [
        members
        for members in sorted(readers, key=sorted)
        if any(device.index != engine.index for device in engine.roster.devices_of_all(members))
    ]
    for members in reached:
        telling.seal_part(post, channels.open(post, members), Part())
    return len(reached)


def _readers(engine: Engine, post: Post, channel: bytes) -> frozenset[int]:
    """Give for whom the last envelope of a channel was sealed."""
    head = post.out.own_head(channel)
    envelope = None if head is None else post.out.envelope(head.session, channel, head.n)
    key = None if envelope is None else post.keys.channel_key(engine.index, channel, envelope.epoch)
    return frozenset() if key is None else key.audience


def _is_held(runs: Iterable[RelayRun], channel: bytes, head: StreamHead) -> bool:
    at = (channel, head.session)
    return any((run.channel, run.session) == at and run.first <= head.n <= run.last for run in runs)


def _noted(post: Post) -> set[bytes]:
    kept = post.rounds.state(_CHANNELS) or b""
    return {kept[at : at + CHANNEL_BYTES] for at in range(0, len(kept), CHANNEL_BYTES)}


def _note(post: Post, channels: Collection[bytes]) -> None:
    if channels:
        post.rounds.put_state(_CHANNELS, b"".join(sorted({*channels, *_noted(post)})))
