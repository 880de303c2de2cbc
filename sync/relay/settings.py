"""What a relay allows: sizes, quotas, times."""

from dataclasses import dataclass
from typing import Final

from app.paths import data_dir
from sync.rounds.exchange import MAX_MESSAGE

DAY_MS: Final = 24 * 60 * 60 * 1000


@dataclass(frozen=True)
class RelaySettings:
    """Limits of one relay; bytes, milliseconds and counts."""

    database_url: str
    allow_new_districts: bool = True
    new_districts_per_day: int = 100
    bytes_per_day: int = 64 * 1024 * 1024
    """Of one device."""
    requests_per_minute: int = 240
    """Of one device."""
    answer_bytes: int = 1024 * 1024
    """Deliveries in one answer, whatever the device asks for; one item always goes."""
    body_bytes: int = 2 * 1024 * 1024
    rosters_bytes: int = MAX_MESSAGE
    """A body of rosters: an invitation, too, carries the whole chain in no more."""
    keep_ms: int = 90 * DAY_MS
    """Sealed bytes are deleted after this time at the latest."""
    grace_ms: int = 14 * DAY_MS
    """What all have read stays so long: a device set back to a copy of the last days gets it again."""
    nonce_ms: int = DAY_MS // 2
    invitations_per_district: int = 200
    enrolment_bytes: int = 8 * 1024
    enrolments_per_invitation: int = 3


def default_database_url() -> str:
    """A SQLite file in the program's data folder."""
    return f"sqlite:///{data_dir() / 'relay.sqlite'}"
