"""The next place of this device in one of its channels."""

from __future__ import annotations

from app.services.mailbox import ChannelKey
from sync.encoding import wire
from sync.engine import Engine
from sync.ports import Post
from sync.sending.sealing import Place


def following_place(engine: Engine, post: Post, key: ChannelKey) -> Place:
    """Give the place behind the last envelope of a channel, in the session of this moment."""
    session = engine.office.session
    head = post.out.own_head(key.channel)
    if head is None:
        n, before = 1, wire.NO_HASH
    else:
        n, before = (head.n + 1 if head.session == session else 1), head.digest
    return Place(engine.index, key.channel, key.epoch, session, n, before)
