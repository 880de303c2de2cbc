"""An acknowledgement: the recipient's signed head hash for a stream. Only it frees the sealed copies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sync.encoding import wire
from sync.encoding.signing import SUITE, Kind, Sign, check_signature, sign_kind, suite_of
from sync.encoding.wire import array, blob, integer
from sync.errors import SenderSuspendedError, WrongDistrictError
from sync.roster import Device, DeviceState, Roster, check_floor, find_sender

_FIELDS: Final = 11


@dataclass(frozen=True)
class Ack:
    """`acker` has read the stream (device, session, channel) up to `n`, whose envelope's hash is `head`.

    Devices by roster index; `hlc` is the acker's clock at that moment.
    """

    district: bytes
    roster_version: int
    acker: int
    device: int
    session: int
    channel: bytes
    n: int
    head: bytes
    hlc: int
    suite: int = SUITE.id
    signature: bytes = b""

    @property
    def content(self) -> bytes:
        """The bytes that are signed."""
        return wire.encode(_fields(self))


def sign_ack(ack: Ack, sign: Sign) -> bytes:
    """Give the bytes of the signed acknowledgement."""
    return wire.encode([_fields(ack), sign_kind(sign, Kind.ACK, ack.content)])


def read_ack(data: bytes) -> Ack:
    """Read an acknowledgement; checks its form only."""
    fields, signature = array(wire.decode_strict(data, limit=wire.ACK_LIMIT), 2)
    known = array(wire.known_version(fields), _FIELDS)
    suite_of(integer(known[1]))
    return Ack(
        suite=known[1],
        district=blob(known[2], wire.HASH_BYTES),
        roster_version=integer(known[3], low=1),
        acker=integer(known[4]),
        device=integer(known[5]),
        session=integer(known[6], high=wire.U64),
        channel=blob(known[7], wire.CHANNEL_BYTES),
        n=integer(known[8], low=1, high=wire.U63),
        head=blob(known[9], wire.HASH_BYTES),
        hlc=integer(known[10], high=wire.U63),
        signature=blob(signature, wire.SIGNATURE_BYTES),
    )


def verify_ack(ack: Ack, roster: Roster) -> Device:
    """Give the acker's device; raises held or quarantined errors when the ack may not count."""
    if ack.district != roster.district:
        raise WrongDistrictError
    check_floor(roster, ack.suite)
    device = find_sender(roster, ack.acker, ack.roster_version)
    check_signature(suite_of(ack.suite), device.public_key, Kind.ACK, ack.content, ack.signature)
    if device.state is not DeviceState.ACTIVE:
        raise SenderSuspendedError(device=device.index)
    return device


def _fields(ack: Ack) -> list[Any]:
    return [
        wire.WIRE_VERSION,
        ack.suite,
        ack.district,
        ack.roster_version,
        ack.acker,
        ack.device,
        ack.session,
        ack.channel,
        ack.n,
        ack.head,
        ack.hlc,
    ]
