"""Rosters as a device keeps them: the chain in force, and beside it what is refused or disputed."""

from __future__ import annotations

from collections.abc import Iterable

from app.services.mailbox import ParcelKind, ParcelState, StoredParcel
from sync.district.roster_tree import Standing, resolve
from sync.encoding.signing import sha256
from sync.engine import Engine
from sync.errors import HeldError, ReadingError, RosterForkError
from sync.ports import Keyring, Post
from sync.roster import Roster, decode_roster, encode_roster


def parked_rosters(post: Post) -> tuple[bytes, ...]:
    """Give the rosters that came and are not in force."""
    return tuple(item.sealed for item in post.into.parcels() if item.kind is ParcelKind.ROSTER)


def standing(post: Post, own_key: bytes) -> Standing:
    """Tell which roster is in force by all that came so far."""
    rosters, _broken = _decoded(parked_rosters(post))
    return resolve(tuple(map(decode_roster, post.keys.rosters())), rosters, own_key)


def rivals_of(engine: Engine) -> tuple[Roster, ...]:
    """Give the ends of a fork while there is one, each valid by itself."""
    with engine.office.transaction() as post:
        if not parked_rosters(post):
            return ()
        return standing(post, engine.device.public_key).rivals


def shelve(engine: Engine, post: Post, offered: Iterable[bytes]) -> Standing:
    """Keep what was offered where it belongs: in the chain, or beside it with the reason why not."""
    known = post.keys.rosters()
    others = (*parked_rosters(post), *offered)
    rosters, broken = _decoded(others)
    found = resolve(tuple(map(decode_roster, known)), rosters, engine.device.public_key)
    kept = _keep_path(post.keys, known, found)
    names = {roster.hash for roster in found.path}
    errors = {**broken, **{encode_roster(roster): error for roster, error in found.refused}}
    for sealed in (*known, *others):
        if sealed in kept or (sealed not in broken and decode_roster(sealed).hash in names):
            post.into.drop_parcel(sha256(sealed))
        else:
            _set_aside(post, sealed, errors.get(sealed), engine.now_ms())
    return found


def _keep_path(keys: Keyring, known: tuple[bytes, ...], found: Standing) -> frozenset[bytes]:
    path = tuple(map(encode_roster, found.path))
    same = next((at for at, pair in enumerate(zip(known, path, strict=False)) if pair[0] != pair[1]), None)
    behind = min(len(known), len(path)) if same is None else same
    keys.drop_rosters(behind)
    for roster, sealed in zip(found.path[behind:], path[behind:], strict=True):
        keys.put_roster(roster.version, sealed)
    return frozenset(path)


def _decoded(sealed: Iterable[bytes]) -> tuple[list[Roster], dict[bytes, ReadingError]]:
    rosters: list[Roster] = []
    broken: dict[bytes, ReadingError] = {}
    for item in sealed:
        try:
            rosters.append(decode_roster(item))
        except ReadingError as error:
            broken[item] = error
    return rosters, broken


def _set_aside(post: Post, sealed: bytes, error: ReadingError | None, now_ms: int) -> None:
    reason = error or RosterForkError()
    state = ParcelState.HELD if isinstance(reason, HeldError) else ParcelState.QUARANTINED
    parcel = StoredParcel(sha256(sealed), ParcelKind.ROSTER, state, reason.error_id, now_ms, sealed)
    post.into.put_parcel(parcel)
