"""A purge: a device voids its own sealed envelopes, because an order takes out what is in them.

It names each place with the hash of the envelope that stood there and of the one before it, so that
the chain of the stream stays whole: recipients count the place as read, the relay drops the bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sync.encoding import wire
from sync.encoding.signing import SUITE, Kind, Sign, check_signature, sign_kind, suite_of
from sync.encoding.wire import array, blob, integer
from sync.errors import SenderSuspendedError, WrongDistrictError
from sync.roster import Device, DeviceState, Roster, check_floor, find_sender

MOST_VOIDED: Final = 500
_FIELDS: Final = 8


class Voided(NamedTuple):
    """One place: `digest` of the envelope that stood there, `prev` of the one before it in its channel."""

    session: int
    n: int
    digest: bytes
    prev: bytes


@dataclass(frozen=True)
class Purge:
    """Places of one channel's epoch that `device` (roster index) voids, ascending."""

    district: bytes
    roster_version: int
    device: int
    channel: bytes
    epoch: int
    places: tuple[Voided, ...]
    suite: int = SUITE.id
    signature: bytes = b""

    @property
    def content(self) -> bytes:
        """The bytes that are signed."""
        return wire.encode(_fields(self))


def sign_purge(purge: Purge, sign: Sign) -> bytes:
    """Give the bytes of the signed purge."""
    return wire.encode([_fields(purge), sign_kind(sign, Kind.PURGE, purge.content)])


def read_purge(data: bytes) -> Purge:
    """Read a purge; checks its form only."""
    fields, signature = array(wire.decode_strict(data, limit=wire.PURGE_LIMIT), 2)
    known = array(wire.known_version(fields), _FIELDS)
    suite_of(integer(known[1]))
    places = tuple(_place(item) for item in array(known[7], most=MOST_VOIDED))
    if not places or wire.unsorted([place[:2] for place in places]):
        raise wire.WireError(reason="order")
    return Purge(
        suite=known[1],
        district=blob(known[2], wire.HASH_BYTES),
        roster_version=integer(known[3], low=1),
        device=integer(known[4]),
        channel=blob(known[5], wire.CHANNEL_BYTES),
        epoch=integer(known[6]),
        places=places,
        signature=blob(signature, wire.SIGNATURE_BYTES),
    )


def verify_purge(purge: Purge, roster: Roster) -> Device:
    """Give the sender's device; raises held or quarantined errors when the purge may not count."""
    if purge.district != roster.district:
        raise WrongDistrictError
    check_floor(roster, purge.suite)
    device = find_sender(roster, purge.device, purge.roster_version)
    check_signature(suite_of(purge.suite), device.public_key, Kind.PURGE, purge.content, purge.signature)
    if device.state is not DeviceState.ACTIVE:
        raise SenderSuspendedError(device=device.index)
    return device


def _fields(purge: Purge) -> list[Any]:
    return [
        wire.WIRE_VERSION,
        purge.suite,
        purge.district,
        purge.roster_version,
        purge.device,
        purge.channel,
        purge.epoch,
        [list(place) for place in purge.places],
    ]


def _place(value: object) -> Voided:
    session, n, digest, prev = array(value, 4)
    return Voided(
        integer(session, high=wire.U64),
        integer(n, low=1, high=wire.U63),
        blob(digest, wire.HASH_BYTES),
        blob(prev, 0, wire.HASH_BYTES),
    )
