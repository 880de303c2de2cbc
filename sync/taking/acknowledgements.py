"""Letting sealed copies go, once every recipient has signed for them."""

from __future__ import annotations

from sync.engine import Engine
from sync.ports import Post


def free_read_copies(engine: Engine, post: Post) -> int:
    """Free the sealed copies that every active device of their audience acknowledged; gives how many."""
    signed: dict[tuple[int, bytes], dict[int, int]] = {}
    freed = 0
    for item in post.out.kept():
        stream = (item.session, item.channel)
        if stream not in signed:
            signed[stream] = post.out.acks(*stream)
        key = post.keys.channel_key(engine.index, item.channel, item.epoch)
        wanted = engine.roster.devices_of_all(key.audience if key else ())
        others = [device.index for device in wanted if device.index != engine.index]
        if key is not None and all(signed[stream].get(index, 0) >= item.n for index in others):
            post.out.free(item)
            freed += 1
    return freed
