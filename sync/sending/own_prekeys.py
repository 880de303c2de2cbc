"""This device's own prekeys: a new one every 30 days, and one that counts after a disk was brought back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final

from app.services.mailbox import OwnPrekey
from app.services.restored import restored
from sync.engine import Engine
from sync.ports import Post
from sync.signed.prekey import prekey_id, read_prekey, sign_prekey

LIFE_MS: Final = int(timedelta(days=30).total_seconds() * 1000)
_MS: Final = 1000


def renew_prekey(engine: Engine, post: Post) -> None:
    """Make a prekey when there is none or the newest is 30 days old; older private halves stay."""
    known = post.keys.own_prekeys()
    if known and engine.now_ms() - known[0].made_ms < LIFE_MS:
        return
    keep_prekey(engine, post, *engine.new_prekey())


def date_prekey(engine: Engine, post: Post, relay_ms: int) -> None:
    """Let a disk that was just brought back make its prekey anew, dated by the relay's clock.

    Others seal to the prekey of the latest day. This computer's own clock may be behind: they would go on
    with one that was lost.
    """
    if restored(post.records) is None:
        return
    day = day_after(relay_ms)
    if all(read_prekey(item.signed).created < day for item in post.keys.own_prekeys()):
        keep_prekey(engine, post, *engine.new_prekey(), created=day)


def day_after(relay_ms: int) -> date:
    """Give the day of a new prekey that is to count before any that a lost disk made until now."""
    return datetime.fromtimestamp(relay_ms / _MS, UTC).date() + timedelta(days=1)


def keep_prekey(
    engine: Engine, post: Post, private: bytes, public: bytes, created: date | None = None
) -> None:
    """Sign a prekey and keep both halves; the next round publishes it.

    It is dated by this computer's clock unless a day is given, and never before the one that it succeeds.
    """
    known = post.keys.own_prekeys()[:1]
    day = max((created or engine.clock.now().date(), *(read_prekey(item.signed).created for item in known)))
    made_ms = max((engine.now_ms(), *(item.made_ms + 1 for item in known)))
    signed = sign_prekey(engine.roster, engine.index, public, day, engine.sign)
    post.keys.put_own_prekey(OwnPrekey(prekey_id(public), private, signed, made_ms))
