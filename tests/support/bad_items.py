"""Items of every kind, rightly made by a real device, and what may be wrong with them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any, Final

from app.security.prekeys import generate_prekey, public_half
from app.services.mailbox import ParcelKind
from sync.encoding import wire
from sync.engine import Engine
from sync.sending.own_channels import Channels
from sync.sending.places import following_place
from sync.signed.ack import Ack, sign_ack
from sync.signed.ask import Ask, sign_ask
from sync.signed.checkpoint import Answer, Part, seal_part
from sync.signed.prekey import sign_prekey
from sync.signed.purge import Purge, Voided, sign_purge
from sync.workplace import Workplace
from tests.support.district import stored
from tests.support.parcels import sealed_items
from tests.support.ports import SeededEntropy
from tests.vectors.make import VECTORS

Damage = Callable[[bytes], bytes]
PARCEL: Final = {
    "envelope": ParcelKind.ENVELOPE,
    "checkpoint": ParcelKind.ENVELOPE,
    "grant": ParcelKind.GRANT,
    "ack": ParcelKind.ACK,
    "prekey": ParcelKind.PREKEY,
    "purge": ParcelKind.PURGE,
    "ask": ParcelKind.ASK,
}
LIMIT: Final = {
    "envelope": wire.ENVELOPE_LIMIT,
    "checkpoint": wire.ENVELOPE_LIMIT,
    "grant": wire.GRANT_LIMIT,
    "ack": wire.ACK_LIMIT,
    "prekey": wire.PREKEY_LIMIT,
    "purge": wire.PURGE_LIMIT,
    "ask": wire.ASK_LIMIT,
}


def good_item(name: str, sender: Workplace, recipient: Workplace) -> bytes:
    """Give an item of that kind from one device to the other, as an honest program makes it."""
    makers: dict[str, Callable[[Workplace, Workplace], bytes]] = {
        "envelope": lambda *both: _sealed(ParcelKind.ENVELOPE, *both),
        "grant": lambda *both: _sealed(ParcelKind.GRANT, *both),
        "checkpoint": _checkpoint,
        "ack": _ack,
        "prekey": _prekey,
        "purge": _purge,
        "ask": _ask,
    }
    return makers[name](sender, recipient)


def foreign_item(name: str) -> bytes:
    """Give a rightly made item of that kind of another district: a frozen one."""
    frozen: dict[str, Any] = json.loads(VECTORS.read_text("utf-8"))
    found = {
        "envelope": frozen["envelopes"][0],
        "checkpoint": frozen["checkpoint"]["part"],
        "grant": frozen["grants"][0],
        "prekey": frozen["prekey"]["public"],
    }
    return bytes.fromhex(found.get(name) or frozen[name])


def newer(name: str, data: bytes) -> bytes:
    """Give the item as a program of a later version would number it."""
    value = wire.decode_strict(data, limit=LIMIT[name])
    value[0][1 if name == "grant" else 0] = wire.WIRE_VERSION + 1
    return wire.encode(value)


def _sealed(kind: ParcelKind, sender: Workplace, recipient: Workplace) -> bytes:
    return next(sealed for each, sealed in sealed_items(sender, recipient) if each is kind)


def _checkpoint(sender: Workplace, recipient: Workplace) -> bytes:
    engine = sender._engine
    with engine.office.transaction() as post:
        key = Channels(engine).open(post, frozenset({recipient.session.me}))
        place = following_place(engine, post, key)
    return seal_part(
        Part(answer=Answer(bytes(32), place.n)),
        place=place,
        channel_key=key.key,
        roster=engine.roster,
        sign=engine.sign,
        entropy=engine.entropy,
    )


def _ack(sender: Workplace, recipient: Workplace) -> bytes:
    engine = sender._engine
    ((session, channel, n, digest),) = stored(
        recipient, "SELECT session, channel, n, digest FROM sealed ORDER BY at_ms, n LIMIT 1"
    )
    ack = Ack(
        engine.roster.district,
        engine.roster.version,
        engine.index,
        recipient._engine.index,
        int.from_bytes(session, "big"),
        bytes(channel),
        n,
        bytes(digest),
        engine.now_ms() << 16,
    )
    return sign_ack(ack, engine.sign)


def _prekey(sender: Workplace, _recipient: Workplace) -> bytes:
    engine = sender._engine
    public = public_half(generate_prekey(SeededEntropy("another prekey")))
    return sign_prekey(engine.roster, engine.index, public, date(2026, 11, 21), engine.sign)


def _purge(sender: Workplace, recipient: Workplace) -> bytes:
    engine = sender._engine
    key = _channel(engine, recipient)
    place = Voided(4711, 1, bytes(32), wire.NO_HASH)
    roster = engine.roster
    return sign_purge(Purge(roster.district, roster.version, engine.index, key, 1, (place,)), engine.sign)


def _ask(sender: Workplace, recipient: Workplace) -> bytes:
    engine = sender._engine
    asked = (recipient._engine.index,)
    roster, hlc = engine.roster, engine.now_ms() << 16
    return sign_ask(Ask(roster.district, roster.version, engine.index, asked, hlc, state=asked), engine.sign)


def _channel(engine: Engine, recipient: Workplace) -> bytes:
    with engine.office.transaction() as post:
        return Channels(engine).open(post, frozenset({recipient.session.me})).channel
