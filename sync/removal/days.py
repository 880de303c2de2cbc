"""Which day it is, as far as a device can know it, and what a new day brings."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Final

from app.domain.stand_in import STAND_IN, Today
from sync.engine import Engine
from sync.ports import Post

_RELAY_TIME: Final = "relay_time"
_ASKED: Final = "stand_ins_asked"
_WORD: Final = 8
_MS: Final = 1000
_QUARTER_MS: Final = 15 * 60 * _MS
_LAST_MS: Final = int(datetime(9999, 1, 1, tzinfo=UTC).timestamp()) * _MS


def note_relay_time(post: Post, time_ms: int) -> bool:
    """Keep the newest time that a relay ever told (milliseconds since 1970); tells whether it is another day.

    It never goes back: a relay that was set back prolongs nobody's time.
    """
    known = relay_time(post)
    if time_ms <= (known or 0) or time_ms > _LAST_MS:
        return False
    post.rounds.put_mark(_RELAY_TIME, time_ms.to_bytes(_WORD, "big"))
    return known is not None and _day(known) != _day(time_ms)


def relay_time(post: Post) -> int | None:
    """Give the newest time that a relay ever told, in milliseconds since 1970; None when none ever did."""
    kept = post.rounds.state(_RELAY_TIME)
    return None if kept is None else int.from_bytes(kept, "big")


def today_of(engine: Engine, post: Post) -> Today:
    """Give the day by this device's clock and by the relay's newest word, whichever is earlier and later.

    Where no relay was ever heard, this device's clock counts alone.
    """
    own = _day(engine.now_ms())
    heard = relay_time(post)
    told = own if heard is None else _day(heard)
    return _between(own, told)


def queue_beginning(engine: Engine, post: Post) -> None:
    """Put own changes back into the outbox where it has become a stand-in's time since this was last asked.

    A clock that was wrong meanwhile counts too: what was sealed then went without them.
    """
    now, kept = today_of(engine, post), (post.rounds.state(_ASKED) or b"").decode()
    packed = f"{now.earliest} {now.latest}"
    if packed == kept:
        return
    earliest, _, latest = kept.partition(" ")
    # At first nobody's time was yet: before all days, and after them.
    then = Today(earliest or "", latest or "9999-12-31")
    for case in post.handovers.stand_ins_begun(then, now):
        post.records.requeue_case(case)
    # What they wrote last may have gone past those whom they did not know.
    over = [entry for entry, until in post.handovers.stand_ins_over(now.latest) if until >= (latest or "")]
    entries = (post.records.record(STAND_IN.name, entry) for entry in over)
    post.asking.note_heard(item.case for item in entries if item is not None and item.case is not None)
    post.rounds.put_state(_ASKED, packed.encode())


@lru_cache(maxsize=8)
def _between(own: date, told: date) -> Today:
    return Today(min(own, told).isoformat(), max(own, told).isoformat())


def _day(ms: int) -> date:
    """Days in records are days on the wall: local ones."""
    return _day_of_quarter(ms // _QUARTER_MS)


@lru_cache(maxsize=64)
def _day_of_quarter(quarter: int) -> date:
    """Asked for some hundred times a round: everywhere days begin with a quarter of an hour of UTC."""
    return datetime.fromtimestamp(quarter * _QUARTER_MS / _MS, UTC).astimezone().date()
