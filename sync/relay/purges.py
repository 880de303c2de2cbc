"""Voided envelopes: their senders took them back; the bytes go, place and hash stay."""

from sqlalchemy import Connection, and_, insert, select, update

from sync.relay import streams
from sync.relay.channels import Channel
from sync.relay.schema import envelope, item, purge, voided
from sync.relay.streams import Stream
from sync.rounds.exchange import Kind
from sync.signed.purge import Voided


def void(connection: Connection, stream: Stream, epoch: int, place: Voided, now: int) -> None:
    """Drop what stands at a place, or keep the place free for ever when nothing has come there."""
    if is_voided(connection, stream, place.n):
        return
    connection.execute(insert(voided).values({**stream.row(), "n": place.n}))
    there = select(envelope.c.item).where(stream.within(envelope), envelope.c.n == place.n)
    connection.execute(update(item).where(item.c.id.in_(there)).values(body=None))
    if not streams.digests_at(connection, stream, place.n):
        values = {
            "district": stream.district,
            "digest": place.digest,
            "kind": int(Kind.ENVELOPE),
            "sender": stream.device,
            "size": 0,
            "body": None,
            "stored_at": now,
        }
        new_id = connection.execute(insert(item).values(values).returning(item.c.id)).scalar_one()
        streams.place(connection, stream, place.n, epoch, new_id)
        streams.extend_runs(connection, stream, place.n, place.digest)


def is_voided(connection: Connection, stream: Stream, n: int) -> bool:
    """Whether the sender has taken back what stood at a place."""
    query = select(voided.c.n).where(and_(stream.within(voided), voided.c.n == n))
    return connection.execute(query).one_or_none() is not None


def put_purge(connection: Connection, channel: Channel, item_id: int) -> None:
    """Note a purge, for devices that are granted the channel later."""
    connection.execute(insert(purge).values({**channel.row(), "item": item_id}))


def purges_of(connection: Connection, channel: Channel) -> list[int]:
    """The items of the purges of a channel whose bytes are still held, oldest first."""
    joined = select(item.c.id).join(purge, purge.c.item == item.c.id)
    query = joined.where(channel.within(purge), item.c.body.is_not(None)).order_by(item.c.id)
    return list(connection.execute(query).scalars())
