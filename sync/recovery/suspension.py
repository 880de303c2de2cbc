"""What of a suspended device still counts: what its chain shows to lie before, and what a keeper releases."""

from __future__ import annotations

from typing import Final

from app.domain.records import Record
from app.services.mailbox import ParcelKind
from sync.envelope import Envelope, read_header, verify_signed_header
from sync.errors import LacksFollowingError
from sync.ports import Post
from sync.roster import Accepted, Device, DeviceState, Roster

RELEASABLE: Final = frozenset({"sender_suspended", "wrong_author"})
"""Reasons for which a keeper may release: the parcel is rightly signed, and refused only for its sender."""


def last_accepted(post: Post, device: int) -> tuple[Accepted, ...]:
    """Give the last applied envelopes of a device in each of its channels: what lies before them counts.

    More than one of a channel where something between them is missing here, so that it counts once it comes.
    """
    heads = post.into.heads_of(device)
    return tuple(
        Accepted(item.place.stream.session, item.place.stream.channel, item.place.n, item.digest)
        for item in heads
    )


def is_vouched(post: Post, envelope: Envelope, roster: Roster) -> bool:
    """Tell whether a suspended device's envelope counts: it lies before what is named, or is released.

    False of an active device's, which needs no such word. Raises LacksFollowingError while links of the
    chain are missing here.
    """
    device = roster.device(envelope.header.device)
    if device is None or device.state is DeviceState.ACTIVE:
        return False
    verify_signed_header(envelope.header, envelope.signature, roster)
    return is_released(post, roster, envelope.hash) or _lies_before(post, envelope, device)


def _lies_before(post: Post, envelope: Envelope, device: Device) -> bool:
    named = [last for last in device.accepted if last.channel == envelope.header.channel]
    if not named or any(_is_behind(envelope, last) for last in named):
        return any(last.hash == envelope.hash for last in named)
    links = _links(post, device, envelope.header.channel)
    found = [_reaches(last.hash, envelope.hash, links) for last in named]
    if any(found):
        return True
    if None in found:
        raise LacksFollowingError
    return False


def read_before_suspension(post: Post, roster: Roster) -> dict[int, int]:
    """Count for each suspended device the envelopes that were applied here and are not among what counts.

    They had been read before the suspension came, and stay: whoever reads later refuses them until a
    keeper releases them. A person is told, so that nobody takes that for settled.
    """
    found: dict[int, int] = {}
    for device in roster.devices:
        count = len(read_early(post, roster, device))
        if count:
            found[device.index] = count
    return found


def read_early(post: Post, roster: Roster, device: Device) -> frozenset[bytes]:
    """Give the hashes of a suspended device's envelopes that were applied here and do not count elsewhere."""
    found: set[bytes] = set()
    if device.state is DeviceState.ACTIVE:
        return frozenset()
    for channel in {head.place.stream.channel for head in post.into.heads_of(device.index)}:
        links = post.into.links(device.index, channel)
        covered: set[bytes] = set()
        for last in device.accepted:
            at = last.hash
            while at in links and at not in covered:
                covered.add(at)
                at = links[at]
        found |= {digest for digest in links.keys() - covered if not is_released(post, roster, digest)}
    return frozenset(found)


def is_released(post: Post, roster: Roster, digest: bytes) -> bool:
    """Tell whether a keeper released a parcel; that somebody else tells of it is not enough."""
    for record in post.records.records("ParcelRelease", None):
        device = None if record.id is None else roster.device_by_id(record.id.device)
        by_keeper = device is not None and device.member in roster.keepers
        if by_keeper and record.get("released_parcel") == digest and _is_signed(post, record):
            return True
    return False


def _is_signed(post: Post, record: Record) -> bool:
    known = () if record.id is None else post.asking.change(record.id)
    return any(post.asking.attester(change) is None for change in known)


def _is_behind(envelope: Envelope, last: Accepted) -> bool:
    return envelope.header.session == last.session and envelope.header.n >= last.n


def _links(post: Post, device: Device, channel: bytes) -> dict[bytes, bytes]:
    """Give hash and hash before of all that is here of a channel, applied or put aside.

    The roster vouches for the last hash, and each hash for the one before: no signature is needed.
    """
    links = post.into.links(device.index, channel)
    for parcel in post.into.parcels_of(device.index):
        if parcel.kind is ParcelKind.ENVELOPE and parcel.place and parcel.place.stream.channel == channel:
            links[parcel.digest] = read_header(parcel.sealed).header.prev_hash
    return links


def _reaches(last: bytes, wanted: bytes, links: dict[bytes, bytes]) -> bool | None:
    """Follow a chain back; None when it breaks off before its beginning."""
    while last and last != wanted:
        if last not in links:
            return None
        last = links[last]
    return bool(last)
