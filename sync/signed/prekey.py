"""A device's public prekey, signed by its identity: to it others seal the keys of their channels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sync.encoding import wire
from sync.encoding.signing import SUITE, Kind, Sign, check_signature, sha256, sign_kind, suite_of
from sync.encoding.wire import array, blob, integer
from sync.errors import SenderSuspendedError, WrongDistrictError
from sync.roster import Device, DeviceState, Roster, check_floor, day_number, day_of, find_sender

_FIELDS: Final = 9


@dataclass(frozen=True)
class Reads:
    """What a device's program reads: the highest wire version, and its suites in ascending order."""

    version: int = wire.WIRE_VERSION
    suites: tuple[int, ...] = (SUITE.id,)


@dataclass(frozen=True)
class Prekey:
    """A public prekey. `device`: roster index of its owner; `created`: the day by which it is renewed."""

    district: bytes
    device: int
    roster_version: int
    id: bytes
    public: bytes
    created: date
    reads: Reads = Reads()
    suite: int = SUITE.id
    signature: bytes = b""

    @property
    def content(self) -> bytes:
        """The bytes that are signed."""
        return wire.encode(_fields(self))


def prekey_id(public: bytes) -> bytes:
    """Give the id of a public prekey: the first 8 bytes of its hash."""
    return sha256(public)[: wire.PREKEY_ID_BYTES]


def sign_prekey(roster: Roster, device: int, public: bytes, created: date, sign: Sign) -> bytes:
    """Give the bytes of a signed prekey of the device with that roster index."""
    prekey = Prekey(roster.district, device, roster.version, prekey_id(public), public, created)
    return wire.encode([_fields(prekey), sign_kind(sign, Kind.PREKEY, prekey.content)])


def read_prekey(data: bytes) -> Prekey:
    """Read a prekey; checks its form only."""
    fields, signature = array(wire.decode_strict(data, limit=wire.PREKEY_LIMIT), 2)
    known = array(wire.known_version(fields), _FIELDS)
    suite_of(integer(known[1]))
    return Prekey(
        suite=known[1],
        district=blob(known[2], wire.HASH_BYTES),
        device=integer(known[3]),
        roster_version=integer(known[4], low=1),
        id=blob(known[5], wire.PREKEY_ID_BYTES),
        public=blob(known[6], wire.PREKEY_PUBLIC_BYTES),
        created=day_of(known[7]),
        reads=_reads(known[8]),
        signature=blob(signature, wire.SIGNATURE_BYTES),
    )


def verify_prekey(prekey: Prekey, roster: Roster) -> Device:
    """Give the owner's device; raises held or quarantined errors when the prekey may not be used."""
    if prekey.district != roster.district:
        raise WrongDistrictError
    check_floor(roster, prekey.suite)
    device = find_sender(roster, prekey.device, prekey.roster_version)
    check_signature(suite_of(prekey.suite), device.public_key, Kind.PREKEY, prekey.content, prekey.signature)
    if prekey.id != prekey_id(prekey.public):
        raise wire.WireError(reason="prekey_id")
    if device.state is not DeviceState.ACTIVE:
        raise SenderSuspendedError(device=device.index)
    return device


def _fields(prekey: Prekey) -> list[Any]:
    return [
        wire.WIRE_VERSION,
        prekey.suite,
        prekey.district,
        prekey.device,
        prekey.roster_version,
        prekey.id,
        prekey.public,
        day_number(prekey.created),
        [prekey.reads.version, list(prekey.reads.suites)],
    ]


def _reads(value: object) -> Reads:
    version, suites = array(value, 2)
    numbers = tuple(integer(item, low=1) for item in array(suites, most=64))
    if wire.unsorted(numbers):
        raise wire.WireError(reason="order")
    return Reads(integer(version, low=1), numbers)
