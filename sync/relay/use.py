"""How much each device uses the relay: requests a minute, bytes a day, last seen."""

from sqlalchemy import ColumnElement, Connection, select, update

from sync.relay import problems
from sync.relay.database import Database
from sync.relay.schema import device_use
from sync.relay.settings import DAY_MS

_MINUTE_MS = 60 * 1000


def count_request(
    database: Database, connection: Connection, district_id: int, device: int, now: int, limit: int
) -> None:
    """Count one request; raises the 429 problem above `limit` a minute."""
    minute, day = now // _MINUTE_MS, now // DAY_MS
    first = {
        "district": district_id,
        "device": device,
        "day": day,
        "bytes": 0,
        "minute": minute,
        "requests": 0,
        "stored": 0,
    }
    connection.execute(database.insert(device_use).values(first | {"seen_at": now}).on_conflict_do_nothing())
    row = connection.execute(select(device_use).where(*_of(district_id, device))).one()
    requests = row.requests + 1 if row.minute == minute else 1
    if requests > limit:
        raise problems.too_many()
    counted = {"minute": minute, "requests": requests, "seen_at": now, "day": day}
    connection.execute(
        update(device_use)
        .where(*_of(district_id, device))
        .values(**counted, bytes=row.bytes if row.day == day else 0)
    )


def take_bytes(connection: Connection, district_id: int, device: int, size: int, limit: int) -> bool:
    """Count an item and its bytes of today; False, and nothing counted, when they would exceed `limit`."""
    more = update(device_use).where(*_of(district_id, device), device_use.c.bytes + size <= limit)
    counted = more.values(bytes=device_use.c.bytes + size, stored=device_use.c.stored + 1)
    return connection.execute(counted).rowcount == 1


def stored_items(connection: Connection, district_id: int, device: int) -> int:
    """Give how many items a device ever stored."""
    found = connection.execute(select(device_use.c.stored).where(*_of(district_id, device)))
    return found.scalar() or 0


def _of(district_id: int, device: int) -> tuple[ColumnElement[bool], ...]:
    return device_use.c.district == district_id, device_use.c.device == device
