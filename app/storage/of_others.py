"""Case files that are here and that others lead: few at a case manager."""

from __future__ import annotations

from app.domain.declarations import CASE_FILE, CONSENT, WITHDRAWAL
from app.domain.dots import Dot
from app.storage.connection import Connection
from app.storage.keys import Keys
from app.storage.projection import table_of

_REFUSING = (
    f"SELECT case_file FROM {table_of(CONSENT)} WHERE 'no' IN (supervision_item, stand_in_item)"
    f" UNION SELECT case_file FROM {table_of(WITHDRAWAL)}"
)
_OF_OTHERS = (
    f"SELECT id FROM {table_of(CASE_FILE)} WHERE responsible IS NOT ?1"
    f" AND (supervision IS NOT ?1 OR id IN ({_REFUSING})) ORDER BY id DESC LIMIT ?2"
)


def cases_of_others(connection: Connection, keys: Keys, member: int, limit: int) -> tuple[Dot, ...]:
    """Give the newest case files that others lead and supervise, or where a client said no."""
    rows = connection.execute(_OF_OTHERS, (member, limit)).fetchall()
    return tuple(keys.dot(key) for (key,) in rows)
