"""Destroying keys that are needed no more: afterwards nobody reads what was sealed under them.

A private half dies 90 days after its successor was published and only after a round that left nothing
unopened for it; channel keys granted to it die with it. A sender's key dies when all under it was read.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Final

from app.services.mailbox import ParcelKind, ParcelState
from sync.encoding.signing import sha256
from sync.engine import Engine
from sync.ports import Post
from sync.sending.own_channels import EPOCH_MS

_FLUSH: Final = "destroyed_in_log"
PREKEY_MS: Final = int(timedelta(days=90).total_seconds() * 1000)


def destroy_keys(engine: Engine, post: Post) -> int:
    """Destroy what has had its time, at the end of a whole round; gives how many keys."""
    _note_published(engine, post)
    count = _destroy_prekeys(engine, post) + _destroy_own(engine, post)
    if count:
        post.rounds.put_state(_FLUSH, b"\1")
    return count


def is_flush_due(post: Post) -> bool:
    """Tell whether destroyed keys may still lie in the write-ahead log."""
    return post.rounds.state(_FLUSH) is not None


def flush_destroyed(engine: Engine) -> bool:
    """Take destroyed keys out of the write-ahead log; next round again while somebody reads."""
    with engine.office.transaction() as post:
        due = is_flush_due(post)
    if not due or not engine.office.flush_log():
        return not due
    with engine.office.transaction() as post:
        post.rounds.put_state(_FLUSH, None)
    return True


def _note_published(engine: Engine, post: Post) -> None:
    for prekey in post.keys.own_prekeys():
        if prekey.published_ms is None and post.out.at_relay(sha256(prekey.signed)):
            post.keys.note_published(prekey.id, engine.relay_now_ms())


def _destroy_prekeys(engine: Engine, post: Post) -> int:
    held = _held(engine, post)
    if held is None:
        return 0
    count = 0
    for successor, prekey in pairwise(post.keys.own_prekeys()):
        published = successor.published_ms
        if published is None or engine.relay_now_ms() - published < PREKEY_MS:
            continue
        granted = {
            (key.device, key.channel) for key in post.keys.live_channel_keys() if key.prekey == prekey.id
        }
        if not granted & held:
            post.keys.destroy_prekey(prekey.id)
            count += 1
    return count


def _held(engine: Engine, post: Post) -> frozenset[tuple[int, bytes]] | None:
    """Give the channels of others under which something is held; None when any key may be waited for."""
    found: set[tuple[int, bytes]] = set()
    for digest, reason in post.into.waiting(ParcelState.HELD):
        parcel = post.into.parcel(digest)
        if parcel is None or parcel.kind is not ParcelKind.ENVELOPE or parcel.device == engine.index:
            continue
        if reason == "lacks_grant" or parcel.place is None:
            return None
        found.add((parcel.place.stream.device, parcel.place.stream.channel))
    return frozenset(found)


def _destroy_own(engine: Engine, post: Post) -> int:
    """Destroy own channel keys that no epoch needs any more and under which everything was read."""
    in_use = {(key.channel, key.epoch) for key in post.keys.epochs_in_use(engine.index)}
    count = 0
    for key in post.keys.live_channel_keys():
        if key.device != engine.index or (key.channel, key.epoch) in in_use:
            continue
        newest = post.keys.newest_epoch(engine.index, key.audience)
        begun_after = newest is not None and (newest.channel, newest.epoch) != (key.channel, key.epoch)
        if begun_after or engine.now_ms() - key.begun_ms >= EPOCH_MS:
            post.keys.destroy_channel_key(key)
            count += 1
    return count
