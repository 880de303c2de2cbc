"""Rosters, prekeys, channel keys and grants of one store."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from functools import lru_cache

import cbor2

from app.services.mailbox import ChannelKey, KnownPrekey, OutGrant, OwnPrekey
from app.storage.connection import Connection
from app.storage.kept import Kept, KeptNever, Part

_CHANNEL = "device, channel, epoch, key, commitment, audience, begun_ms, prekey"
SENT = Part.KEYS | Part.LEAVING
"""For whom something was sealed follows from these."""


class SqlKeyring:
    """Reads and writes keys; the caller holds the transaction."""

    def __init__(self, connection: Connection, kept: Kept | None = None) -> None:
        """Work over `connection`; `kept` keeps answers where nobody else writes."""
        self._connection = connection
        self._kept = kept or KeptNever(connection)

    def own_key(self, name: str) -> bytes | None:
        """Give what this device keeps under `name`, or None."""
        return self._kept.of(Part.KEYS, ("own_key", name), lambda: self._own_key(name))

    def _own_key(self, name: str) -> bytes | None:
        row = self._connection.execute("SELECT value FROM own_key WHERE name = ?", (name,)).fetchone()
        return None if row is None else bytes(row[0])

    def put_own_key(self, name: str, value: bytes) -> None:
        """Keep something that only this device needs."""
        self._kept.note_work()
        self._write(
            "INSERT INTO own_key VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, value),
        )

    def drop_own_key(self, name: str) -> None:
        """Forget what was kept under `name`."""
        self._kept.note_work()
        self._write("DELETE FROM own_key WHERE name = ?", (name,))

    def rosters(self) -> tuple[bytes, ...]:
        """Give every accepted roster, oldest first."""
        return tuple(
            bytes(row[0]) for row in self._connection.execute("SELECT sealed FROM roster ORDER BY version")
        )

    def put_roster(self, version: int, sealed: bytes) -> None:
        """Keep a verified roster."""
        self._connection.execute("INSERT OR IGNORE INTO roster VALUES (?, ?)", (version, sealed))

    def put_supervisors(self, devices: Iterable[int]) -> None:
        """Keep which devices are supervisors' by the roster in force."""
        self._connection.execute("DELETE FROM supervisor_device")
        rows = ((device,) for device in devices)
        self._connection.executemany("INSERT INTO supervisor_device VALUES (?)", rows)

    def drop_rosters(self, after: int) -> None:
        """Forget the accepted rosters behind a version: they turned out to be disputed."""
        self._connection.execute("DELETE FROM roster WHERE version > ?", (after,))

    def own_prekeys(self) -> tuple[OwnPrekey, ...]:
        """Give this device's prekeys, newest first."""
        return self._kept.of(Part.KEYS, ("own_prekeys",), self._own_prekeys)

    def _own_prekeys(self) -> tuple[OwnPrekey, ...]:
        rows = self._connection.execute(
            "SELECT id, private, signed, made_ms, published_ms FROM own_prekey ORDER BY made_ms DESC"
        )
        return tuple(
            OwnPrekey(bytes(key), bytes(private), bytes(signed), made, published)
            for key, private, signed, made, published in rows
        )

    def put_own_prekey(self, prekey: OwnPrekey) -> None:
        """Keep a new prekey."""
        self._kept.note_work()
        row = (prekey.id, prekey.private, prekey.signed, prekey.made_ms)
        self._write("INSERT INTO own_prekey (id, private, signed, made_ms) VALUES (?, ?, ?, ?)", row)

    def note_published(self, prekey: bytes, at_ms: int) -> None:
        """Note when the relay was first seen to hold a prekey of this device."""
        self._kept.note_work()
        self._write(
            "UPDATE own_prekey SET published_ms = ? WHERE id = ? AND published_ms IS NULL", (at_ms, prekey)
        )

    def destroy_prekey(self, prekey: bytes) -> None:
        """Destroy a private half, and with it the channel keys that were granted to it."""
        self._kept.note_work()
        self._write("DELETE FROM own_prekey WHERE id = ?", (prekey,))
        self._write("UPDATE channel_key SET key = x'' WHERE prekey = ?", (prekey,))

    def destroy_channel_key(self, key: ChannelKey) -> None:
        """Destroy a channel's key; who was meant by it stays known."""
        self._write(
            "UPDATE channel_key SET key = x'' WHERE device = ? AND channel = ? AND epoch = ?",
            (key.device, key.channel, key.epoch),
        )

    def keys_without_backup(self) -> tuple[ChannelKey, ...]:
        """Give the channel keys that were there at a backup, which holds none, and have not come again."""
        return self._channel_keys("begun_ms < 0 AND length(key) = 0", ())

    def live_channel_keys(self) -> tuple[ChannelKey, ...]:
        """Give every channel key that was not destroyed, own and granted."""
        return self._channel_keys("length(key) > 0", ())

    def newest_prekey(self, device: int) -> KnownPrekey | None:
        """Give another device's newest prekey, or None while none has come."""
        return self._kept.of(Part.KEYS, ("newest_prekey", device), lambda: self._newest_prekey(device))

    def _newest_prekey(self, device: int) -> KnownPrekey | None:
        row = self._connection.execute(
            "SELECT device, id, signed, made_ms FROM prekey WHERE device = ?"
            " ORDER BY made_ms DESC, arrival DESC LIMIT 1",
            (device,),
        ).fetchone()
        return None if row is None else KnownPrekey(row[0], bytes(row[1]), bytes(row[2]), row[3])

    def put_prekey(self, prekey: KnownPrekey) -> bool:
        """Keep another device's verified prekey; tells whether it is new."""
        self._kept.note_work()
        row = (prekey.device, prekey.id, prekey.signed, prekey.made_ms)
        sql = "INSERT OR IGNORE INTO prekey (device, id, signed, made_ms) VALUES (?, ?, ?, ?)"
        return self._write(sql, row) > 0

    def channel_key(self, device: int, channel: bytes, epoch: int) -> ChannelKey | None:
        """Give a channel's key of an epoch, or None when none was drawn or granted."""
        where = "device = ? AND channel = ? AND epoch = ?"
        found = self._channel_keys(where, (device, channel, epoch))
        return found[0] if found else None

    def newest_epoch(self, device: int, audience: frozenset[int]) -> ChannelKey | None:
        """Give the newest epoch of a device's channel for exactly this set of members."""
        # Channels from before a restore (begun_ms below 0) stay known and are never gone on with.
        where = "device = ? AND audience = ? AND begun_ms >= 0 ORDER BY epoch DESC, begun_ms DESC LIMIT 1"
        found = self._channel_keys(where, (device, _packed(audience)))
        return found[0] if found else None

    def put_channel_key(self, key: ChannelKey) -> bool:
        """Keep a channel's key; one already held is never replaced, a destroyed one may come again.

        Tells whether it is new.
        """
        row = (
            key.device,
            key.channel,
            key.epoch,
            key.key,
            key.commitment,
            _packed(key.audience),
            key.begun_ms,
            key.prekey,
        )
        sql = (
            "INSERT INTO channel_key VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (device, channel, epoch)"
            " DO UPDATE SET key = excluded.key, prekey = excluded.prekey"
            " WHERE length(key) = 0 AND commitment = excluded.commitment"
        )
        return self._write(sql, row) > 0

    def epochs_in_use(self, device: int) -> tuple[ChannelKey, ...]:
        """Give own channel keys under which something is sealed that not everybody has acknowledged."""
        where = (
            "device = ? AND EXISTS (SELECT 1 FROM sealed WHERE sealed.channel = channel_key.channel"
            " AND sealed.epoch = channel_key.epoch AND sealed.sealed IS NOT NULL)"
        )
        what = ("epochs_in_use", device)
        return self._kept.of(SENT, what, lambda: self._read_channel_keys(where, (device,)))

    def unsent_grants(self) -> tuple[OutGrant, ...]:
        """Give the grants of keys that are still held, and that the relay has not said it holds.

        By channel and epoch. A key that was destroyed goes out to nobody any more.
        """
        return self._kept.of(SENT, ("unsent_grants",), self._unsent_grants)

    def _unsent_grants(self) -> tuple[OutGrant, ...]:
        rows = self._connection.execute(
            "SELECT channel, epoch, recipient, digest, sealed FROM grant_out"
            " WHERE digest NOT IN (SELECT digest FROM relay_item) AND (channel, epoch) IN"
            " (SELECT channel, epoch FROM channel_key WHERE length(key) > 0)"
            " ORDER BY channel, epoch, recipient"
        )
        return tuple(OutGrant(bytes(row[0]), row[1], row[2], bytes(row[3]), bytes(row[4])) for row in rows)

    def granted_devices(self, channel: bytes, epoch: int) -> frozenset[int]:
        """Give the devices that hold a grant of this device's channel and epoch."""

        def find() -> frozenset[int]:
            sql = "SELECT recipient FROM grant_out WHERE channel = ? AND epoch = ?"
            return frozenset(row[0] for row in self._connection.execute(sql, (channel, epoch)))

        return self._kept.of(Part.KEYS, ("granted", channel, epoch), find)

    def put_grant(self, grant: OutGrant) -> None:
        """Keep a grant that was made."""
        row = (grant.channel, grant.epoch, grant.recipient, grant.digest, grant.sealed)
        self._write("INSERT OR REPLACE INTO grant_out VALUES (?, ?, ?, ?, ?)", row)

    def _write(self, sql: str, row: tuple[Hashable, ...]) -> int:
        """Write keys, and let go of those that were kept: there is no other way; gives how many rows."""
        self._kept.note(Part.KEYS)
        return self._connection.execute(sql, row).rowcount

    def _channel_keys(self, where: str, parameters: tuple[Hashable, ...]) -> tuple[ChannelKey, ...]:
        what = (where, *parameters)
        return self._kept.of(Part.KEYS, what, lambda: self._read_channel_keys(where, parameters))

    def _read_channel_keys(self, where: str, parameters: tuple[Hashable, ...]) -> tuple[ChannelKey, ...]:
        rows = self._connection.execute(
            f"SELECT {_CHANNEL} FROM channel_key WHERE {where}",
            parameters,
        )
        return tuple(
            ChannelKey(
                device,
                bytes(channel),
                epoch,
                bytes(key),
                bytes(check),
                audience_of(audience),
                begun,
                None if prekey is None else bytes(prekey),
            )
            for device, channel, epoch, key, check, audience, begun, prekey in rows
        )


@lru_cache(maxsize=1024)
def audience_of(packed: bytes) -> frozenset[int]:
    """Give the members for whom a channel is: there are few sets of them, and all are asked for often."""
    return frozenset(cbor2.loads(packed))


def _packed(audience: frozenset[int]) -> bytes:
    return cbor2.dumps(sorted(audience), canonical=True)
