"""Envelopes: what lies on the relay, in folders and on sticks. Header and signature need no key to be read.

`[header, ciphertext, signature]`, signed over the header, which holds the hash of the ciphertext:
header and signature prove authorship after the ciphertext has gone. Opening is in `sync.sending.sealing`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple

from sync.encoding import wire
from sync.encoding.signing import Kind, check_signature, sha256, suite_of
from sync.encoding.wire import WireError, array, blob, integer
from sync.errors import (
    LacksProgramError,
    SenderSuspendedError,
    WrongContentError,
    WrongDistrictError,
)
from sync.roster import Device, DeviceState, Roster, check_floor, find_sender

CHECKPOINT: Final = 1
"""Kind of an envelope that tells a state, others' changes too (`sync.signed.checkpoint`)."""
_FIELDS: Final = 15
_BODY_HASH: Final = 13
"""Place of `body_hash` in the header; the associated data is the header without it."""


class Stream(NamedTuple):
    """What `n` counts in: device (roster index), session, channel."""

    device: int
    session: int
    channel: bytes


@dataclass(frozen=True)
class Seen:
    """The head of another stream as the sender knew it, so that a relay that withholds is noticed."""

    stream: Stream
    n: int
    hash: bytes


@dataclass(frozen=True)
class Header:
    """What anybody may read of an envelope; the order of the fields is that of the wire."""

    v: int
    suite: int
    district: bytes
    device: int
    channel: bytes
    epoch: int
    session: int
    n: int
    prev_hash: bytes
    roster_version: int
    key_commitment: bytes
    salt16: bytes
    seen: tuple[Seen, ...]
    body_hash: bytes
    changes_root: bytes
    kind: int = 0
    """0 for the sender's own changes, `CHECKPOINT` for a state; on the wire only when it is not 0."""

    @cached_property
    def content(self) -> bytes:
        """The bytes that are signed."""
        return wire.encode(header_row(self))

    @cached_property
    def aad(self) -> bytes:
        """The associated data of the encryption: the header without the hash of what it yields."""
        row = header_row(self)
        return wire.encode(row[:_BODY_HASH] + row[_BODY_HASH + 1 :])

    @property
    def stream(self) -> Stream:
        """The stream in which this envelope has the place `n`."""
        return Stream(self.device, self.session, self.channel)


@dataclass(frozen=True)
class Envelope:
    """An envelope as read; `data` are its bytes."""

    header: Header
    ciphertext: bytes
    signature: bytes
    data: bytes

    @cached_property
    def hash(self) -> bytes:
        """The hash that the next envelope and acknowledgements name."""
        return sha256(self.data)

    @property
    def stream(self) -> Stream:
        """The stream in which this envelope has the place `header.n`."""
        return self.header.stream


def read_header(data: bytes) -> Envelope:
    """Read an envelope without any key; checks size and form only. Raises held or quarantined errors."""
    row, ciphertext, signature = array(wire.decode_strict(data, limit=wire.ENVELOPE_LIMIT), 3)
    return Envelope(_header(row), blob(ciphertext), blob(signature, wire.SIGNATURE_BYTES), data)


def verify_envelope(envelope: Envelope, roster: Roster, *, vouched: bool = False) -> Device:
    """Give the sender's device; raises held or quarantined errors unless the roster vouches for the envelope.

    Of a suspended or revoked device only what the roster names as accepted counts, and what is `vouched`
    for: by its chain (`sync.recovery.suspension`), or by a keeper who released it.
    """
    device = verify_signed_header(envelope.header, envelope.signature, roster)
    if sha256(envelope.ciphertext) != envelope.header.body_hash:
        raise WrongContentError(reason="body_hash")
    if device.state is not DeviceState.ACTIVE and not vouched and not _is_named(envelope, device):
        raise SenderSuspendedError(device=device.index)
    return device


def verify_signed_header(header: Header, signature: bytes, roster: Roster) -> Device:
    """Give the device that signed a header, with or without its ciphertext; raises as `verify_envelope`."""
    if header.district != roster.district:
        raise WrongDistrictError
    check_floor(roster, header.suite, header.v)
    device = find_sender(roster, header.device, header.roster_version)
    kind = Kind.CHECKPOINT if header.kind else Kind.ENVELOPE
    check_signature(suite_of(header.suite), device.public_key, kind, header.content, signature)
    return device


def header_row(header: Header) -> list[Any]:
    """Give a header as it stands on the wire."""
    return [
        header.v,
        header.suite,
        header.district,
        header.device,
        header.channel,
        header.epoch,
        header.session,
        header.n,
        header.prev_hash,
        header.roster_version,
        header.key_commitment,
        header.salt16,
        [[*item.stream, item.n, item.hash] for item in header.seen],
        header.body_hash,
        header.changes_root,
        *([header.kind] if header.kind else []),
    ]


def _is_named(envelope: Envelope, device: Device) -> bool:
    return any(last.hash == envelope.hash for last in device.accepted)


def read_header_row(value: object) -> Header:
    """Give the header of a decoded row, as it stands in an envelope or a proof; raises WireError."""
    return _header(value)


def _header(value: object) -> Header:
    row = array(wire.known_version(value), most=_FIELDS + 1)
    if len(row) == _FIELDS + 1 and integer(row[_FIELDS], low=1) != CHECKPOINT:
        raise LacksProgramError(version=wire.WIRE_VERSION)
    array(row[:_FIELDS], _FIELDS)
    suite_of(integer(row[1]))
    header = Header(
        v=row[0],
        suite=row[1],
        district=blob(row[2], wire.HASH_BYTES),
        device=integer(row[3]),
        channel=blob(row[4], wire.CHANNEL_BYTES),
        epoch=integer(row[5]),
        session=integer(row[6], high=wire.U64),
        n=integer(row[7], low=1, high=wire.U63),
        prev_hash=blob(row[8], 0, wire.HASH_BYTES),
        roster_version=integer(row[9], low=1),
        key_commitment=blob(row[10], wire.HASH_BYTES),
        salt16=blob(row[11], wire.SALT_BYTES),
        seen=tuple(_seen(item) for item in array(row[12], most=wire.SEEN_LIMIT)),
        body_hash=blob(row[13], wire.HASH_BYTES),
        changes_root=blob(row[14], wire.HASH_BYTES),
        kind=CHECKPOINT if len(row) > _FIELDS else 0,
    )
    if header.n > 1 and not header.prev_hash:
        raise WireError(reason="prev_hash")
    return header


def _seen(value: object) -> Seen:
    device, session, channel, n, digest = array(value, 5)
    return Seen(
        Stream(integer(device), integer(session, high=wire.U64), blob(channel, wire.CHANNEL_BYTES)),
        integer(n, low=1, high=wire.U63),
        blob(digest, wire.HASH_BYTES),
    )
