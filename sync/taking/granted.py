"""Taking a grant: the key of somebody's channel, or one of this device's own that its disk had lost."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from app.services.mailbox import ChannelKey
from sync.channel import open_grant
from sync.engine import Engine
from sync.envelope import read_header
from sync.errors import LacksPrekeyError, WrongContentError, WrongRecipientError
from sync.ports import Post
from sync.signed.grant import GrantFields, read_grant, verify_grant

_NEVER_AGAIN: Final = -1
"""When a channel began under whose key nothing is sealed any more, as it is kept."""


def take_grant(engine: Engine, post: Post, sealed: bytes) -> bool:
    """Keep the key that a grant brings; tells whether it is new. Raises held or quarantined errors."""
    grant = read_grant(sealed)
    fields = grant.fields
    known = post.keys.channel_key(fields.sender, fields.channel, fields.epoch)
    # What was given back to a lost prekey is nothing that anybody lacks once another has brought that key.
    given_back = post.keys.channel_key(engine.index, fields.channel, fields.epoch)
    if _is_key_of(known, fields) or _is_key_of(given_back, fields):
        return False
    verify_grant(grant, engine.roster)
    if fields.recipient != engine.index:
        raise WrongRecipientError
    private = next((item.private for item in post.keys.own_prekeys() if item.id == fields.prekey), None)
    if private is None:
        raise LacksPrekeyError
    if known is not None and known.commitment != fields.key_commitment:
        raise WrongContentError(reason="key_replaced")
    granted = ChannelKey(
        fields.sender,
        fields.channel,
        fields.epoch,
        open_grant(grant, private, engine.agreement),
        fields.key_commitment,
        frozenset(fields.audience),
        engine.now_ms(),
        fields.prekey,
    )
    if _is_own(engine, post, fields):
        granted = replace(granted, device=engine.index, audience=frozenset(), begun_ms=_NEVER_AGAIN)
    return post.keys.put_channel_key(granted)


def _is_key_of(known: ChannelKey | None, fields: GrantFields) -> bool:
    return known is not None and bool(known.key) and known.commitment == fields.key_commitment


def _is_own(engine: Engine, post: Post, fields: GrantFields) -> bool:
    """Tell whether a grant gives a key back under which this device had sealed, by the hash of that key."""
    known = post.keys.channel_key(engine.index, fields.channel, fields.epoch)
    if known is not None:
        return known.commitment == fields.key_commitment
    name = (fields.channel, fields.epoch, fields.key_commitment)
    headers = (read_header(item.sealed).header for item in post.into.parcels_of(engine.index))
    return any((item.channel, item.epoch, item.key_commitment) == name for item in headers)
