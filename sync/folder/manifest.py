"""A device's list in a folder: what of its own lies there, what it misses, and what it has read.

`[fields, signature]`, sealed under the folder key. An old list is known by its counter; what it says
of reading is signed one by one, and no older word takes a newer one back.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from sync.encoding import wire
from sync.encoding.compression import compress, decompress
from sync.encoding.signing import SUITE, Entropy, Kind, Sign, check_signature, sign_kind, suite_of
from sync.encoding.wire import array, blob, integer
from sync.errors import (
    SenderSuspendedError,
    WrongContentError,
    WrongDistrictError,
)
from sync.roster import Device, DeviceState, Roster, check_floor, find_sender
from sync.rounds.exchange import Gap

FILE_LIMIT: Final = 2 * 1024 * 1024
MOST_RUNS: Final = 16 * 1024
MOST_WANTED: Final = 1024
MOST_ACKS: Final = 8 * 1024
_TAG: Final = b"kim-mobil/folder-list/1"
_FIELDS: Final = 10
_DEVICE_BYTES: Final = 4


@dataclass(frozen=True)
class Run:
    """Envelopes `first` to `last` of one of the device's own streams."""

    session: int
    channel: bytes
    first: int
    last: int


@dataclass(frozen=True)
class Manifest:
    """One device's list. `counter` grows with each that it writes; `at_ms` is its clock then.

    `holds`: own envelopes that lie in the folder; `wants`: places it knows of and has not read;
    `acks`: signed acknowledgements for streams of which somebody still holds something.
    """

    district: bytes
    device: int
    roster_version: int
    counter: int
    at_ms: int
    holds: tuple[Run, ...] = ()
    wants: tuple[Gap, ...] = ()
    acks: tuple[bytes, ...] = ()
    suite: int = SUITE.id
    signature: bytes = b""

    @property
    def content(self) -> bytes:
        """The bytes that are signed."""
        return wire.encode(_fields(self))


def manifest_name(key: bytes, device: int) -> bytes:
    """Give the name of a device's list: it stays the same, for a newer one replaces it."""
    return hmac.digest(key, _TAG + device.to_bytes(_DEVICE_BYTES, "big"), "sha256")


def seal_manifest(manifest: Manifest, key: bytes, sign: Sign, entropy: Entropy) -> bytes:
    """Give the file of a list: signed, compressed and sealed under a key that is used once."""
    signed = wire.encode([_fields(manifest), sign_kind(sign, Kind.FOLDER, manifest.content)])
    salt = entropy.bytes(wire.SALT_BYTES)
    head = [wire.WIRE_VERSION, SUITE.id, salt]
    once = SUITE.derive(key, _TAG + salt, wire.CHANNEL_KEY_BYTES)
    return wire.encode([*head, SUITE.seal(once, compress(signed), wire.encode(head))])


def unseal_manifest(data: bytes, keys: Iterable[bytes]) -> Manifest:
    """Open the file of a list with one of the folder keys; raises held or quarantined errors."""
    row = array(wire.known_version(wire.decode_strict(data, limit=FILE_LIMIT)), 4)
    suite, salt, sealed = suite_of(integer(row[1])), blob(row[2], wire.SALT_BYTES), blob(row[3])
    head = wire.encode(row[:3])
    for key in keys:
        padded = suite.open(suite.derive(key, _TAG + salt, wire.CHANNEL_KEY_BYTES), sealed, head)
        if padded is not None:
            return read_manifest(decompress(padded))
    raise WrongContentError(reason="ciphertext")


def read_manifest(data: bytes) -> Manifest:
    """Read a list that was opened; checks its form only."""
    fields, signature = array(wire.decode_strict(data, limit=wire.BODY_LIMIT), 2)
    known = array(wire.known_version(fields), _FIELDS)
    suite_of(integer(known[1]))
    return Manifest(
        suite=known[1],
        district=blob(known[2], wire.HASH_BYTES),
        device=integer(known[3]),
        roster_version=integer(known[4], low=1),
        counter=integer(known[5], low=1, high=wire.U63),
        at_ms=integer(known[6], high=wire.U63),
        holds=tuple(_run(item) for item in array(known[7], most=MOST_RUNS)),
        wants=tuple(_gap(item) for item in array(known[8], most=MOST_WANTED)),
        acks=tuple(blob(item) for item in array(known[9], most=MOST_ACKS)),
        signature=blob(signature, wire.SIGNATURE_BYTES),
    )


def verify_manifest(manifest: Manifest, roster: Roster) -> Device:
    """Give the device whose list it is; raises held or quarantined errors when it may not be believed."""
    if manifest.district != roster.district:
        raise WrongDistrictError
    check_floor(roster, manifest.suite)
    device = find_sender(roster, manifest.device, manifest.roster_version)
    suite = suite_of(manifest.suite)
    check_signature(suite, device.public_key, Kind.FOLDER, manifest.content, manifest.signature)
    if device.state is not DeviceState.ACTIVE:
        raise SenderSuspendedError(device=device.index)
    return device


def _fields(manifest: Manifest) -> list[Any]:
    return [
        wire.WIRE_VERSION,
        manifest.suite,
        manifest.district,
        manifest.device,
        manifest.roster_version,
        manifest.counter,
        manifest.at_ms,
        [[run.session, run.channel, run.first, run.last] for run in manifest.holds],
        [[gap.device, gap.session, gap.channel, gap.first, gap.last] for gap in manifest.wants],
        list(manifest.acks),
    ]


def _run(value: object) -> Run:
    session, channel, first, last = array(value, 4)
    return Run(_session(session), _channel(channel), _place(first), _place(last))


def _gap(value: object) -> Gap:
    device, session, channel, first, last = array(value, 5)
    return Gap(integer(device), _session(session), _channel(channel), _place(first), _place(last))


def _session(value: object) -> int:
    return integer(value, high=wire.U64)


def _channel(value: object) -> bytes:
    return blob(value, wire.CHANNEL_BYTES)


def _place(value: object) -> int:
    return integer(value, low=1, high=wire.U63)
