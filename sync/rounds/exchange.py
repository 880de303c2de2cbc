"""What a device and the relay say to each other in one exchange of a round, and its bytes.

Strict CBOR: a map from small integers, empty fields left out, so that a round in which nothing
happened is a few dozen bytes. Both sides refuse what they do not know.
"""

from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final, TypeVar

from app.domain.errors import KimError
from sync.encoding import wire
from sync.encoding.signing import sha256
from sync.encoding.wire import CHANNEL_BYTES, HASH_BYTES, array, blob, integer
from sync.errors import ReadingError

MEDIA_TYPE: Final = "application/cbor"
NONCE_HEADER: Final = "Kim-Nonce"
TOKEN_HEADER: Final = "Kim-Token"  # noqa: S105 - a name
SIGNATURE_LABEL: Final = "r"
SIGNATURE_TAG: Final = "kim-mobil/request/1"
SIGNED_COMPONENTS: Final = ("@method", "@authority", "@path")
"""What a request's signature covers (RFC 9421), besides Content-Digest where there is a body.

The authority too: a relay cannot pass a request that was meant for it on to another.
"""

MAX_ENVELOPES: Final = 16
MAX_OTHERS: Final = 256
"""Grants, acks or prekeys in one request."""
MAX_ASKS: Final = 4
MAX_PURGES: Final = 16
MAX_WANTED: Final = 1024
MAX_GAPS: Final = 64
MAX_LIST: Final = 4096
"""Byte strings in a plain list: rosters, prekeys, enrolments."""
MAX_LISTED: Final = 2048
"""Lines of inventory in one answer."""
MAX_MESSAGE: Final = 8 * 1024 * 1024
"""Bytes of a body, either way; the relay's settings allow less."""

T = TypeVar("T")


class ExchangeError(KimError):
    """The other side's message cannot be read (`reason`)."""

    error_id = "exchange_unreadable"


class Kind(IntEnum):
    """What a delivery is."""

    ENVELOPE = 1
    GRANT = 2
    ACK = 3
    PREKEY = 4
    PURGE = 5
    ASK = 6


class StatusCode(IntEnum):
    """What became of a posted item."""

    STORED = 0
    KNOWN = 1
    CONFLICT = 2
    """Other bytes stand at the envelope's place; both are kept. The sender draws a new session."""
    REFUSED = 3


@dataclass(frozen=True)
class Status:
    """What became of one posted item; `reason` is an id, given when it was refused."""

    code: StatusCode
    reason: str = ""


@dataclass(frozen=True)
class Cursor:
    """How far a device has read: the last delivery's number and the relay's hash for it."""

    number: int
    digest: bytes


@dataclass(frozen=True)
class Gap:
    """Envelopes `first` to `last` of a stream, asked for by their places."""

    device: int
    session: int
    channel: bytes
    first: int
    last: int


@dataclass(frozen=True)
class Run:
    """An unbroken part of one of the caller's own streams at the relay; `head` is the hash of its last."""

    session: int
    channel: bytes
    first: int
    last: int
    head: bytes


@dataclass(frozen=True)
class Listed:
    """A delivery in the inventory, without its bytes (`size`)."""

    number: int
    kind: Kind
    digest: bytes
    size: int


@dataclass(frozen=True)
class Delivery:
    """A sealed item for the caller."""

    number: int
    kind: Kind
    sealed: bytes


@dataclass(frozen=True)
class RoundRequest:
    """What a device brings and asks for. Without a cursor everything held for it comes anew."""

    roster_version: int
    cursor: Cursor | None = None
    envelopes: tuple[bytes, ...] = ()
    grants: tuple[bytes, ...] = ()
    acks: tuple[bytes, ...] = ()
    prekeys: tuple[bytes, ...] = ()
    asks: tuple[bytes, ...] = ()
    purges: tuple[bytes, ...] = ()
    wanted: tuple[bytes, ...] = ()
    """Hashes of items that the inventory lists and the device lacks."""
    gaps: tuple[Gap, ...] = ()
    inventory_only: bool = False
    """List what is behind the cursor instead of sending it."""
    own_inventory: bool = False
    """List the caller's own streams at the relay."""
    budget: int = 256 * 1024
    """Bytes of deliveries the answer may hold; one always comes."""


@dataclass(frozen=True)
class RoundAnswer:
    """What the relay answers. `statuses` are in the order envelopes, grants, acks, prekeys, asks,
    purges."""

    time: int
    """The relay's clock, milliseconds since 1970."""
    own_digest: bytes
    """`runs_digest` over the caller's own streams as the relay holds them."""
    roster_version: int
    """Of the relay's newest; when it is behind the caller's, the caller brings the rosters it lacks."""
    cursor: Cursor | None = None
    more: bool = False
    """There is more behind the new cursor."""
    statuses: tuple[Status, ...] = ()
    rosters: tuple[bytes, ...] = ()
    """Those newer than the caller's, in order."""
    deliveries: tuple[Delivery, ...] = ()
    """First what was wanted, then what is behind the cursor."""
    absent: tuple[bytes, ...] = ()
    """Wanted hashes that the relay does not hold for the caller, or not any more."""
    inventory: tuple[Listed, ...] = ()
    own_runs: tuple[Run, ...] = ()
    own_items: int = 0
    """How many items of any kind the relay ever stored of the caller."""


def district_path(district: bytes) -> str:
    """The district's hash as it stands in addresses: 43 letters."""
    return urlsafe_b64encode(district).rstrip(b"=").decode()


def item_digest(sealed: bytes) -> bytes:
    """The name of an item: SHA-256 over its bytes."""
    return sha256(sealed)


def runs_digest(runs: Iterable[Run]) -> bytes:
    """One hash over a device's own streams: equal on both sides when the relay lost nothing."""
    return sha256(wire.encode(sorted(_run_row(run) for run in runs)))


def encode_request(request: RoundRequest) -> bytes:
    """The request's bytes."""
    return _packed(request, _REQUEST)


def decode_request(data: bytes) -> RoundRequest:
    """The request; raises ExchangeError for anything but what `encode_request` gives."""
    return _strict(data, lambda raw: RoundRequest(**_fields(raw, _REQUEST, ("roster_version",))))


def encode_answer(answer: RoundAnswer) -> bytes:
    """The answer's bytes."""
    return _packed(answer, _ANSWER)


def decode_answer(data: bytes) -> RoundAnswer:
    """The answer; raises ExchangeError for anything but what `encode_answer` gives."""
    return _strict(
        data, lambda raw: RoundAnswer(**_fields(raw, _ANSWER, ("time", "own_digest", "roster_version")))
    )


def encode_list(items: Iterable[bytes]) -> bytes:
    """Several byte strings as one body: rosters, enrolments."""
    return wire.encode(list(items))


def decode_list(data: bytes) -> tuple[bytes, ...]:
    """The byte strings of such a body; raises ExchangeError."""
    return _strict(data, _blobs(MAX_LIST))


def encode_invitation(token_hash: bytes, expires_ms: int) -> bytes:
    """What a keeper deposits for an invitation: SHA-256 of the token, and its last moment."""
    return wire.encode([token_hash, expires_ms])


def decode_invitation(data: bytes) -> tuple[bytes, int]:
    """The token's hash and the last moment; raises ExchangeError."""
    return _strict(data, _invitation)


# Each field: its key in the map, how it becomes CBOR, how it is read and checked.
_Codec = tuple[int, Callable[[Any], Any], Callable[[Any], Any]]


def _strict(data: bytes, read: Callable[[Any], T]) -> T:
    try:
        return read(wire.decode_strict(data, limit=MAX_MESSAGE))
    except ReadingError as error:
        raise ExchangeError(reason=error.reason) from error


def _packed(value: object, codecs: Mapping[str, _Codec]) -> bytes:
    fields = ((key, pack, getattr(value, name)) for name, (key, pack, _read) in codecs.items())
    return wire.encode({key: pack(part) for key, pack, part in fields if not _is_empty(part)})


def _is_empty(part: object) -> bool:
    # By identity: the number 0 equals False and must be sent.
    return part is None or part is False or part == ()


def _fields(raw: Any, codecs: Mapping[str, _Codec], required: tuple[str, ...]) -> dict[str, Any]:
    known = {key: (name, read) for name, (key, _pack, read) in codecs.items()}
    if type(raw) is not dict or not raw.keys() <= known.keys():
        raise wire.WireError(reason="unknown_field")
    result = {known[key][0]: known[key][1](part) for key, part in raw.items()}
    if not result.keys() >= set(required):
        raise wire.WireError(reason="missing_field")
    return result


def _number(value: object) -> int:
    return integer(value, high=wire.U63)


def _session(value: object) -> int:
    return integer(value, high=wire.U64)


def _flag(value: object) -> bool:
    if value is not True:
        raise wire.WireError(reason="flag")
    return True


def _digest(value: object) -> bytes:
    return blob(value, HASH_BYTES)


def _channel(value: object) -> bytes:
    return blob(value, CHANNEL_BYTES)


def _kind(value: object) -> Kind:
    number = integer(value)
    if number not in {kind.value for kind in Kind}:
        raise wire.WireError(reason="kind")
    return Kind(number)


def _many(read: Callable[[Any], T], limit: int) -> Callable[[Any], tuple[T, ...]]:
    return lambda value: tuple(read(part) for part in array(value, most=limit))


def _blobs(limit: int) -> Callable[[Any], tuple[bytes, ...]]:
    return _many(blob, limit)


def _row(make: Callable[..., T], *reads: Callable[[Any], Any]) -> Callable[[Any], T]:
    def read_row(value: object) -> T:
        return make(*(read(part) for read, part in zip(reads, array(value, len(reads)), strict=True)))

    return read_row


def _status(value: object) -> Status:
    if isinstance(value, str):
        return Status(StatusCode.REFUSED, wire.text(value, 64))
    return Status(StatusCode(integer(value, high=StatusCode.CONFLICT)))


def _invitation(value: object) -> tuple[bytes, int]:
    token_hash, expires_ms = array(value, 2)
    return _digest(token_hash), _number(expires_ms)


_cursor_row = _row(Cursor, _number, _digest)
_gap_row = _row(Gap, _number, _session, _channel, _number, _number)
_delivery_row = _row(Delivery, _number, _kind, blob)
_listed_row = _row(Listed, _number, _kind, _digest, _number)
_read_run = _row(Run, _session, _channel, _number, _number, _digest)


def _same(value: T) -> T:
    return value


def _rows(of: Callable[[Any], Any]) -> Callable[[Any], list[Any]]:
    return lambda parts: [of(part) for part in parts]


def _pack_cursor(cursor: Cursor) -> list[Any]:
    return [cursor.number, cursor.digest]


def _pack_gap(gap: Gap) -> list[Any]:
    return [gap.device, gap.session, gap.channel, gap.first, gap.last]


def _run_row(run: Run) -> list[Any]:
    return [run.session, run.channel, run.first, run.last, run.head]


def _pack_delivery(delivery: Delivery) -> list[Any]:
    return [delivery.number, int(delivery.kind), delivery.sealed]


def _pack_listed(line: Listed) -> list[Any]:
    return [line.number, int(line.kind), line.digest, line.size]


def _pack_status(status: Status) -> int | str:
    return status.reason if status.code is StatusCode.REFUSED else int(status.code)


_REQUEST: Final[Mapping[str, _Codec]] = {
    "roster_version": (0, _same, _number),
    "cursor": (1, _pack_cursor, _cursor_row),
    "envelopes": (2, list, _blobs(MAX_ENVELOPES)),
    "grants": (3, list, _blobs(MAX_OTHERS)),
    "acks": (4, list, _blobs(MAX_OTHERS)),
    "prekeys": (5, list, _blobs(MAX_OTHERS)),
    "wanted": (6, list, _many(_digest, MAX_WANTED)),
    "gaps": (7, _rows(_pack_gap), _many(_gap_row, MAX_GAPS)),
    "inventory_only": (8, _same, _flag),
    "own_inventory": (9, _same, _flag),
    "budget": (10, _same, _number),
    "asks": (12, list, _blobs(MAX_ASKS)),
    "purges": (13, list, _blobs(MAX_PURGES)),
}
_MOST_STATUSES: Final = MAX_ENVELOPES + 3 * MAX_OTHERS + MAX_ASKS + MAX_PURGES
_ANSWER: Final[Mapping[str, _Codec]] = {
    "time": (0, _same, _number),
    "own_digest": (1, _same, _digest),
    "roster_version": (10, _same, _number),
    "cursor": (2, _pack_cursor, _cursor_row),
    "more": (3, _same, _flag),
    "statuses": (4, _rows(_pack_status), _many(_status, _MOST_STATUSES)),
    "rosters": (5, list, _blobs(1024)),
    "deliveries": (6, _rows(_pack_delivery), _many(_delivery_row, 1 << 16)),
    "absent": (7, list, _many(_digest, MAX_WANTED)),
    "inventory": (8, _rows(_pack_listed), _many(_listed_row, MAX_LISTED)),
    "own_runs": (9, _rows(_run_row), _many(_read_run, 1 << 16)),
    "own_items": (11, _same, _number),
}
