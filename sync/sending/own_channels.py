"""This device's channels: a key for each set of members and epoch, granted to each of their devices."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from app.services.mailbox import ChannelKey, OutGrant
from sync.channel import Channel, make_grant, new_channel
from sync.encoding import wire
from sync.encoding.signing import SUITE, key_commitment, sha256
from sync.engine import Engine
from sync.ports import Post
from sync.roster import Device, DeviceState, meets_floor
from sync.signed.prekey import Prekey, read_prekey

EPOCH_MS: Final = int(timedelta(days=30).total_seconds() * 1000)


class Channels:
    """Opens channels and makes grants; everything happens in the caller's transaction."""

    def __init__(self, engine: Engine) -> None:
        """Work for `engine`."""
        self._engine = engine

    def reaches(self, post: Post, member: int) -> bool:
        """Tell whether at least one device of a member has a prekey to which a key can be granted."""
        devices = self._engine.roster.devices_of(member)
        return any(self._prekey(post, device) is not None for device in devices)

    def open(self, post: Post, members: frozenset[int]) -> ChannelKey:
        """Give the key for exactly these members, granted to all who have a prekey; a new epoch when due."""
        key = post.keys.newest_epoch(self._engine.index, members)
        if key is None or not self._still_good(post, key):
            key = self._begin(post, members, key)
        self._grant(post, key)
        return key

    def held_by_active(self, post: Post, key: ChannelKey) -> bool:
        """Tell whether no device that was suspended since holds this key."""
        granted = post.keys.granted_devices(key.channel, key.epoch)
        devices = (self._engine.roster.device(index) for index in granted)
        return all(device is not None and device.state is DeviceState.ACTIVE for device in devices)

    def grant_again(self, post: Post, channel: bytes, epoch: int, device: Device) -> bool:
        """Grant an own key once more, to the newest prekey of a device that asks and may have it.

        False when that may have it, and the key was destroyed; and for who left the district since: they
        may have some of what is under it, orders, and not all.
        """
        key = post.keys.channel_key(self._engine.index, channel, epoch)
        if key is None or device not in self._engine.roster.devices_of_all(key.audience):
            return True
        member = self._engine.roster.member(device.member)
        if not key.key or member is None or not member.active:
            return False
        prekey = self._prekey(post, device)
        if prekey is not None:
            self._grant_one(post, key, device, prekey)
        return True

    def give_back(self, post: Post, channel: bytes, epoch: int, owner: Device) -> None:
        """Give a device the key of a channel of its own again, as far as it was granted to this one."""
        key = post.keys.channel_key(owner.index, channel, epoch)
        prekey = None if key is None or not key.key else self._prekey(post, owner)
        if key is not None and prekey is not None:
            self._grant_one(post, replace(key, audience=frozenset({owner.member})), owner, prekey)

    def grant_latecomers(self, post: Post) -> None:
        """Grant keys under which something still waits to devices that had no prekey before."""
        for key in post.keys.epochs_in_use(self._engine.index):
            self._grant(post, key)

    def _still_good(self, post: Post, key: ChannelKey) -> bool:
        young = bool(key.key) and self._engine.now_ms() - key.begun_ms < EPOCH_MS
        return young and self.held_by_active(post, key)

    def _begin(self, post: Post, members: frozenset[int], last: ChannelKey | None) -> ChannelKey:
        channel = new_channel(members, self._epoch_after(last), self._engine.entropy)
        key = ChannelKey(
            self._engine.index,
            channel.id if last is None else last.channel,
            channel.epoch,
            channel.key,
            key_commitment(channel.key),
            members,
            self._engine.now_ms(),
        )
        post.keys.put_channel_key(key)
        return key

    def _epoch_after(self, last: ChannelKey | None) -> int:
        """Give a higher number that a disk set back to an older copy does not draw again."""
        if last is None:
            return 1
        return last.epoch + 1 + int.from_bytes(self._engine.entropy.bytes(2), "big")

    def _grant(self, post: Post, key: ChannelKey) -> None:
        granted = post.keys.granted_devices(key.channel, key.epoch)
        for device in self._engine.roster.devices_of_all(key.audience):
            prekey = None if device.index in granted else self._prekey(post, device)
            if prekey is not None:
                self._grant_one(post, key, device, prekey)

    def _grant_one(self, post: Post, key: ChannelKey, device: Device, prekey: Prekey) -> None:
        sealed = make_grant(
            Channel(key.channel, key.epoch, tuple(sorted(key.audience)), key.key),
            prekey,
            roster=self._engine.roster,
            sender=self._engine.index,
            sign=self._engine.sign,
            agreement=self._engine.agreement,
        )
        post.keys.put_grant(OutGrant(key.channel, key.epoch, device.index, sha256(sealed), sealed))

    def _prekey(self, post: Post, device: Device) -> Prekey | None:
        known = post.keys.newest_prekey(device.index)
        prekey = None if known is None else read_prekey(known.signed)
        if prekey is None or not meets_floor(self._engine.roster, prekey.suite):
            return None
        if prekey.reads.version < wire.WIRE_VERSION or SUITE.id not in prekey.reads.suites:
            return None
        return prekey
