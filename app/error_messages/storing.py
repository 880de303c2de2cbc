"""Answers for errors of the database and the disk (`app.storage`)."""

from typing import Final

from app.error_messages.entry import Entry

ENTRIES: Final[dict[str, Entry]] = {}
