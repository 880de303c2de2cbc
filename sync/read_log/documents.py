"""What the read log's records hold: strict CBOR, sealed so that it takes the keys of two keepers.

A *log key* belongs to one writer and 30 days. Each keeper key is sealed a random share; for each two
keeper keys of different people a box holds the secret, under a key that needs both their shares.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

from app.domain.dots import Dot
from app.services.read_log import ReadNote
from sync.channel import KeyAgreement, unsealed
from sync.encoding import wire
from sync.encoding.compression import compress, decompress
from sync.encoding.signing import SUITE, Entropy, suite_of
from sync.encoding.wire import WireError, array, blob, integer, text
from sync.errors import WrongContentError
from sync.roster import SAFE

SHARE_BYTES: Final = 32
NONCE_BYTES: Final = 16
LIMIT: Final = wire.VALUE_LIMIT
_TAG: Final = "kim-mobil/read-log/1"
_BOX: Final = b"kim-mobil/read-log-box/1"
_ENTRIES: Final = b"kim-mobil/read-log-entries/1"
_BOX_BYTES: Final = SHARE_BYTES + 16


@dataclass(frozen=True)
class Recipient:
    """One keeper key: `index` of a device (or SAFE), the member it belongs to (or SAFE), where to seal to."""

    index: int
    member: int
    prekey: bytes
    public: bytes


@dataclass(frozen=True)
class LogKey:
    """A log key as read. `shares`: (prekey id, sealed share) by keeper key; `boxes`: by two of them."""

    nonce: bytes
    shares: Mapping[int, tuple[bytes, bytes]]
    boxes: Mapping[tuple[int, int], bytes]


def pairs_of(recipients: Iterable[Recipient]) -> list[tuple[Recipient, Recipient]]:
    """Give every two keeper keys of different people: two computers of one keeper are one."""
    ordered = sorted(recipients, key=lambda item: item.index)
    return [(one, two) for one, two in combinations(ordered, 2) if one.member != two.member]


def make_log_key(
    recipients: Iterable[Recipient], district: bytes, entropy: Entropy, agreement: KeyAgreement
) -> tuple[bytes, bytes]:
    """Give the document of a new log key, and its secret."""
    known = sorted(recipients, key=lambda item: item.index)
    nonce, secret = entropy.bytes(NONCE_BYTES), entropy.bytes(SHARE_BYTES)
    shares = {item.index: entropy.bytes(SHARE_BYTES) for item in known}
    seals = [
        [
            item.index,
            item.prekey,
            agreement.seal(item.public, _info(district, nonce, item.index), shares[item.index]),
        ]
        for item in known
    ]
    boxes = [
        [one.index, two.index, SUITE.seal(_box_key(shares[one.index], shares[two.index]), secret, nonce)]
        for one, two in pairs_of(known)
    ]
    return wire.encode([wire.WIRE_VERSION, SUITE.id, nonce, seals, boxes]), secret


def read_log_key(data: bytes) -> LogKey:
    """Read a log key; checks its form only."""
    row = array(wire.known_version(wire.decode_strict(data, limit=LIMIT)), 5)
    suite_of(integer(row[1]))
    shares = {index: (prekey, sealed) for index, prekey, sealed in map(_seal, array(row[3]))}
    boxes = {(one, two): box for one, two, box in map(_box, array(row[4]))}
    return LogKey(blob(row[2], NONCE_BYTES), shares, boxes)


def open_share(
    key: LogKey, index: int, private: bytes, district: bytes, agreement: KeyAgreement
) -> bytes | None:
    """Give the share of one keeper key, or None when it has none or `private` is not its key."""
    if index not in key.shares:
        return None
    return unsealed(agreement, private, _info(district, key.nonce, index), key.shares[index][1])


def secret_of(key: LogKey, shares: Mapping[int, bytes]) -> bytes | None:
    """Give a log key's secret, or None unless the shares of two keepers are there."""
    for (one, two), box in key.boxes.items():
        if one in shares and two in shares:
            secret = SUITE.open(_box_key(shares[one], shares[two]), box, key.nonce)
            if secret is not None:
                return secret
    return None


def seal_notes(notes: Iterable[ReadNote], secret: bytes, entropy: Entropy) -> bytes:
    """Give the document of some entries under a log key."""
    body = wire.encode([[item.act, item.at_ms, item.case.to_bytes(), item.number] for item in notes])
    salt = entropy.bytes(NONCE_BYTES)
    sealed = SUITE.seal(SUITE.derive(secret, _ENTRIES + salt, SHARE_BYTES), compress(body), salt)
    return wire.encode([wire.WIRE_VERSION, SUITE.id, salt, sealed])


def open_notes(data: bytes, secret: bytes) -> tuple[ReadNote, ...]:
    """Give the entries of a document; raises held or quarantined errors."""
    row = array(wire.known_version(wire.decode_strict(data, limit=LIMIT)), 4)
    suite, salt = suite_of(integer(row[1])), blob(row[2], NONCE_BYTES)
    padded = suite.open(suite.derive(secret, _ENTRIES + salt, SHARE_BYTES), blob(row[3]), salt)
    if padded is None:
        raise WrongContentError(reason="ciphertext")
    return tuple(_note(item) for item in array(wire.decode_strict(decompress(padded), limit=wire.BODY_LIMIT)))


def seal_shares(
    shares: Mapping[Dot, bytes], info: bytes, public: bytes, entropy: Entropy, agreement: KeyAgreement
) -> bytes:
    """Give the document by which a keeper passes shares on to one device."""
    once = entropy.bytes(SHARE_BYTES)
    body = compress(wire.encode([[key.to_bytes(), share] for key, share in sorted(shares.items())]))
    sealed_key = agreement.seal(public, info, once)
    return wire.encode([wire.WIRE_VERSION, SUITE.id, sealed_key, SUITE.seal(once, body, info)])


def open_shares(
    data: bytes, info: bytes, privates: Iterable[bytes], agreement: KeyAgreement
) -> dict[Dot, bytes]:
    """Give the shares that were passed on, by log key; raises held or quarantined errors."""
    row = array(wire.known_version(wire.decode_strict(data, limit=LIMIT)), 4)
    suite, sealed_key, sealed = suite_of(integer(row[1])), blob(row[2]), blob(row[3])
    for private in privates:
        once = unsealed(agreement, private, info, sealed_key)
        padded = None if once is None else suite.open(once, sealed, info)
        if padded is not None:
            rows = array(wire.decode_strict(decompress(padded), limit=wire.BODY_LIMIT))
            return {_dot(key): blob(share, SHARE_BYTES) for key, share in (array(item, 2) for item in rows)}
    raise WrongContentError(reason="ciphertext")


def shares_info(district: bytes, opening: Dot, giver: int, asker: int) -> bytes:
    """Give what shares are bound to: an opening, who passes them on, and to whom."""
    return wire.encode([_TAG, district, opening.to_bytes(), giver, asker])


def _info(district: bytes, nonce: bytes, index: int) -> bytes:
    return wire.encode([_TAG, district, nonce, index])


def _box_key(one: bytes, two: bytes) -> bytes:
    return SUITE.derive(one + two, _BOX, SHARE_BYTES)


def _seal(value: object) -> tuple[int, bytes, bytes]:
    index, prekey, sealed = array(value, 3)
    return _index(index), blob(prekey, 0, wire.PREKEY_ID_BYTES), blob(sealed)


def _box(value: object) -> tuple[int, int, bytes]:
    one, two, box = array(value, 3)
    return _index(one), _index(two), blob(box, _BOX_BYTES)


def _index(value: object) -> int:
    return integer(value, low=SAFE)


def _note(value: object) -> ReadNote:
    act, at_ms, case, number = array(value, 4)
    return ReadNote(_dot(case), text(number, 64), text(act, 16), integer(at_ms, high=wire.U63))


def _dot(value: Any) -> Dot:
    try:
        return Dot.from_bytes(blob(value))
    except ValueError as error:
        raise WireError(reason="dot") from error
