"""Voided envelopes: their senders took them back; the bytes go, place and hash stay."""

from sqlalchemy import Connection, bindparam, insert, select, update

from sync.relay import streams
from sync.relay.channels import Channel, of_channel
from sync.relay.schema import envelope, item, purge, voided
from sync.relay.streams import Stream, of_stream
from sync.rounds.exchange import Kind
from sync.signed.purge import Voided

_THERE = select(envelope.c.item).where(of_stream(envelope), envelope.c.n == bindparam("at_n"))
_EMPTY = update(item).where(item.c.id.in_(_THERE)).values(body=None)
_VOIDED = select(voided.c.n).where(of_stream(voided), voided.c.n == bindparam("at_n"))
_PURGES = (
    select(item.c.id)
    .join(purge, purge.c.item == item.c.id)
    .where(of_channel(purge), item.c.body.is_not(None))
    .order_by(item.c.id)
)


def void(connection: Connection, stream: Stream, epoch: int, place: Voided, now: int) -> None:
    """Drop what stands at a place, or keep the place free for ever when nothing has come there."""
    if is_voided(connection, stream, place.n):
        return
    connection.execute(insert(voided).values({**stream.row(), "n": place.n}))
    connection.execute(_EMPTY, {**stream.place, "at_n": place.n})
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
    return connection.execute(_VOIDED, {**stream.place, "at_n": n}).one_or_none() is not None


def put_purge(connection: Connection, channel: Channel, item_id: int) -> None:
    """Note a purge, for devices that are granted the channel later."""
    connection.execute(insert(purge).values({**channel.row(), "item": item_id}))


def purges_of(connection: Connection, channel: Channel) -> list[int]:
    """The items of the purges of a channel whose bytes are still held, oldest first."""
    return list(connection.execute(_PURGES, channel.place).scalars())
