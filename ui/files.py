"""Small files that pass by hand: read and written whole, never larger than they may be."""

from __future__ import annotations

from pathlib import Path

LARGEST = 12 * 1024 * 1024
"""An invitation holds every list of members from the first: 8 MiB at most, a third more as text."""


def read_small(name: str) -> bytes:
    """Give a file's content; empty when it cannot be read or is too large."""
    path = Path(name)
    try:
        if not path.is_file() or path.stat().st_size > LARGEST:
            return b""
        return path.read_bytes()
    except OSError:
        return b""


def write_small(name: str, content: bytes) -> bool:
    """Write a file; tells whether it could be written."""
    try:
        Path(name).write_bytes(content)
    except OSError:
        return False
    return True
