"""What the folder carrier needs of the store."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Protocol

from app.services.folder import FolderItem
from app.services.mailbox import OutGrant, SealedEnvelope


class FolderMemory(Protocol):
    """Which files are known, and what of this device's own should lie in a folder."""

    def known(self) -> dict[bytes, FolderItem]:
        """Give every file known, by name."""
        ...

    def put(self, item: FolderItem, at_ms: int) -> None:
        """Note a file, or what is new about it."""
        ...

    def was_placed(self, digest: bytes) -> bool:
        """Tell whether this device put an own item with that hash into a folder."""
        ...

    def forget(self, names: Iterable[bytes]) -> None:
        """Forget files."""
        ...

    def forget_before(self, at_ms: int) -> None:
        """Forget others' files that were first seen before a moment: they are read once more if they come."""
        ...

    def openable(self, names: Collection[bytes]) -> frozenset[bytes]:
        """Give which of these envelopes are sealed under a channel key that this device holds."""
        ...

    def kept(self) -> tuple[SealedEnvelope, ...]:
        """Give the own envelopes that not everybody has acknowledged, with their bytes, oldest first."""
        ...

    def grants(self) -> tuple[OutGrant, ...]:
        """Give the own grants under which something is kept that not everybody has acknowledged."""
        ...

    def counter(self, device: int) -> int:
        """Give the counter of the newest list seen of a device, 0 while none was."""
        ...

    def put_list(self, device: int, counter: int, at_ms: int) -> None:
        """Note a newer list of a device."""
        ...
