"""What has been read by everyone is freed after a while: the bytes go, place and hash stay."""

from collections.abc import Iterable

from sqlalchemy import Connection, and_, bindparam, exists, func, or_, select, update

from sync.relay.channels import Channel, of_channel
from sync.relay.database import Database
from sync.relay.schema import acked, envelope, granted, item
from sync.relay.streams import Stream, of_stream
from sync.rounds.exchange import Kind

_REACHED = select(acked.c.recipient, acked.c.n, acked.c.item).where(of_stream(acked))
_ACKED_BY = _REACHED.where(acked.c.recipient == bindparam("at_recipient"))
_EPOCHS_HELD = (
    select(envelope.c.epoch)
    .join(item, item.c.id == envelope.c.item)
    .where(of_stream(envelope), item.c.body.is_not(None), item.c.free_at.is_(None))
    .distinct()
)
# Those whose grant is still to come count as well: they have not read.
_RECIPIENTS = select(granted.c.recipient).where(of_channel(granted))
_twin = envelope.alias()
# Of two envelopes at one place an ack names only one; they stay until they are old.
_used_twice = exists(
    select(func.count()).where(of_stream(_twin), _twin.c.n == envelope.c.n).having(func.count() > 1)
)
_READ = select(envelope.c.item).where(
    of_stream(envelope),
    envelope.c.epoch == bindparam("at_epoch"),
    envelope.c.n <= bindparam("at_n"),
    ~_used_twice,
)
_FREE_READ = update(item).where(item.c.id.in_(_READ), item.c.free_at.is_(None))
_FREE_ITEM = update(item).where(item.c.id == bindparam("at_id")).values(body=None)


def acked_by(connection: Connection, stream: Stream, recipient: int) -> tuple[int, int] | None:
    """How far a recipient has read a stream, and the item that says so."""
    row = connection.execute(_ACKED_BY, {**stream.place, "at_recipient": recipient}).one_or_none()
    return (row.n, row.item) if row else None


def put_ack(
    database: Database, connection: Connection, stream: Stream, recipient: int, n: int, item_id: int
) -> None:
    """Note that a recipient has read up to `n`."""
    row = {**stream.row(), "recipient": recipient, "n": n, "item": item_id}
    connection.execute(database.put(acked), row)


def free_read(connection: Connection, stream: Stream, active: Iterable[int], free_at: int) -> None:
    """Let the stream's envelopes go at `free_at` that every active recipient of their epoch has read."""
    active_devices = set(active) - {stream.device}
    reached = {row.recipient: row.n for row in connection.execute(_REACHED, stream.place)}
    for epoch in _epochs_held(connection, stream):
        recipients = _recipients(connection, stream, epoch) & active_devices
        if recipients:
            read_up_to = min(reached.get(device, -1) for device in recipients)
            _free_up_to(connection, stream, epoch, read_up_to, free_at)


def free_item(connection: Connection, item_id: int) -> None:
    """Free one item that a newer one replaces."""
    connection.execute(_FREE_ITEM, {"at_id": item_id})


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
    return list(connection.execute(_EPOCHS_HELD, stream.place).scalars())


def _recipients(connection: Connection, stream: Stream, epoch: int) -> set[int]:
    channel = Channel(stream.district, stream.device, stream.channel, epoch)
    return set(connection.execute(_RECIPIENTS, channel.place).scalars())


def _free_up_to(connection: Connection, stream: Stream, epoch: int, n: int, free_at: int) -> None:
    connection.execute(_FREE_READ, {**stream.place, "at_epoch": epoch, "at_n": n, "free_at": free_at})
