"""The roster: who belongs to a district, with which devices and keys; a signed chain of versions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import IntEnum
from functools import cached_property, lru_cache
from typing import Any, Final

from app.domain.audience import Member, Role
from app.domain.case_number import SLOTS
from sync.encoding import wire
from sync.encoding.signing import SUITE, Kind, Sign, sha256, sign_kind, suite_of
from sync.encoding.wire import WireError, array, blob, boolean, integer, optional, text
from sync.errors import LacksRosterError, WrongSenderError, WrongVersionError

SAFE: Final = -1
"""Signer number of the offline keeper key that lies in the district's safe."""
_EPOCH: Final = date(1970, 1, 1)
_FIELDS: Final = 17
_LAST_DAY: Final = (date.max - _EPOCH).days


class DeviceState(IntEnum):
    """What a device may do; the numbers are part of the wire format."""

    ACTIVE = 0
    SUSPENDED = 1
    REVOKED = 2


@dataclass(frozen=True)
class Accepted:
    """The last envelope of a stream that still counts when a device is suspended or revoked."""

    session: int
    channel: bytes
    n: int
    hash: bytes


@dataclass(frozen=True)
class Device:
    """A device under its roster index, which is never used again. `slot`: its block of case numbers."""

    index: int
    member: int
    public_key: bytes
    slot: int
    state: DeviceState = DeviceState.ACTIVE
    accepted: tuple[Accepted, ...] = ()

    @cached_property
    def id(self) -> int:
        """The number that dots of this device carry."""
        return device_id(self.public_key)


@dataclass(frozen=True)
class Roster:
    """One version of the roster. `expires` stops enrolment and changes of role, never saving or syncing.

    `previous` is empty in the first version and names one roster after; two only to end a fork: the
    one that it follows, then the one that it refuses. `made` is its makers' day, which never runs back.
    `keeper_keys` are the 8-byte ids of every keeper key ever named; `signatures` are (device index
    or SAFE, signature).
    """

    version: int
    code: str
    name: str
    expires: date
    members: tuple[Member, ...]
    devices: tuple[Device, ...]
    keepers: frozenset[int]
    keeper_keys: frozenset[int]
    relays: tuple[str, ...] = ()
    first: bytes = b""
    previous: tuple[bytes, ...] = ()
    offline_key: bytes | None = None
    lowest_suite: int = 1
    lowest_version: int = 1
    made: date = _EPOCH
    suite: int = SUITE.id
    signatures: tuple[tuple[int, bytes], ...] = ()

    @cached_property
    def content(self) -> bytes:
        """The bytes that are signed and hashed."""
        return wire.encode(_fields(self))

    @cached_property
    def hash(self) -> bytes:
        """The hash that the next version names; signatures are no part of it."""
        return sha256(self.content)

    @property
    def district(self) -> bytes:
        """The id of the district: the hash of its first roster."""
        return self.first or self.hash

    def member(self, member_id: int) -> Member | None:
        """Give a member by id."""
        return self._members.get(member_id)

    def device(self, index: int) -> Device | None:
        """Give a device by its roster index, whatever its state."""
        return self._devices.get(index)

    def device_by_id(self, wanted: int) -> Device | None:
        """Give the device whose dots carry this number."""
        return self._by_id.get(wanted)

    def member_of_device(self, index: int) -> Member | None:
        """Give the member to whom a device belongs."""
        device = self.device(index)
        return None if device is None else self.member(device.member)

    def devices_of(self, member_id: int) -> tuple[Device, ...]:
        """Give the active devices of a member."""
        return tuple(d for d in self.devices if d.member == member_id and d.state is DeviceState.ACTIVE)

    def devices_of_all(self, member_ids: Iterable[int]) -> tuple[Device, ...]:
        """Give the active devices of several members, by index: the recipients of a channel."""
        wanted = frozenset(member_ids)
        return tuple(d for d in self.devices if d.member in wanted and d.state is DeviceState.ACTIVE)

    @cached_property
    def _members(self) -> dict[int, Member]:
        return {member.id: member for member in self.members}

    @cached_property
    def _devices(self) -> dict[int, Device]:
        return {device.index: device for device in self.devices}

    @cached_property
    def _by_id(self) -> dict[int, Device]:
        return {device.id: device for device in self.devices}


def device_id(public_key: bytes) -> int:
    """Give the number of a device in dots: the first 8 bytes of the SHA-256 of its public key."""
    return int.from_bytes(sha256(public_key)[:8], "big")


def first_roster(
    code: str,
    name: str,
    expires: date,
    keeper: Member,
    public_key: bytes,
    *,
    offline_key: bytes | None = None,
    relays: tuple[str, ...] = (),
    made: date = _EPOCH,
) -> Roster:
    """Give the unsigned first roster of a district: its founding keeper with one device (index 0, slot 0)."""
    roster = Roster(
        version=1,
        code=code,
        name=name,
        expires=expires,
        members=(keeper,),
        devices=(Device(0, keeper.id, public_key, 0),),
        keepers=frozenset({keeper.id}),
        keeper_keys=frozenset(),
        relays=relays,
        offline_key=offline_key,
        made=made,
    )
    return replace(roster, keeper_keys=keeper_keys_now(roster))


def successor(roster: Roster, **changes: Any) -> Roster:
    """Give the unsigned next version, other fields given by name; version, links and keeper keys follow."""
    following = replace(
        roster,
        **{"suite": max(roster.suite, roster.lowest_suite), **changes},
        version=roster.version + 1,
        first=roster.district,
        previous=(roster.hash,),
        signatures=(),
    )
    return replace(following, keeper_keys=roster.keeper_keys | keeper_keys_now(following))


def keeper_keys_now(roster: Roster) -> frozenset[int]:
    """Give the ids of the keeper keys that a roster names, the offline key included."""
    named = {device.id for device in roster.devices if device.member in roster.keepers}
    return frozenset(named | ({device_id(roster.offline_key)} if roster.offline_key else set()))


def sign_roster(roster: Roster, signer: int, sign: Sign) -> Roster:
    """Give the roster with one more signature; `signer` is a device index or SAFE."""
    others = tuple(item for item in roster.signatures if item[0] != signer)
    mine = (signer, sign_kind(sign, Kind.ROSTER, roster.content))
    return replace(roster, signatures=tuple(sorted((*others, mine))))


def encode_roster(roster: Roster) -> bytes:
    """Give the bytes of a signed roster: `[fields, [[signer, signature], …]]`."""
    return wire.encode([_fields(roster), [list(item) for item in roster.signatures]])


@lru_cache(maxsize=8)
def decode_roster(data: bytes) -> Roster:
    """Read a roster; checks its form only: whether it may be believed: `sync.district.roster_chain`.

    An unlock and every round read the same few again and again.
    """
    fields, signatures = array(wire.decode_strict(data, limit=wire.ROSTER_LIMIT), 2)
    known = array(wire.known_version(fields), _FIELDS)
    suite_of(integer(known[1]))
    roster = _read(known, tuple(_signature(item) for item in array(signatures)))
    _check_form(roster)
    return roster


def find_sender(roster: Roster, index: int, roster_version: int) -> Device:
    """Give a sender's device; LacksRosterError if a newer roster may know it, else WrongSenderError."""
    device = roster.device(index)
    if device is not None:
        return device
    if roster_version > roster.version:
        raise LacksRosterError(known=roster.version, named=roster_version)
    raise WrongSenderError(device=index)


def check_floor(roster: Roster, suite: int, version: int = wire.WIRE_VERSION) -> None:
    """Raise WrongVersionError for what is of an older version or suite than the roster still accepts."""
    if not meets_floor(roster, suite, version):
        raise WrongVersionError(version=version, suite=suite)


def meets_floor(roster: Roster, suite: int, version: int = wire.WIRE_VERSION) -> bool:
    """Tell whether the roster still accepts what is of this version and suite."""
    return version >= roster.lowest_version and suite >= roster.lowest_suite


def day_number(day: date) -> int:
    """Give a date as it stands on the wire: days since 1970-01-01."""
    return (day - _EPOCH).days


def day_of(number: object) -> date:
    """Give the date of a day number; raises WireError."""
    return _EPOCH + timedelta(days=integer(number, high=_LAST_DAY))


def _fields(roster: Roster) -> list[Any]:
    return [
        wire.WIRE_VERSION,
        roster.suite,
        roster.version,
        roster.first,
        list(roster.previous),
        day_number(roster.expires),
        roster.code,
        roster.name,
        list(roster.relays),
        [_member_row(member) for member in roster.members],
        [_device_row(device) for device in roster.devices],
        sorted(roster.keepers),
        sorted(roster.keeper_keys),
        roster.offline_key,
        roster.lowest_suite,
        roster.lowest_version,
        day_number(roster.made),
    ]


def _member_row(member: Member) -> list[Any]:
    return [
        member.id,
        member.name,
        member.employer,
        member.role.value,
        member.cleared,
        member.supervisor,
        member.immigration_duties,
        member.active,
    ]


def _device_row(device: Device) -> list[Any]:
    accepted = [[item.session, item.channel, item.n, item.hash] for item in device.accepted]
    return [device.index, device.member, device.public_key, device.slot, int(device.state), accepted]


def _read(fields: list[Any], signatures: tuple[tuple[int, bytes], ...]) -> Roster:
    return Roster(
        suite=fields[1],
        version=integer(fields[2], low=1),
        first=blob(fields[3], 0, wire.HASH_BYTES),
        previous=tuple(blob(item, wire.HASH_BYTES) for item in array(fields[4], most=2)),
        expires=day_of(fields[5]),
        code=text(fields[6], 3),
        name=text(fields[7]),
        relays=tuple(text(item) for item in array(fields[8])),
        members=tuple(_member(row) for row in array(fields[9])),
        devices=tuple(_device(row) for row in array(fields[10])),
        keepers=_numbers(fields[11], wire.U31),
        keeper_keys=_numbers(fields[12], wire.U64),
        offline_key=optional(_public_key, fields[13]),
        lowest_suite=integer(fields[14]),
        lowest_version=integer(fields[15]),
        made=day_of(fields[16]),
        signatures=signatures,
    )


def _numbers(value: object, high: int) -> frozenset[int]:
    items = [integer(item, high=high) for item in array(value)]
    if wire.unsorted(items):
        raise WireError(reason="order")
    return frozenset(items)


def _public_key(value: object) -> bytes:
    return blob(value, wire.PUBLIC_KEY_BYTES)


def _signature(value: object) -> tuple[int, bytes]:
    signer, signature = array(value, 2)
    return integer(signer, low=SAFE), blob(signature, wire.SIGNATURE_BYTES)


def _member(value: object) -> Member:
    row = array(value, 8)
    if text(row[3]) not in {role.value for role in Role}:
        raise WireError(reason="role")
    return Member(
        id=integer(row[0]),
        name=text(row[1]),
        employer=text(row[2]),
        role=Role(row[3]),
        cleared=boolean(row[4]),
        supervisor=optional(integer, row[5]),
        immigration_duties=boolean(row[6]),
        active=boolean(row[7]),
    )


def _device(value: object) -> Device:
    row = array(value, 6)
    return Device(
        index=integer(row[0]),
        member=integer(row[1]),
        public_key=_public_key(row[2]),
        slot=integer(row[3], high=SLOTS - 1),
        state=DeviceState(integer(row[4], high=DeviceState.REVOKED)),
        accepted=tuple(_accepted(item) for item in array(row[5])),
    )


def _accepted(value: object) -> Accepted:
    session, channel, n, digest = array(value, 4)
    return Accepted(
        integer(session, high=wire.U64),
        blob(channel, wire.CHANNEL_BYTES),
        integer(n, low=1, high=wire.U63),
        blob(digest, wire.HASH_BYTES),
    )


def _check_form(roster: Roster) -> None:
    ids = {member.id for member in roster.members}
    lists: tuple[list[Any], ...] = (
        [member.id for member in roster.members],
        [device.index for device in roster.devices],
        [signer for signer, _ in roster.signatures],
    )
    if any(wire.unsorted(items) for items in lists):
        raise WireError(reason="order")
    if not roster.keepers <= ids or any(device.member not in ids for device in roster.devices):
        raise WireError(reason="unknown_member")
    if len({device.id for device in roster.devices}) != len(roster.devices):
        raise WireError(reason="doubled_key")
    if len({device.slot for device in roster.devices}) != len(roster.devices):
        raise WireError(reason="doubled_slot")
    if not (len(roster.code) == 3 and roster.code.isascii() and roster.code.isupper()):
        raise WireError(reason="district_code")
