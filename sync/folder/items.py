"""An item as a file: its name, its bytes, and for whom it is."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Final

from app.services.folder import FolderItem
from app.services.mailbox import ParcelKind
from sync.encoding import wire
from sync.encoding.signing import sha256
from sync.envelope import read_header
from sync.errors import ReadingError
from sync.roster import decode_roster
from sync.rounds.exchange import Kind
from sync.signed.ack import read_ack
from sync.signed.ask import read_ask
from sync.signed.grant import read_grant
from sync.signed.prekey import read_prekey
from sync.signed.purge import read_purge

ROSTER: Final = 0
"""A roster's kind in a folder; all other kinds have the numbers that they have at the relay."""
NOBODY: Final = -1
"""Sender of an item that has none."""
ITEM_LIMIT: Final = wire.ROSTER_LIMIT + 1
_TAG: Final = b"kim-mobil/folder-item/1"

Origin = tuple[bytes, FolderItem]
"""District of an item, and what stands in it."""


def parcel_kind(kind: int) -> ParcelKind | None:
    """Give what the reader calls a kind, or None for a roster or a newer program's."""
    try:
        return ParcelKind(Kind(kind).name.lower())
    except ValueError:
        return None


class NotWholeError(ReadingError):
    """A file is not, or not wholly, what its name says."""

    error_id = "folder_file"


def file_name(key: bytes, kind: int, digest: bytes) -> bytes:
    """Give the name of an item's file: a keyed hash, so that a finder cannot tell what it is."""
    return hmac.digest(key, _TAG + bytes([kind]) + digest, "sha256")


def file_content(kind: int, sealed: bytes) -> bytes:
    """Give the bytes of an item's file."""
    return bytes([kind]) + sealed


def examine(name: bytes, content: bytes, keys: Iterable[bytes], district: bytes) -> FolderItem:
    """Tell what a file holds.

    Raises NotWholeError for one that is damaged, half copied or renamed, WrongDistrictError for
    another district's.
    """
    kind, sealed = (content[0], content[1:]) if content else (ROSTER, b"")
    digest = sha256(sealed)
    bears_its_name = any(hmac.compare_digest(file_name(key, kind, digest), name) for key in keys)
    try:
        of_district, item = _ORIGINS.get(kind, _unknown)(sealed)
    except ReadingError:
        # It bears its name: whoever made it, made it so. The reader will tell what is wrong with it.
        of_district, item = (district if bears_its_name else b""), _item(kind)
    if not bears_its_name:
        raise NotWholeError(reason="foreign" if of_district not in (b"", district) else "broken")
    return replace(item, name=name, kind=kind, digest=digest, size=len(content))


def _item(kind: int, device: int = NOBODY, recipient: int | None = None) -> FolderItem:
    return FolderItem(b"", kind, b"", 0, device, recipient=recipient)


def _envelope(sealed: bytes) -> Origin:
    header = read_header(sealed).header
    stream = (header.session, header.channel, header.epoch, header.n)
    return header.district, replace(_item(Kind.ENVELOPE, header.device), stream=stream)


def _grant(sealed: bytes) -> Origin:
    fields = read_grant(sealed).fields
    return fields.district, _item(Kind.GRANT, fields.sender, fields.recipient)


def _ack(sealed: bytes) -> Origin:
    ack = read_ack(sealed)
    return ack.district, _item(Kind.ACK, ack.acker, ack.device)


def _prekey(sealed: bytes) -> Origin:
    prekey = read_prekey(sealed)
    return prekey.district, _item(Kind.PREKEY, prekey.device)


def _ask(sealed: bytes) -> Origin:
    ask = read_ask(sealed)
    return ask.district, _item(Kind.ASK, ask.asker)


def _purge(sealed: bytes) -> Origin:
    """A purge is for whoever holds the key of its channel, as the envelopes are that it voids."""
    purge = read_purge(sealed)
    first = purge.places[0]
    stream = (first.session, purge.channel, purge.epoch, first.n)
    return purge.district, replace(_item(Kind.PURGE, purge.device), stream=stream)


def _roster(sealed: bytes) -> Origin:
    return decode_roster(sealed).district, _item(ROSTER)


def _unknown(_sealed: bytes) -> Origin:
    return b"", _item(ROSTER)


_ORIGINS: Final[Mapping[int, Callable[[bytes], Origin]]] = {
    ROSTER: _roster,
    Kind.ENVELOPE: _envelope,
    Kind.GRANT: _grant,
    Kind.ACK: _ack,
    Kind.PREKEY: _prekey,
    Kind.ASK: _ask,
    Kind.PURGE: _purge,
}
