"""The signed list of orders that lies beside the backups: a restored copy takes it before anything else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from sync.encoding import wire
from sync.encoding.signing import SUITE, Kind, Sign, check_signature, sign_kind, suite_of
from sync.encoding.wire import array, blob, integer
from sync.errors import SenderSuspendedError, WrongDistrictError
from sync.roster import DeviceState, Roster, check_floor, find_sender

MOST_LISTED: Final = 20_000
_FIELDS: Final = 6


def sign_order_list(documents: Iterable[bytes], roster: Roster, device: int, sign: Sign) -> bytes:
    """Give the list's bytes, signed by the device with that roster index."""
    listed = sorted(set(documents))
    fields: list[Any] = [wire.WIRE_VERSION, SUITE.id, roster.district, roster.version, device, listed]
    return wire.encode([fields, sign_kind(sign, Kind.ORDER_LIST, wire.encode(fields))])


def read_order_list(data: bytes, roster: Roster) -> tuple[bytes, ...]:
    """Give the signed orders of a list; raises held or quarantined errors when it may not count."""
    fields, signature = array(wire.decode_strict(data, limit=wire.ORDER_LIST_LIMIT), 2)
    known = array(wire.known_version(fields), _FIELDS)
    suite, version = integer(known[1]), integer(known[3], low=1)
    documents = tuple(blob(item) for item in array(known[5], most=MOST_LISTED))
    if wire.unsorted(documents):
        raise wire.WireError(reason="order")
    if blob(known[2], wire.HASH_BYTES) != roster.district:
        raise WrongDistrictError
    check_floor(roster, suite)
    device = find_sender(roster, integer(known[4]), version)
    signed = blob(signature, wire.SIGNATURE_BYTES)
    check_signature(suite_of(suite), device.public_key, Kind.ORDER_LIST, wire.encode(fields), signed)
    if device.state is not DeviceState.ACTIVE:
        raise SenderSuspendedError(device=device.index)
    return documents
