"""How much each device uses the relay: requests a minute, bytes a day, last seen."""

from sqlalchemy import Connection, and_, bindparam, select, update

from sync.relay import problems
from sync.relay.database import Database
from sync.relay.schema import device_use
from sync.relay.settings import DAY_MS

_MINUTE_MS = 60 * 1000
_THIS = and_(device_use.c.district == bindparam("at_district"), device_use.c.device == bindparam("at_device"))
_USE = select(device_use).where(_THIS)
_COUNT = update(device_use).where(_THIS)
_TAKE = (
    update(device_use)
    .where(_THIS, device_use.c.bytes + bindparam("size") <= bindparam("limit"))
    .values(bytes=device_use.c.bytes + bindparam("size"), stored=device_use.c.stored + 1)
)


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
    this = _of(district_id, device)
    row = connection.execute(_USE, this).one_or_none()
    if row is None:
        new = database.insert(device_use).values(first | {"seen_at": now})
        connection.execute(new.on_conflict_do_nothing())
        row = connection.execute(_USE, this).one()
    requests = row.requests + 1 if row.minute == minute else 1
    if requests > limit:
        raise problems.too_many()
    counted = {"minute": minute, "requests": requests, "seen_at": now, "day": day}
    connection.execute(_COUNT, {**this, **counted, "bytes": row.bytes if row.day == day else 0})


def take_bytes(connection: Connection, district_id: int, device: int, size: int, limit: int) -> bool:
    """Count an item and its bytes of today; False, and nothing counted, when they would exceed `limit`."""
    more = {**_of(district_id, device), "size": size, "limit": limit}
    return connection.execute(_TAKE, more).rowcount == 1


def stored_items(connection: Connection, district_id: int, device: int) -> int:
    """Give how many items a device ever stored."""
    row = connection.execute(_USE, _of(district_id, device)).one_or_none()
    return 0 if row is None else int(row.stored)


def _of(district_id: int, device: int) -> dict[str, int]:
    return {"at_district": district_id, "at_device": device}
