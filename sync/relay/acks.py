"""What has been read by everyone is freed after a while: the bytes go, place and hash stay."""

from collections.abc import Iterable

from sqlalchemy import Connection, and_, exists, func, or_, select, update

from sync.relay.database import Database
from sync.relay.schema import acked, envelope, granted, item
from sync.relay.streams import Stream
from sync.rounds.exchange import Kind


def acked_by(connection: Connection, stream: Stream, recipient: int) -> tuple[int, int] | None:
    """How far a recipient has read a stream, and the item that says so."""
    query = select(acked.c.n, acked.c.item).where(stream.within(acked), acked.c.recipient == recipient)
    row = connection.execute(query).one_or_none()
    return (row.n, row.item) if row else None


def put_ack(
    database: Database, connection: Connection, stream: Stream, recipient: int, n: int, item_id: int
) -> None:
    """Note that a recipient has read up to `n`."""
    values = {**stream.row(), "recipient": recipient, "n": n, "item": item_id}
    new = database.insert(acked).values(values)
    keys = ["district", "device", "session", "channel", "recipient"]
    connection.execute(new.on_conflict_do_update(index_elements=keys, set_={"n": n, "item": item_id}))


def free_read(connection: Connection, stream: Stream, active: Iterable[int], free_at: int) -> None:
    """Let the stream's envelopes go at `free_at` that every active recipient of their epoch has read."""
    active_devices = set(active) - {stream.device}
    reached = {
        row.recipient: row.n
        for row in connection.execute(select(acked.c.recipient, acked.c.n).where(stream.within(acked)))
    }
    for epoch in _epochs_held(connection, stream):
        recipients = _recipients(connection, stream, epoch) & active_devices
        if recipients:
            read_up_to = min(reached.get(device, -1) for device in recipients)
            _free_up_to(connection, stream, epoch, read_up_to, free_at)


def free_item(connection: Connection, item_id: int) -> None:
    """Free one item that a newer one replaces."""
    connection.execute(update(item).where(item.c.id == item_id).values(body=None))


def free_asks(connection: Connection, district_id: int, sender: int) -> None:
    """Free the earlier asks of a device."""
    earlier = and_(item.c.district == district_id, item.c.sender == sender, item.c.kind == int(Kind.ASK))
    connection.execute(update(item).where(earlier, item.c.body.is_not(None)).values(body=None))


def restore_item(connection: Connection, district_id: int, digest: bytes, body: bytes, now: int) -> None:
    """Hold the bytes of a freed item again."""
    freed = and_(item.c.district == district_id, item.c.digest == digest, item.c.body.is_(None))
    connection.execute(update(item).where(freed).values(body=body, stored_at=now, free_at=None))


def free_due(connection: Connection, stored_before: int, now: int) -> int:
    """Free whatever was stored before a moment, and what was read and is due; gives how many items."""
    due = or_(item.c.stored_at < stored_before, item.c.free_at <= now)
    old = update(item).where(due, item.c.body.is_not(None))
    return connection.execute(old.values(body=None)).rowcount


def _epochs_held(connection: Connection, stream: Stream) -> list[int]:
    joined = select(envelope.c.epoch).join(item, item.c.id == envelope.c.item)
    waits = and_(item.c.body.is_not(None), item.c.free_at.is_(None))
    held = joined.where(stream.within(envelope), waits).distinct()
    return list(connection.execute(held).scalars())


def _recipients(connection: Connection, stream: Stream, epoch: int) -> set[int]:
    query = select(granted.c.recipient).where(
        granted.c.district == stream.district,
        granted.c.device == stream.device,
        granted.c.channel == stream.channel,
        granted.c.epoch == epoch,
    )
    # Those whose grant is still to come count as well: they have not read.
    return set(connection.execute(query).scalars())


def _free_up_to(connection: Connection, stream: Stream, epoch: int, n: int, free_at: int) -> None:
    twin = envelope.alias()
    # Of two envelopes at one place an ack names only one; they stay until they are old.
    used_twice = exists(
        select(func.count()).where(stream.within(twin), twin.c.n == envelope.c.n).having(func.count() > 1)
    )
    read = select(envelope.c.item).where(
        stream.within(envelope), envelope.c.epoch == epoch, envelope.c.n <= n, ~used_twice
    )
    connection.execute(
        update(item).where(item.c.id.in_(read), item.c.free_at.is_(None)).values(free_at=free_at)
    )
