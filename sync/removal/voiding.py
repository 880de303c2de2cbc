"""Voiding own envelopes that have left: the place stays, a signed purge says so, the rest is sealed again."""

from __future__ import annotations

from collections.abc import Sequence

from app.services.mailbox import LostEnvelope, OutPurge
from sync.encoding.signing import sha256
from sync.engine import Engine
from sync.envelope import read_header
from sync.ports import Post
from sync.signed.purge import MOST_VOIDED, Purge, Voided, sign_purge


def void_with_purge(engine: Engine, post: Post, envelopes: Sequence[LostEnvelope]) -> None:
    """Void own envelopes and sign for it; what else was in them waits to be sealed again."""
    by_key: dict[tuple[bytes, int], list[Voided]] = {}
    for item in envelopes:
        prev = item.prev if item.sealed is None else read_header(item.sealed).header.prev_hash
        place = Voided(item.session, item.n, item.digest, prev)
        by_key.setdefault((item.channel, item.epoch), []).append(place)
        post.orders.void(item)
    for (channel, epoch), places in sorted(by_key.items()):
        places.sort()
        for at in range(0, len(places), MOST_VOIDED):
            _purge(engine, post, channel, epoch, tuple(places[at : at + MOST_VOIDED]))


def _purge(engine: Engine, post: Post, channel: bytes, epoch: int, places: tuple[Voided, ...]) -> None:
    roster = engine.roster
    purge = Purge(roster.district, roster.version, engine.index, channel, epoch, places)
    sealed = sign_purge(purge, engine.sign)
    post.orders.put_purge(OutPurge(sha256(sealed), sealed, engine.now_ms()))
