"""What this device lacks, told to those who may have it: once a round at most, and ever more seldom."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from app.domain.dots import next_hlc
from app.services.mailbox import ParcelKind, ParcelState, StoredParcel
from sync.encoding import wire
from sync.encoding.signing import sha256
from sync.engine import Engine
from sync.envelope import read_header
from sync.errors import ReadingError
from sync.ports import Post
from sync.roster import DeviceState
from sync.sending.own_prekeys import day_after, keep_prekey
from sync.signed.ask import MOST_WISHES, Ask, GrantWish, PlaceWish, sign_ask
from sync.signed.grant import read_grant

FIRST_PAUSE_MS: Final = int(timedelta(hours=1).total_seconds() * 1000)
LONGEST_PAUSE_MS: Final = int(timedelta(days=7).total_seconds() * 1000)
_ASK: Final = "ask"
_WANTED: Final = "state_wanted"
_ASKS: Final = "state_asks"
_FROM: Final = "state_from"
_FEW: Final = 32
_STATE: Final = b"state"
LACKING: Final = frozenset({"lacks_grant", "lacks_prekey"})
"""Reasons for which something waits for a key."""
BEHIND: Final = frozenset({"lacks_record", "lacks_assignment"})
"""Reasons for which something waits for what was said before it."""


def want_state(post: Post, reason: str) -> None:
    """Note that the state of everything is wanted from everybody.

    `reason`: `restored`, `absent`, `new`, `lifted` or `stuck`.
    """
    post.rounds.put_state(_WANTED, reason.encode())
    post.rounds.put_state(_ASKS, None)
    post.asking.forget_tellers()


def state_wanted(post: Post) -> str | None:
    """Give why the state of everything is wanted, or None when it is not, or was told."""
    kept = post.rounds.state(_WANTED)
    return None if kept is None else kept.decode()


def is_own_ask(post: Post, ask: bytes) -> bool:
    """Tell whether this device lately asked others by the ask with this hash."""
    kept = post.rounds.state(_ASKS) or b""
    return any(kept[at : at + wire.HASH_BYTES] == ask for at in range(0, len(kept), wire.HASH_BYTES))


def standing_ask(post: Post) -> bytes | None:
    """Give the signed ask that stands, for whatever carries it; None when nothing is lacking."""
    return post.rounds.state(_ASK)


def make_ask(engine: Engine, post: Post) -> bool:
    """Tell others what is lacking, when something is and it is time; tells whether there is a new ask."""
    grants, behind = _lacking(engine, post)
    gaps = post.into.gaps()
    places = [
        PlaceWish(gap.stream.device, gap.stream.session, gap.stream.channel, gap.first, gap.last)
        for gap in gaps
        if gap.first > 0
    ][:MOST_WISHES]
    # Where a whole session is missing its places have no names.
    behind |= {gap.stream.device for gap in gaps if gap.first == 0}
    from_all = _silent(engine, post)
    wishes = [*map(_packed, grants), *map(_packed, places)]
    wishes += [_STATE + device.to_bytes(4, "big") for device in sorted(from_all | behind)]
    if not wishes:
        post.rounds.put_state(_ASK, None)
        post.asking.note_told((), engine.now_ms())
        return False
    if not _is_time(engine, post, wishes):
        return False
    if _is_answered_elsewhere(post):
        keep_prekey(engine, post, *engine.new_prekey(), created=day_after(engine.relay_now_ms()))
    named = {wish.device for wish in grants} | {wish.device for wish in places}
    asked = _asked(engine, named | from_all | behind)
    if not asked:
        return False
    ask = Ask(
        district=engine.roster.district,
        roster_version=engine.roster.version,
        asker=engine.index,
        asked=asked,
        hlc=next_hlc(0, engine.now_ms()),
        grants=tuple(sorted(grants)[:MOST_WISHES]),
        places=tuple(places),
        state=tuple(sorted(set(asked) & (from_all | behind))),
    )
    _put_ask(engine, post, ask)
    post.asking.note_told(wishes, engine.now_ms())
    return True


def _put_ask(engine: Engine, post: Post, ask: Ask) -> None:
    post.rounds.put_state(_ASK, sign_ask(ask, engine.sign))
    # Who is asked for bytes or keys that are gone tells everything in their stead.
    earlier = (post.rounds.state(_ASKS) or b"")[-(_FEW - 1) * wire.HASH_BYTES :]
    post.rounds.put_state(_ASKS, earlier + ask.hash)


def _asked(engine: Engine, named: set[int]) -> tuple[int, ...]:
    """Give who is to be asked for what these devices sent."""
    if engine.index in named:
        # Whoever was sent something under an own key that is lost here may have it still.
        named |= {device.index for device in engine.roster.devices}
    return tuple(index for index in sorted(named - {engine.index}) if _is_active(engine, index))


def _silent(engine: Engine, post: Post) -> frozenset[int]:
    """Give the devices that have still to tell the state of everything; after the last it is not wanted."""
    if state_wanted(post) is None:
        return frozenset()
    others = {
        device.index
        for device in engine.roster.devices
        if device.state is DeviceState.ACTIVE and device.index != engine.index
    }
    kept = post.rounds.state(_FROM) or b""
    asked = {int.from_bytes(kept[at : at + 4], "big") for at in range(0, len(kept), 4)}
    if asked - others - post.asking.tellers():
        # Who had still to tell never will: the others are asked for what they hold of theirs.
        post.asking.forget_tellers()
        post.asking.note_told((), engine.now_ms())
    post.rounds.put_state(_FROM, b"".join(index.to_bytes(4, "big") for index in sorted(others)))
    silent = frozenset(others - post.asking.tellers())
    if not silent:
        post.rounds.put_state(_FROM, None)
        post.rounds.put_state(_WANTED, None)
    return silent


def _is_time(engine: Engine, post: Post, wishes: list[bytes]) -> bool:
    told, now = post.asking.told(), engine.now_ms()
    for wish in wishes:
        times, told_ms = told.get(wish, (0, 0))
        pause = min(FIRST_PAUSE_MS << min(times - 1, 16), LONGEST_PAUSE_MS) if times else 0
        if not times or now < told_ms or now - told_ms >= pause:
            return True
    return False


def _lacking(engine: Engine, post: Post) -> tuple[set[GrantWish], frozenset[int]]:
    """Give the keys that held items wait for, and the senders of what waits for something said before.

    Who has told everything since has nothing more to tell: it waits for others, who tell it by themselves.
    """
    grants = _lost_in_restore(engine, post)
    behind: set[int] = set()
    for parcel in _held(post, LACKING | BEHIND):
        if parcel.reason in BEHIND and parcel.device not in (None, engine.index):
            told = parcel.place is not None and post.into.is_told(parcel.place)
            behind |= set() if told else {parcel.device}
        elif parcel.reason in LACKING and len(grants) < MOST_WISHES:
            grants |= _wishes(parcel)
    return grants, frozenset(behind)


def _held(post: Post, reasons: frozenset[str]) -> Iterator[StoredParcel]:
    """Go through what is held for one of these reasons."""
    found = (
        post.into.parcel(digest) for digest, why in post.into.waiting(ParcelState.HELD) if why in reasons
    )
    return (parcel for parcel in found if parcel is not None)


def _is_answered_elsewhere(post: Post) -> bool:
    """Tell whether a key that was asked for was granted since to a prekey that is not here.

    Of two prekeys of one day the older may have come later. One that is made now comes after both.
    """
    told = post.asking.told()
    strange = frozenset[GrantWish]().union(*map(_wishes, _held(post, frozenset({"lacks_prekey"}))))
    return any(
        parcel.at_ms >= told.get(_packed(wish), (0, parcel.at_ms + 1))[1]
        for parcel in _held(post, LACKING)
        for wish in _wishes(parcel) & strange
    )


def _lost_in_restore(engine: Engine, post: Post) -> set[GrantWish]:
    """Give the keys of others that a restored store had at its backup, so that what comes can be read."""
    if state_wanted(post) != "restored":
        return set()
    lost = (key for key in post.keys.keys_without_backup() if key.device != engine.index)
    return {GrantWish(key.device, key.channel, key.epoch) for key in list(lost)[:MOST_WISHES]}


def _wishes(parcel: StoredParcel) -> frozenset[GrantWish]:
    """Give the key for which an item waits; none when it cannot be read at all."""
    try:
        if parcel.kind is ParcelKind.GRANT:
            fields = read_grant(parcel.sealed).fields
            return frozenset({GrantWish(fields.sender, fields.channel, fields.epoch)})
        header = read_header(parcel.sealed).header
    except ReadingError:
        return frozenset()
    return frozenset({GrantWish(header.device, header.channel, header.epoch)})


def _packed(wish: GrantWish | PlaceWish) -> bytes:
    return sha256(wire.encode([*wish]))


def _is_active(engine: Engine, index: int) -> bool:
    device = engine.roster.device(index)
    return device is not None and device.state is DeviceState.ACTIVE
