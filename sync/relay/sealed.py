"""Reads what the relay needs of sealed items: who sent them, where they stand, for whom they are.

The relay opens nothing. It checks signatures against the roster so that no device can fill
another's place, and leaves all further judgement to the recipients.
"""

from collections.abc import Callable
from typing import TypeVar

from sync import envelope as envelopes
from sync.errors import ReadingError
from sync.relay.districts import Standing
from sync.signed import ack as acks
from sync.signed import ask as asks
from sync.signed import grant as grants
from sync.signed import prekey as prekeys
from sync.signed import purge as purges

S = TypeVar("S")
T = TypeVar("T")


class RefusedItem(Exception):  # noqa: N818 - an answer to the sender, not a fault
    """An item is not taken; `reason` is the id that the sender is told."""

    def __init__(self, reason: str) -> None:
        """Name the reason."""
        super().__init__(reason)
        self.reason = reason


def read_envelope(body: bytes, standing: Standing, caller: int) -> envelopes.Header:
    """The header of an envelope that its caller sealed."""
    envelope = _readable(envelopes.read_header, body)
    _own(envelope.header.device, caller)
    _readable(lambda sealed: envelopes.verify_envelope(sealed, standing.roster), envelope)
    return envelope.header


def read_grant(body: bytes, standing: Standing, caller: int) -> grants.GrantFields:
    """What a grant of the caller says in clear; its recipient may read now or later."""
    grant = _readable(grants.read_grant, body)
    _own(grant.fields.sender, caller)
    _readable(lambda signed: grants.verify_grant(signed, standing.roster), grant)
    if grant.fields.recipient not in standing.addressees():
        raise RefusedItem("wrong_recipient")
    return grant.fields


def read_ack(body: bytes, standing: Standing, caller: int) -> acks.Ack:
    """An acknowledgement of the caller for a stream of a device of the roster."""
    ack = _readable(acks.read_ack, body)
    _own(ack.acker, caller)
    _readable(lambda signed: acks.verify_ack(signed, standing.roster), ack)
    if standing.roster.device(ack.device) is None:
        raise RefusedItem("wrong_sender")
    return ack


def read_ask(body: bytes, standing: Standing, caller: int) -> asks.Ask:
    """What the caller asks other devices for."""
    ask = _readable(asks.read_ask, body)
    _own(ask.asker, caller)
    _readable(lambda signed: asks.verify_ask(signed, standing.roster), ask)
    return ask


def read_purge(body: bytes, standing: Standing, caller: int) -> purges.Purge:
    """What the caller voids of its own envelopes."""
    purge = _readable(purges.read_purge, body)
    _own(purge.device, caller)
    _readable(lambda signed: purges.verify_purge(signed, standing.roster), purge)
    return purge


def check_prekey(body: bytes, standing: Standing, caller: int) -> None:
    """Raise unless this is a prekey of the caller."""
    prekey = _readable(prekeys.read_prekey, body)
    _own(prekey.device, caller)
    _readable(lambda signed: prekeys.verify_prekey(signed, standing.roster), prekey)


def _readable(read: Callable[[S], T], value: S) -> T:
    try:
        return read(value)
    except ReadingError as error:
        raise RefusedItem(error.reason) from error


def _own(sender: int, caller: int) -> None:
    if sender != caller:
        raise RefusedItem("wrong_sender")
