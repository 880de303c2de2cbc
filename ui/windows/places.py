"""Where a person is, so that a lock, a language or a look back leads to the same place."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.dots import Dot

CASES, CASE, NEW_CASE, DESK, MEMBERS, SYNC = "cases", "case", "new_case", "desk", "members", "sync"
BACKUPS = "backups"
PARCELS = "parcels"
HANDOVERS = "handovers"
ORDERS = "orders"
READ_LOG = "read_log"


@dataclass(frozen=True)
class Place:
    """A page by name, the case file it shows, and where in the page."""

    page: str = CASES
    case: Dot | None = None
    within: str = ""
