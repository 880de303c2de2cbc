"""Sealing entries: to every two keepers, under a key that this device renews every 30 days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from app.domain.declarations import LOG_KEY, LOG_OPENING, READ_ENTRIES
from app.domain.dots import Dot
from app.domain.records import Record, new_record
from sync.encoding import wire
from sync.encoding.wire import array, blob, integer
from sync.engine import Engine
from sync.errors import ReadingError
from sync.ports import Post
from sync.read_log.documents import (
    Recipient,
    make_log_key,
    open_share,
    pairs_of,
    read_log_key,
    seal_notes,
)
from sync.read_log.safe_seal import safe_public
from sync.roster import SAFE, Device
from sync.signed.prekey import Prekey, read_prekey

EPOCH_MS: Final = int(timedelta(days=30).total_seconds() * 1000)
MOST_KEYS: Final = 16
"""Keeper keys to which a log key is sealed: more would not fit a register."""
AT_ONCE: Final = 400
"""Entries of one record: it stays far below what a register may hold."""
_OWN: Final = "read_log_key"
_LIMIT: Final = 64 * 1024


@dataclass(frozen=True)
class _OwnKey:
    """The log key under which this device seals now; `fits` changes when another is due."""

    record: Dot
    secret: bytes
    begun_ms: int
    fits: bytes


def seal_waiting(engine: Engine, post: Post) -> int:
    """Seal what waits, and give how many entries it was; without two keepers' keys they go on waiting."""
    count = 0
    while notes := post.read_log.waiting(AT_ONCE):
        key = _own_key(engine, post)
        if key is None:
            break
        content = seal_notes(notes, key.secret, engine.entropy)
        post.records.save(None, new_record(READ_ENTRIES, entries_key=key.record, read_entries=content))
        post.read_log.sealed(notes, engine.office.session)
        count += len(notes)
    return count


def keep_shares(engine: Engine, post: Post) -> None:
    """On a keeper's device: open its share of each new log key while its prekey is still there."""
    if engine.me.id not in engine.roster.keepers:
        return
    privates = {item.id: item.private for item in post.keys.own_prekeys()}
    for record in post.records.records(LOG_KEY.name, None):
        if record.id is not None and post.read_log.share(record.id) is None:
            share = _share(engine, record, privates)
            if share is not None:
                post.read_log.put_share(record.id, share)


def document_of(record: Record, name: str) -> bytes:
    """Give the bytes that a record of the log holds."""
    value = record.values.get(name)
    return value if isinstance(value, bytes) else b""


def recipients(engine: Engine, post: Post) -> tuple[Recipient, ...]:
    """Give the keeper keys to which something can be sealed now."""
    public = safe_public(post.records, engine.roster)
    safe = () if public is None else (Recipient(SAFE, SAFE, b"", public),)
    return (*safe, *_devices(engine, post))[:MOST_KEYS]


def prekey_of(engine: Engine, post: Post, device: Device) -> Prekey | None:
    """Give the newest prekey of a device, this one included."""
    if device.index == engine.index:
        own = post.keys.own_prekeys()
        return read_prekey(own[0].signed) if own else None
    known = post.keys.newest_prekey(device.index)
    return None if known is None else read_prekey(known.signed)


def _devices(engine: Engine, post: Post) -> Iterator[Recipient]:
    for device in engine.roster.devices_of_all(engine.roster.keepers):
        prekey = prekey_of(engine, post, device)
        if prekey is not None:
            yield Recipient(device.index, device.member, prekey.id, prekey.public)


def _own_key(engine: Engine, post: Post) -> _OwnKey | None:
    known = recipients(engine, post)
    if not pairs_of(known):
        return None
    openings = len(post.records.records(LOG_OPENING.name, None))
    fits = wire.encode([sorted(item.index for item in known), openings])
    own = _stored(post)
    now = engine.now_ms()
    if own is not None and own.fits == fits and 0 <= now - own.begun_ms < EPOCH_MS:
        return own
    document, secret = make_log_key(known, engine.roster.district, engine.entropy, engine.agreement)
    record = post.records.save(None, new_record(LOG_KEY, log_key=document)).record.id
    if record is None:
        return None
    made = _OwnKey(record, secret, now, fits)
    post.keys.put_own_key(_OWN, wire.encode([record.to_bytes(), secret, now, fits]))
    return made


def _stored(post: Post) -> _OwnKey | None:
    kept = post.keys.own_key(_OWN)
    if kept is None:
        return None
    record, secret, begun_ms, fits = array(wire.decode_strict(kept, limit=_LIMIT), 4)
    return _OwnKey(Dot.from_bytes(blob(record)), blob(secret), integer(begun_ms, high=wire.U63), blob(fits))


def _share(engine: Engine, record: Record, privates: dict[bytes, bytes]) -> bytes | None:
    """Give the own share; empty when there is none for this device, None while its prekey is not here."""
    try:
        key = read_log_key(document_of(record, "log_key"))
    except ReadingError:
        return b""
    prekey, _sealed = key.shares.get(engine.index, (b"", b""))
    if not prekey:
        return b""
    private = privates.get(prekey)
    if private is None:
        return None
    return open_share(key, engine.index, private, engine.roster.district, engine.agreement) or b""
