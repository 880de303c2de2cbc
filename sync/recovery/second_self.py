"""Noticing that two computers sync as one device: a copied disk, or a backup and the computer it came from.

Each unlock draws a session. What the relay holds of this device under sessions that this store never drew
was sent by another disk: once, because this one was set back or brought back from a backup; if it grows
later, the other one is still at work.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from app.services.mailbox import RelayRun
from app.services.restored import SETTING as RESTORED
from sync.encoding import wire
from sync.engine import Engine
from sync.ports import Post

_KNOWN: Final = "other_self_known"
_SINCE: Final = "other_self_since"
_WORD: Final = 8
_LARGEST: Final = (1 << 64) - 1


def note_other_self(engine: Engine, post: Post, runs: Iterable[RelayRun]) -> None:
    """Compare what the relay holds of this device with what this store has sent."""
    mine = post.out.own_sessions()
    heads = {(run.session, run.channel): run.last for run in runs if run.session not in mine}
    kept = post.rounds.state(_KNOWN)
    known = {} if kept is None else _unpacked(kept)
    grown = any(last > known.get(stream, 0) for stream, last in heads.items())
    if kept is not None and grown:
        post.rounds.put_state(_SINCE, engine.now_ms().to_bytes(_WORD, "big"))
    was_restored = post.records.setting(RESTORED) is not None
    if grown or (kept is None and was_restored):
        packed = [[*stream, max(last, known.get(stream, 0))] for stream, last in {**known, **heads}.items()]
        post.rounds.put_state(_KNOWN, wire.encode(sorted(packed)))


def other_self_since(post: Post) -> int | None:
    """Give when another computer was last seen to sync as this device (ms since 1970), or None."""
    kept = post.rounds.state(_SINCE)
    return None if kept is None else int.from_bytes(kept, "big")


def _unpacked(kept: bytes) -> dict[tuple[int, bytes], int]:
    rows = wire.array(wire.decode_strict(kept, limit=len(kept)), most=len(kept))
    found = (wire.array(row, 3) for row in rows)
    return {(wire.integer(row[0], high=_LARGEST), wire.blob(row[1])): wire.integer(row[2]) for row in found}
