"""What the store keeps for the sync engine, as values: both know these, neither knows the other."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.dots import Dot


class ParcelState(StrEnum):
    """Why something that came was not applied: it lacks something, or something about it is wrong."""

    HELD = "held"
    QUARANTINED = "quarantined"


class ParcelKind(StrEnum):
    """What a parcel is."""

    ENVELOPE = "envelope"
    GRANT = "grant"
    ACK = "ack"
    PREKEY = "prekey"
    ROSTER = "roster"
    ASK = "ask"
    PURGE = "purge"


OWN = -1
"""In place of the roster index: a stream of this device itself."""


@dataclass(frozen=True, order=True)
class Stream:
    """A sender's device (roster index), its session and one of its channels (8 bytes)."""

    device: int
    session: int
    channel: bytes


@dataclass(frozen=True)
class Place:
    """One envelope's place in a stream, counted from 1."""

    stream: Stream
    n: int


@dataclass(frozen=True)
class StoredParcel:
    """A held or quarantined item with its sealed bytes; `place` and `device` as far as it could be read."""

    digest: bytes
    kind: ParcelKind
    state: ParcelState
    reason: str
    at_ms: int
    sealed: bytes
    device: int | None = None
    place: Place | None = None


@dataclass(frozen=True)
class ChannelKey:
    """A channel's key of one epoch; `audience` holds member ids, `begun_ms` is when it came or was drawn.

    `key` is empty once it was destroyed; `prekey` names the own prekey to which it was granted.
    """

    device: int
    channel: bytes
    epoch: int
    key: bytes = field(repr=False)
    commitment: bytes
    audience: frozenset[int]
    begun_ms: int
    prekey: bytes | None = None


@dataclass(frozen=True)
class OwnPrekey:
    """A prekey of this device: the private half stays in the store, the signed public half goes out.

    `published_ms` is when the relay was first seen to hold it.
    """

    id: bytes
    private: bytes = field(repr=False)
    signed: bytes
    made_ms: int
    published_ms: int | None = None


@dataclass(frozen=True)
class KnownPrekey:
    """Another device's prekey, verified when it came."""

    device: int
    id: bytes
    signed: bytes
    made_ms: int


@dataclass(frozen=True)
class StreamHead:
    """The last envelope sealed in an own channel."""

    session: int
    n: int
    digest: bytes


@dataclass(frozen=True)
class SealedEnvelope:
    """An own envelope and the changes in it; `sealed` is None once every recipient acknowledged."""

    session: int
    channel: bytes
    n: int
    epoch: int
    digest: bytes
    sealed: bytes | None
    at_ms: int


@dataclass(frozen=True)
class LostEnvelope:
    """An own envelope that an order takes something out of.

    `prev`: hash of the one before it in its channel, as far as it is known without the bytes.
    """

    session: int
    channel: bytes
    n: int
    epoch: int
    digest: bytes
    prev: bytes
    sealed: bytes | None


@dataclass(frozen=True)
class OutPurge:
    """A purge of own envelopes, signed."""

    digest: bytes
    sealed: bytes
    at_ms: int


@dataclass(frozen=True)
class KeptProof:
    """What proves who wrote the changes of an envelope that was read."""

    place: Place
    proof: bytes


@dataclass(frozen=True)
class OutGrant:
    """A grant that this device made."""

    channel: bytes
    epoch: int
    recipient: int
    digest: bytes
    sealed: bytes


@dataclass(frozen=True)
class RelayRun:
    """An unbroken part of an own stream at the relay."""

    session: int
    channel: bytes
    first: int
    last: int
    head: bytes


@dataclass(frozen=True)
class ReceivedEnvelope:
    """An applied envelope of another device; `proof` shows authorship when the ciphertext is gone."""

    place: Place
    digest: bytes
    prev: bytes
    proof: bytes
    at_ms: int


@dataclass(frozen=True)
class DueAck:
    """A stream's head that this device has read up to and not yet signed for."""

    stream: Stream
    n: int
    head: bytes


@dataclass(frozen=True)
class StreamGap:
    """Places `first` to `last` of a stream that have not come."""

    stream: Stream
    first: int
    last: int


@dataclass(frozen=True)
class RoundReport:
    """What one round did; `changed` names (type, record, case) of what moved on this device."""

    started_ms: int
    requests: int = 0
    envelopes_up: int = 0
    envelopes_down: int = 0
    bytes_up: int = 0
    bytes_down: int = 0
    applied: int = 0
    held: int = 0
    quarantined: int = 0
    states: int = 0
    changed: frozenset[tuple[str, Dot, Dot | None]] = frozenset()
