"""What a device still waits for in the end, and whether it is to have it."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.merge import Change
from app.services.mailbox import ParcelKind, ParcelState, StoredParcel
from sync.envelope import read_header
from sync.ports import Post
from sync.sending.sealing import open_envelope
from sync.signed.checkpoint import open_part
from tests.support.simulation.device import SimDevice
from tests.support.simulation.world import World


def awaited(world: World, device: SimDevice, known: frozenset[str]) -> Iterator[str]:
    """Give what is waited for, by what those at work know, but for what a computer sent that was put out.

    And but for what is not for this person, or is so no more: words about somebody who went elsewhere, and
    what left while two case files were one for its sender. It cannot be read, and nobody tells the rest;
    what else came with it is here already.
    Nor for what this computer itself had sent under a key that it lost with its disk, and that only the one
    that was put out has still.
    """
    if device.name == world.oracle.suspended or device.person.name in world.oracle.left:
        return
    lost = next((at for at, one in enumerate(world.devices) if one.name == world.oracle.suspended), None)
    for gap in device.open.status().gaps:
        if lost is None or gap.sender != device.open.roster.devices[lost].member:
            yield f"{gap.missing} missing"
    with device.open._engine.office.transaction() as post:
        held = [item for item in post.into.parcels() if item.state is ParcelState.HELD]
        for parcel in held:
            changes = _changes(device, post, parcel)
            due = (one for one in changes if not post.asking.change(one.dot))
            strange = changes and not any(_is_for(world, device, one, known) for one in due)
            counts = lost is None or parcel.device != lost
            if counts and not strange and not _is_shut_away(world, device, parcel):
                yield parcel.reason


def _changes(device: SimDevice, post: Post, parcel: StoredParcel) -> tuple[Change, ...]:
    """Give what is in a held envelope or part, as far as its key is here."""
    if parcel.kind is not ParcelKind.ENVELOPE:
        return ()
    envelope = read_header(parcel.sealed)
    header, roster = envelope.header, device.open.roster
    key = post.keys.channel_key(header.device, header.channel, header.epoch)
    if key is None or not key.key:
        return ()
    if header.kind:
        return open_part(envelope, key.key, roster, vouched=True)[0].changes
    return open_envelope(envelope, key.key, roster, vouched=True).changes


def _is_shut_away(world: World, device: SimDevice, parcel: StoredParcel) -> bool:
    """Tell whether a device had sent an envelope itself whose key nobody has who is at work."""
    if parcel.kind is not ParcelKind.ENVELOPE or parcel.device != world.devices.index(device):
        return False
    header = read_header(parcel.sealed).header
    name = (header.device, header.channel, header.epoch)
    return not any(_has_key(one, *name) for one in world.devices if one.name != world.oracle.suspended)


def _has_key(device: SimDevice, sender: int, channel: bytes, epoch: int) -> bool:
    with device.open._engine.office.looking() as post:
        key = post.keys.channel_key(sender, channel, epoch)
        return key is not None and bool(key.key)


def _is_for(world: World, device: SimDevice, change: Change, known: frozenset[str]) -> bool:
    """Tell whether a change is of something that this person reads wherever it belongs now."""
    entries = {dot: name for name, dot in (*world.persons.items(), *world.notes.items())}
    cases = {dot: name for name, dot in world.cases.items()}
    if change.case not in cases:
        return True
    homes = {cases[change.case]}
    if change.record in entries:
        homes = set(world.oracle.ties.homes(entries[change.record], known))
    return all(world.oracle.reads(device.person.name, home, known) for home in homes)
