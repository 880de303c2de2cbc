"""This device's own prekeys: a new one every 30 days."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from app.services.mailbox import OwnPrekey
from sync.engine import Engine
from sync.ports import Post
from sync.signed.prekey import prekey_id, sign_prekey

LIFE_MS: Final = int(timedelta(days=30).total_seconds() * 1000)


def renew_prekey(engine: Engine, post: Post) -> None:
    """Make a prekey when there is none or the newest is 30 days old; older private halves stay."""
    known = post.keys.own_prekeys()
    if known and engine.now_ms() - known[0].made_ms < LIFE_MS:
        return
    keep_prekey(engine, post, *engine.new_prekey())


def keep_prekey(engine: Engine, post: Post, private: bytes, public: bytes) -> None:
    """Sign a prekey and keep both halves; the next round publishes it."""
    created = engine.clock.now().date()
    signed = sign_prekey(engine.roster, engine.index, public, created, engine.sign)
    post.keys.put_own_prekey(OwnPrekey(prekey_id(public), private, signed, engine.now_ms()))
