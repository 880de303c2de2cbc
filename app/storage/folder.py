"""The folder carrier's memory in one store."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from app.services.folder import FolderItem
from app.services.mailbox import OutGrant, SealedEnvelope
from app.storage.connection import Connection

_ITEM = "name, kind, digest, size, device, session, channel, epoch, n, recipient, taken, placed"
_GRANTS = """
SELECT channel, epoch, recipient, digest, sealed FROM grant_out
WHERE EXISTS (
    SELECT 1 FROM sealed WHERE sealed.channel = grant_out.channel AND sealed.epoch = grant_out.epoch
    AND sealed.sealed IS NOT NULL
) ORDER BY channel, epoch, recipient
"""


class SqlFolder:
    """Reads and writes what is known of folders; the caller holds the transaction."""

    def __init__(self, connection: Connection) -> None:
        """Work over `connection`."""
        self._connection = connection

    def known(self) -> dict[bytes, FolderItem]:
        """Give every file known, by name."""
        rows = self._connection.execute(f"SELECT {_ITEM} FROM folder_item")
        return {item.name: item for item in map(_item, rows)}

    def put(self, item: FolderItem, at_ms: int) -> None:
        """Note a file, or what is new about it."""
        session, channel, epoch, n = item.stream or (None, None, None, None)
        place = (None if session is None else session.to_bytes(8, "big"), channel, epoch, n)
        head = (item.name, item.kind, item.digest, item.size, item.device)
        self._connection.execute(
            "INSERT INTO folder_item VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name)"
            " DO UPDATE SET size = excluded.size, taken = max(taken, excluded.taken),"
            " placed = max(placed, excluded.placed)",
            (*head, *place, item.recipient, item.taken, item.placed, at_ms),
        )

    def was_placed(self, digest: bytes) -> bool:
        """Tell whether this device put an own item with that hash into a folder."""
        found = self._connection.execute(
            "SELECT 1 FROM folder_item WHERE digest = ? AND placed = 1", (digest,)
        )
        return found.fetchone() is not None

    def forget(self, names: Iterable[bytes]) -> None:
        """Forget files."""
        self._connection.executemany("DELETE FROM folder_item WHERE name = ?", ((name,) for name in names))

    def forget_before(self, at_ms: int) -> None:
        """Forget others' files that were first seen before a moment."""
        self._connection.execute("DELETE FROM folder_item WHERE seen_ms < ? AND placed = 0", (at_ms,))

    def openable(self, names: Collection[bytes]) -> frozenset[bytes]:
        """Give which of these envelopes are sealed under a channel key that this device holds."""
        rows = self._connection.execute(
            "SELECT name FROM folder_item JOIN channel_key USING (device, channel, epoch)"
        )
        return frozenset(name for name in (bytes(row[0]) for row in rows) if name in names)

    def kept(self) -> tuple[SealedEnvelope, ...]:
        """Give the own envelopes that not everybody has acknowledged, with their bytes, oldest first."""
        rows = self._connection.execute(
            "SELECT session, channel, n, epoch, digest, sealed, at_ms FROM sealed WHERE sealed IS NOT NULL"
            " ORDER BY at_ms, session, channel, n"
        )
        return tuple(
            SealedEnvelope(int.from_bytes(row[0], "big"), bytes(row[1]), row[2], row[3], bytes(row[4]),
                           bytes(row[5]), row[6])
            for row in rows
        )  # fmt: skip

    def grants(self) -> tuple[OutGrant, ...]:
        """Give the own grants under which something is kept that not everybody has acknowledged."""
        rows = self._connection.execute(_GRANTS)
        return tuple(OutGrant(bytes(row[0]), row[1], row[2], bytes(row[3]), bytes(row[4])) for row in rows)

    def counter(self, device: int) -> int:
        """Give the counter of the newest list seen of a device, 0 while none was."""
        row = self._connection.execute(
            "SELECT counter FROM folder_list WHERE device = ?", (device,)
        ).fetchone()
        return 0 if row is None else int(row[0])

    def put_list(self, device: int, counter: int, at_ms: int) -> None:
        """Note a newer list of a device."""
        self._connection.execute(
            "INSERT INTO folder_list VALUES (?, ?, ?) ON CONFLICT (device)"
            " DO UPDATE SET counter = excluded.counter, at_ms = excluded.at_ms"
            " WHERE excluded.counter > counter",
            (device, counter, at_ms),
        )


def _item(row: tuple[Any, ...]) -> FolderItem:
    name, kind, digest, size, device, session, channel, epoch, n, recipient, taken, placed = row
    stream = None if n is None else (int.from_bytes(session, "big"), bytes(channel), int(epoch), int(n))
    return FolderItem(
        bytes(name), kind, bytes(digest), size, device, stream, recipient, bool(taken), bool(placed)
    )
