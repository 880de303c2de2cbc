"""Noticing that more is lacking than the relay still has: a device that was away, set back, or is new."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Final

from app.domain.errors import ABOUT_OTHERS
from app.services.mailbox import ParcelState, StreamGap
from app.services.numbers import forget_block
from app.services.restored import note_disk_set_back
from sync.encoding import wire
from sync.encoding.signing import sha256
from sync.engine import Engine
from sync.ports import Post
from sync.sending.own_prekeys import day_after, keep_prekey
from sync.signed.grant import read_grant
from sync.taking.asking import BEHIND, state_wanted, want_state

AWAY_MS: Final = int(timedelta(days=89).total_seconds() * 1000)
"""The relay keeps envelopes for 90 days at the longest; one day is left for its housekeeping."""
SET_BACK_MS: Final = int(timedelta(days=13).total_seconds() * 1000)
"""What all have read stays there for 14 days."""
_COMPLETE: Final = "round_complete"
_LOST: Final = "state_lost"
_STRANGE: Final = "strange_prekeys"
_STUCK: Final = "stuck"
_STUCK_BY: Final = BEHIND | {ABOUT_OTHERS}
_WORD: Final = 8


def note_return(engine: Engine, post: Post, relay_ms: int) -> None:
    """Want the state of everything when the last complete round lies too far back, or there was none.

    `relay_ms` is the relay's time: a wrong clock here changes nothing. A first device of a member
    is told everything by each author anyway.
    """
    kept = post.rounds.state(_COMPLETE)
    if kept is None:
        others = [item for item in engine.roster.devices_of(engine.me.id) if item.index != engine.index]
        if others and state_wanted(post) is None:
            want_state(post, "new")
    elif relay_ms - int.from_bytes(kept, "big") > AWAY_MS and state_wanted(post) is None:
        want_state(post, "absent")


def note_set_back(engine: Engine, post: Post, relay_ms: int, *, at_end: bool) -> None:
    """Want the state of everything when the relay names own envelopes that neither this disk nor it has.

    While a round goes on they may still come, unless the copy is older than what the relay keeps. By a
    relay's word alone nobody is kept out of their case files, only by signed ones (docs/decisions/0017).
    """
    lost = post.out.lost()
    kept = post.rounds.state(_COMPLETE)
    old = kept is None or relay_ms - int.from_bytes(kept, "big") > SET_BACK_MS
    if not lost or not (at_end or old) or state_wanted(post) is not None:
        return
    mark = _mark(lost)
    if post.rounds.state(_LOST) != mark:
        post.rounds.put_state(_LOST, mark)
        want_restored(engine, post)


def note_strange_prekeys(engine: Engine, post: Post) -> None:
    """Want the state of everything when others seal to a prekey that this disk never had, or has lost.

    Another computer goes by the same name, or did: until this one makes a newer prekey, nothing new can be
    read here.
    """
    known = post.rounds.state(_STRANGE) or b""
    kept = {known[at : at + _WORD] for at in range(0, len(known), _WORD)}
    found = set[bytes]()
    for digest, reason in post.into.waiting(ParcelState.HELD):
        parcel = post.into.parcel(digest) if reason == "lacks_prekey" else None
        if parcel is not None:
            found.add(read_grant(parcel.sealed).fields.prekey)
    if found - kept:
        post.rounds.put_state(_STRANGE, b"".join(sorted(found | kept)))
        if state_wanted(post) is None:
            want_restored(engine, post)
            note_disk_set_back(post.records, engine.now_ms())


def note_stuck(post: Post) -> None:
    """Want the state of everything where something waits though its sender has told everything since.

    What it waits for may be the sender's to know and somebody else's to tell. Once for each thing that waits.
    """
    if state_wanted(post) is not None:
        return
    found = {digest for digest, reason in post.into.waiting(ParcelState.HELD) if reason in _STUCK_BY}
    stuck = b"".join(sorted(filter(partial(_is_stuck, post), found)))
    known = post.rounds.state(_STUCK) or b""
    if stuck != known:
        post.rounds.put_state(_STUCK, stuck or None)
    if _digests(stuck) - _digests(known):
        want_state(post, "stuck")


def want_restored(engine: Engine, post: Post) -> None:
    """Begin anew after a restore: with a prekey that no older copy holds, and everything told again."""
    forget_block(post.records)
    want_state(post, "restored")
    keep_prekey(engine, post, *engine.new_prekey(), created=day_after(engine.relay_now_ms()))


def note_complete(post: Post, relay_ms: int) -> None:
    """Note that a round got to its end; the relay's time never goes back here."""
    kept = int.from_bytes(post.rounds.state(_COMPLETE) or b"\0", "big")
    if relay_ms > kept:
        post.rounds.put_mark(_COMPLETE, relay_ms.to_bytes(_WORD, "big"))


def _is_stuck(post: Post, digest: bytes) -> bool:
    parcel = post.into.parcel(digest)
    return parcel is not None and parcel.place is not None and post.into.is_told(parcel.place)


def _digests(kept: bytes) -> frozenset[bytes]:
    return frozenset(kept[at : at + wire.HASH_BYTES] for at in range(0, len(kept), wire.HASH_BYTES))


def _mark(lost: tuple[StreamGap, ...]) -> bytes:
    places = sorted((gap.stream.session, gap.stream.channel, gap.first, gap.last) for gap in lost)
    return sha256(wire.encode([list(place) for place in places]))
