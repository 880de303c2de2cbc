"""A grant: the key of a channel, sealed to one recipient device and signed by the sender.

HPKE does not say who sealed; the signature over the same bytes that are HPKE's `info` does.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from sync.encoding import wire
from sync.encoding.signing import SUITE, Kind, Sign, check_signature, sign_kind, suite_of
from sync.encoding.wire import WireError, array, blob, integer
from sync.errors import WrongDistrictError, WrongRecipientError
from sync.roster import Device, Roster, check_floor, find_sender

GRANT_TAG: Final = "kim-mobil/grant/1"
_FIELDS: Final = 12


@dataclass(frozen=True)
class GrantFields:
    """What a grant says in clear. Devices by roster index, `audience`: member ids, ascending."""

    district: bytes
    channel: bytes
    epoch: int
    audience: tuple[int, ...]
    roster_version: int
    sender: int
    recipient: int
    prekey: bytes
    key_commitment: bytes
    suite: int = SUITE.id

    @cached_property
    def info(self) -> bytes:
        """The bytes that are signed and given to HPKE as `info`."""
        return wire.encode(_row(self))


@dataclass(frozen=True)
class Grant:
    """A grant as read; `data` are its bytes."""

    fields: GrantFields
    sealed: bytes
    signature: bytes
    data: bytes


def assemble_grant(fields: GrantFields, sealed: bytes, sign: Sign) -> bytes:
    """Give the bytes of a grant: `[fields, sealed, signature]`."""
    return wire.encode([_row(fields), sealed, sign_kind(sign, Kind.GRANT, fields.info)])


def read_grant(data: bytes) -> Grant:
    """Read a grant; checks its form only."""
    row, sealed, signature = array(wire.decode_strict(data, limit=wire.GRANT_LIMIT), 3)
    return Grant(
        _fields(array(row)),
        blob(sealed, wire.SEALED_KEY_BYTES),
        blob(signature, wire.SIGNATURE_BYTES),
        data,
    )


def verify_grant(grant: Grant, roster: Roster) -> Device:
    """Give the sender's device; raises held or quarantined errors when the grant may not be used.

    A suspended sender's grant is taken: what it sent before, or what a person releases, opens by it.
    """
    fields = grant.fields
    if fields.district != roster.district:
        raise WrongDistrictError
    check_floor(roster, fields.suite)
    sender = find_sender(roster, fields.sender, fields.roster_version)
    check_signature(suite_of(fields.suite), sender.public_key, Kind.GRANT, fields.info, grant.signature)
    recipient = find_sender(roster, fields.recipient, fields.roster_version)
    if recipient.member not in fields.audience:
        raise WrongRecipientError
    return sender


def _row(fields: GrantFields) -> list[Any]:
    return [
        GRANT_TAG,
        wire.WIRE_VERSION,
        fields.district,
        fields.suite,
        fields.channel,
        fields.epoch,
        list(fields.audience),
        fields.roster_version,
        fields.sender,
        fields.recipient,
        fields.prekey,
        fields.key_commitment,
    ]


def _fields(row: list[Any]) -> GrantFields:
    if row[:1] != [GRANT_TAG]:
        raise WireError(reason="tag")
    wire.known_version(row[1:])
    known = array(row, _FIELDS)
    suite_of(integer(known[3]))
    return GrantFields(
        district=blob(known[2], wire.HASH_BYTES),
        suite=known[3],
        channel=blob(known[4], wire.CHANNEL_BYTES),
        epoch=integer(known[5]),
        audience=_audience(known[6]),
        roster_version=integer(known[7], low=1),
        sender=integer(known[8]),
        recipient=integer(known[9]),
        prekey=blob(known[10], wire.PREKEY_ID_BYTES),
        key_commitment=blob(known[11], wire.HASH_BYTES),
    )


def _audience(value: object) -> tuple[int, ...]:
    members = tuple(integer(item) for item in array(value))
    if not members or wire.unsorted(members):
        raise WireError(reason="audience")
    return members
