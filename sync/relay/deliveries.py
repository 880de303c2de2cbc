"""Everything the relay holds is a delivery to a device, in the order of the district's numbers.

Numbers are given by writing the district's row, which locks it, so that a number that can be seen has
none before it that is still to come: a cursor never passes anything by.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, and_, bindparam, func, insert, literal, select, update

from sync.relay import problems
from sync.relay.schema import delivery, district, envelope, item
from sync.rounds.exchange import MAX_LISTED, Cursor, Delivery, Gap, Kind, Listed, item_digest

_MARK_BYTES: Final = 8
# Statements are made once, and given values each time: making one costs more than carrying it out.
# SQLite's BEGIN IMMEDIATE has locked already and ignores the clause.
_LOCK = select(district.c.id).where(district.c.id == bindparam("at_id")).with_for_update()
_FIND = select(item.c.id).where(
    item.c.district == bindparam("at_district"), item.c.digest == bindparam("at_digest")
)
_STORE = insert(item).returning(item.c.id)
_DONE = select(delivery.c.recipient, delivery.c.item).where(
    delivery.c.district == bindparam("at_district"), delivery.c.item.in_(bindparam("items", expanding=True))
)
_NUMBER = (
    update(district)
    .where(district.c.id == bindparam("at_id"))
    .values(last_number=district.c.last_number + bindparam("count"))
    .returning(district.c.last_number)
)
_DELIVER = insert(delivery)
_TO: Select[Any] = (
    select(delivery.c.number, delivery.c.mark, item.c.kind, item.c.digest, item.c.size)
    .join(item, item.c.id == delivery.c.item)
    .where(delivery.c.district == bindparam("at_district"), delivery.c.recipient == bindparam("at_recipient"))
)
_AT = _TO.where(delivery.c.number == bindparam("at_number"))
_BEHIND = _TO.where(delivery.c.number > bindparam("at_number")).order_by(delivery.c.number)
_READ = _BEHIND.add_columns(item.c.body).execution_options(yield_per=32)
_LIST = _BEHIND.add_columns(item.c.body.is_not(None).label("held")).execution_options(yield_per=256)


@dataclass(frozen=True)
class Page:
    """A stretch of a device's deliveries: what is held, and the cursor behind all that was passed."""

    cursor: Cursor | None
    more: bool
    deliveries: tuple[Delivery, ...] = ()
    listed: tuple[Listed, ...] = ()


def lock_district(connection: Connection, district_id: int) -> None:
    """Let nobody else give numbers in this district until the transaction ends."""
    connection.execute(_LOCK, {"at_id": district_id})


def find_item(connection: Connection, district_id: int, digest: bytes) -> int | None:
    """The id of an item that is or was held, by its hash."""
    return connection.execute(_FIND, {"at_district": district_id, "at_digest": digest}).scalar_one_or_none()


def store_item(
    connection: Connection, district_id: int, sender: int, kind: Kind, sealed: bytes, now: int
) -> int:
    """Keep an item that is not held yet; gives its id."""
    values = {
        "district": district_id,
        "digest": item_digest(sealed),
        "kind": int(kind),
        "sender": sender,
        "size": len(sealed),
        "body": sealed,
        "stored_at": now,
    }
    new_id: int = connection.execute(_STORE, values).scalar_one()
    return new_id


def deliver(connection: Connection, district_id: int, pairs: Iterable[tuple[int, int]]) -> None:
    """Number (recipient, item id) pairs in this order; none of them was delivered before."""
    new = list(dict.fromkeys(pairs))
    if not new:
        return
    last = connection.execute(_NUMBER, {"at_id": district_id, "count": len(new)}).scalar_one()
    first = last - len(new) + 1
    shared = {"district": district_id, "mark": secrets.token_bytes(_MARK_BYTES)}
    rows = [
        {**shared, "recipient": recipient, "number": first + at, "item": item_id}
        for at, (recipient, item_id) in enumerate(new)
    ]
    connection.execute(_DELIVER, rows)


def not_delivered(
    connection: Connection, district_id: int, pairs: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Those of the (recipient, item id) pairs that were not delivered yet."""
    items = sorted({item_id for _recipient, item_id in pairs})
    rows = connection.execute(_DONE, {"at_district": district_id, "items": items})
    done = {(row.recipient, row.item) for row in rows}
    return [pair for pair in pairs if pair not in done]


def check_cursor(connection: Connection, district_id: int, recipient: int, cursor: Cursor | None) -> None:
    """Raise the 410 problem for a pair that was never given to this device."""
    if cursor is None:
        return
    row = connection.execute(_AT, _place(district_id, recipient, cursor)).one_or_none()
    if row is None or _cursor(row) != cursor:
        raise problems.unknown_cursor()


def read(
    connection: Connection, district_id: int, recipient: int, cursor: Cursor | None, budget: int, begun: bool
) -> Page:
    """What is held behind the cursor, up to `budget` bytes; one comes unless the answer has `begun`."""
    found: list[Delivery] = []
    spent = 0
    with connection.execute(_READ, _place(district_id, recipient, cursor)) as rows:
        for row in rows:
            if row.body is not None:
                if (found or begun) and spent + row.size > budget:
                    return Page(cursor, True, tuple(found))
                spent += row.size
                found.append(Delivery(row.number, Kind(row.kind), row.body))
            cursor = _cursor(row)
    return Page(cursor, False, tuple(found))


def inventory(connection: Connection, district_id: int, recipient: int, cursor: Cursor | None) -> Page:
    """A list of what is held behind the cursor, up to `MAX_LISTED` lines."""
    listed: list[Listed] = []
    with connection.execute(_LIST, _place(district_id, recipient, cursor)) as rows:
        for row in rows:
            if row.held:
                if len(listed) == MAX_LISTED:
                    return Page(cursor, True, listed=tuple(listed))
                listed.append(Listed(row.number, Kind(row.kind), row.digest, row.size))
            cursor = _cursor(row)
    return Page(cursor, False, listed=tuple(listed))


def read_wanted(
    connection: Connection, district_id: int, recipient: int, digests: Sequence[bytes], budget: int
) -> tuple[tuple[Delivery, ...], tuple[bytes, ...]]:
    """Items by hash in the order asked, up to the budget, and the hashes not held for this device."""
    query = _held(district_id, recipient).where(item.c.digest.in_(digests))
    rows = {row.digest: row for row in connection.execute(query)} if digests else {}
    absent = tuple(digest for digest in digests if digest not in rows)
    asked = [rows[digest] for digest in dict.fromkeys(digests) if digest in rows]
    return _within(asked, budget), absent


def read_gaps(
    connection: Connection, district_id: int, recipient: int, gaps: Sequence[Gap], budget: int
) -> tuple[Delivery, ...]:
    """Envelopes by their places, up to the budget: those for this device, and those that it sent itself.

    A device asks for its own when its disk was set back to an older copy.
    """
    found: list[Row[Any]] = []
    for gap in gaps:
        place = and_(
            envelope.c.device == gap.device,
            envelope.c.session == gap.session.to_bytes(8, "big"),
            envelope.c.channel == gap.channel,
            envelope.c.n.between(gap.first, gap.last),
        )
        held = _own(district_id) if gap.device == recipient else _held(district_id, recipient)
        joined = held.join(envelope, envelope.c.item == item.c.id)
        found.extend(connection.execute(joined.where(place).order_by(envelope.c.n).limit(256)))
    return _within(found, budget)


def _within(rows: Iterable[Row[Any]], budget: int) -> tuple[Delivery, ...]:
    found: list[Delivery] = []
    spent = 0
    for row in rows:
        spent += row.size
        if found and spent > budget:
            break
        found.append(Delivery(row.number, Kind(row.kind), row.body))
    return tuple(found)


def _cursor(row: Row[Any]) -> Cursor:
    """What a device says to go on behind a delivery: this one, not the same item's in another life."""
    return Cursor(row.number, sha256(row.mark + row.digest).digest())


def _place(district_id: int, recipient: int, cursor: Cursor | None) -> dict[str, int]:
    """Name a device and where it stands: numbers begin with 1."""
    number = 0 if cursor is None else cursor.number
    return {"at_district": district_id, "at_recipient": recipient, "at_number": number}


def _own(district_id: int) -> Select[Any]:
    columns = (literal(0).label("number"), item.c.kind, item.c.digest, item.c.size, item.c.body)
    return select(*columns).where(item.c.district == district_id, item.c.body.is_not(None))


def _held(district_id: int, recipient: int) -> Select[Any]:
    named = {"at_district": district_id, "at_recipient": recipient}
    return _TO.add_columns(item.c.body).where(item.c.body.is_not(None)).params(named)


def held_totals(connection: Connection) -> tuple[int, int]:
    """Items and bytes held in all districts, for the metrics."""
    query = select(func.count(), func.coalesce(func.sum(item.c.size), 0)).where(item.c.body.is_not(None))
    count, size = connection.execute(query).one()
    return int(count), int(size)
