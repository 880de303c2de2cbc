"""Answers for errors of syncing, enrolment and the relay (`sync`)."""

from typing import Final

from app.error_messages.entry import Entry

ENTRIES: Final[dict[str, Entry]] = {}
