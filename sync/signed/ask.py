"""An ask: a device tells others, signed, what it lacks: keys, places of streams, the state of everything.

Whoever is asked looks again whether the asker may have it; an ask gives no right.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple

from sync.encoding import wire
from sync.encoding.signing import SUITE, Kind, Sign, check_signature, sha256, sign_kind, suite_of
from sync.encoding.wire import array, blob, integer
from sync.errors import SenderSuspendedError, WrongDistrictError
from sync.roster import Device, DeviceState, Roster, check_floor, find_sender

MOST_ASKED: Final = 1024
MOST_WISHES: Final = 64
"""Keys, and runs of places, that one ask may name."""
_FIELDS: Final = 10


class GrantWish(NamedTuple):
    """The key of a channel's epoch; `device` (roster index) is its sender."""

    device: int
    channel: bytes
    epoch: int


class PlaceWish(NamedTuple):
    """Envelopes `first` to `last` of a stream."""

    device: int
    session: int
    channel: bytes
    first: int
    last: int


@dataclass(frozen=True)
class Ask:
    """What `asker` lacks; `asked` are the devices that are to answer, by roster index, ascending.

    `state`: those of them that are to tell the state of all that the asker may read, ascending. `hlc` is
    the asker's clock.
    """

    district: bytes
    roster_version: int
    asker: int
    asked: tuple[int, ...]
    hlc: int
    grants: tuple[GrantWish, ...] = ()
    places: tuple[PlaceWish, ...] = ()
    state: tuple[int, ...] = ()
    suite: int = SUITE.id
    signature: bytes = b""

    @property
    def content(self) -> bytes:
        """The bytes that are signed."""
        return wire.encode(_fields(self))

    @cached_property
    def hash(self) -> bytes:
        """The hash by which an answer names it."""
        return sha256(self.content)


def sign_ask(ask: Ask, sign: Sign) -> bytes:
    """Give the bytes of the signed ask."""
    return wire.encode([_fields(ask), sign_kind(sign, Kind.ASK, ask.content)])


def read_ask(data: bytes) -> Ask:
    """Read an ask; checks its form only."""
    fields, signature = array(wire.decode_strict(data, limit=wire.ASK_LIMIT), 2)
    known = array(wire.known_version(fields), _FIELDS)
    suite_of(integer(known[1]))
    asked = _devices(known[5])
    if not asked:
        raise wire.WireError(reason="order")
    return Ask(
        suite=known[1],
        district=blob(known[2], wire.HASH_BYTES),
        roster_version=integer(known[3], low=1),
        asker=integer(known[4]),
        asked=asked,
        hlc=integer(known[6], high=wire.U63),
        grants=tuple(_grant(item) for item in array(known[7], most=MOST_WISHES)),
        places=tuple(_place(item) for item in array(known[8], most=MOST_WISHES)),
        state=_devices(known[9]),
        signature=blob(signature, wire.SIGNATURE_BYTES),
    )


def verify_ask(ask: Ask, roster: Roster) -> Device:
    """Give the asker's device; raises held or quarantined errors when the ask may not count."""
    if ask.district != roster.district:
        raise WrongDistrictError
    check_floor(roster, ask.suite)
    device = find_sender(roster, ask.asker, ask.roster_version)
    check_signature(suite_of(ask.suite), device.public_key, Kind.ASK, ask.content, ask.signature)
    if device.state is not DeviceState.ACTIVE:
        raise SenderSuspendedError(device=device.index)
    return device


def _fields(ask: Ask) -> list[Any]:
    return [
        wire.WIRE_VERSION,
        ask.suite,
        ask.district,
        ask.roster_version,
        ask.asker,
        list(ask.asked),
        ask.hlc,
        [list(wish) for wish in ask.grants],
        [list(wish) for wish in ask.places],
        list(ask.state),
    ]


def _devices(value: object) -> tuple[int, ...]:
    devices = tuple(integer(item) for item in array(value, most=MOST_ASKED))
    if wire.unsorted(devices):
        raise wire.WireError(reason="order")
    return devices


def _grant(value: object) -> GrantWish:
    device, channel, epoch = array(value, 3)
    return GrantWish(integer(device), blob(channel, wire.CHANNEL_BYTES), integer(epoch))


def _place(value: object) -> PlaceWish:
    device, session, channel, first, last = array(value, 5)
    lowest = integer(first, low=1, high=wire.U63)
    return PlaceWish(
        integer(device),
        integer(session, high=wire.U64),
        blob(channel, wire.CHANNEL_BYTES),
        lowest,
        integer(last, low=lowest, high=wire.U63),
    )
