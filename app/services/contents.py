"""The content of attachments, as the services need it from the store."""

from __future__ import annotations

from typing import Protocol

from app.domain.dots import Dot


class Contents(Protocol):
    """The content of attachments, in parts counted from 0."""

    def begin(self, content: bytes, case: Dot) -> None:
        """Begin a content (16 random bytes name it) that belongs to no record yet."""
        ...

    def put(self, content: bytes, n: int, part: bytes) -> None:
        """Keep a part."""
        ...

    def link(self, content: bytes, record: Dot) -> None:
        """Let a complete content be that of a record."""
        ...

    def part(self, record: Dot, n: int) -> bytes | None:
        """Give a part of a record's content, or None behind its end."""
        ...

    def drop(self, content: bytes) -> None:
        """Drop a content."""
        ...

    def drop_of(self, record: Dot) -> None:
        """Drop the content of a record."""
        ...
