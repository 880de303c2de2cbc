"""Rosters, prekeys, channel keys and grants, as the engine needs them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from app.services.mailbox import ChannelKey, KnownPrekey, OutGrant, OwnPrekey


class Keyring(Protocol):
    """Rosters, prekeys, channel keys and grants."""

    def own_key(self, name: str) -> bytes | None:
        """Give what this device keeps under `name`, or None."""
        ...

    def put_own_key(self, name: str, value: bytes) -> None:
        """Keep something that only this device needs."""
        ...

    def drop_own_key(self, name: str) -> None:
        """Forget what was kept under `name`."""
        ...

    def rosters(self) -> tuple[bytes, ...]:
        """Give every accepted roster, oldest first."""
        ...

    def put_roster(self, version: int, sealed: bytes) -> None:
        """Keep a verified roster."""
        ...

    def put_supervisors(self, devices: Iterable[int]) -> None:
        """Keep which devices are supervisors' by the roster in force."""
        ...

    def drop_rosters(self, after: int) -> None:
        """Forget the accepted rosters behind a version: they turned out to be disputed."""
        ...

    def own_prekeys(self) -> tuple[OwnPrekey, ...]:
        """Give this device's prekeys, newest first."""
        ...

    def put_own_prekey(self, prekey: OwnPrekey) -> None:
        """Keep a new prekey."""
        ...

    def note_published(self, prekey: bytes, at_ms: int) -> None:
        """Note when the relay was first seen to hold a prekey of this device."""
        ...

    def destroy_prekey(self, prekey: bytes) -> None:
        """Destroy a private half, and with it the channel keys that were granted to it."""
        ...

    def destroy_channel_key(self, key: ChannelKey) -> None:
        """Destroy a channel's key; who was meant by it stays known."""
        ...

    def keys_without_backup(self) -> tuple[ChannelKey, ...]:
        """Give the channel keys that were there at a backup, which holds none, and have not come again."""
        ...

    def live_channel_keys(self) -> tuple[ChannelKey, ...]:
        """Give every channel key that was not destroyed, own and granted."""
        ...

    def newest_prekey(self, device: int) -> KnownPrekey | None:
        """Give another device's newest prekey, or None while none has come."""
        ...

    def put_prekey(self, prekey: KnownPrekey) -> bool:
        """Keep another device's verified prekey; tells whether it is new."""
        ...

    def channel_key(self, device: int, channel: bytes, epoch: int) -> ChannelKey | None:
        """Give a channel's key of an epoch, or None."""
        ...

    def newest_epoch(self, device: int, audience: frozenset[int]) -> ChannelKey | None:
        """Give the newest epoch of a device's channel for exactly this set of members."""
        ...

    def put_channel_key(self, key: ChannelKey) -> bool:
        """Keep a channel's key; one already held is never replaced. Tells whether it is new."""
        ...

    def epochs_in_use(self, device: int) -> tuple[ChannelKey, ...]:
        """Give own channel keys under which something is sealed that not everybody has acknowledged."""
        ...

    def unsent_grants(self) -> tuple[OutGrant, ...]:
        """Give the grants that the relay has not said it holds."""
        ...

    def granted_devices(self, channel: bytes, epoch: int) -> frozenset[int]:
        """Give the devices that hold a grant of this device's channel and epoch."""
        ...

    def put_grant(self, grant: OutGrant) -> None:
        """Keep a grant that was made."""
        ...
