"""Envelopes by their place (device, session, channel, n), and the unbroken runs they make."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, FromClause, and_, delete, insert, select, update

from sync.relay.schema import envelope, item, run
from sync.rounds import exchange


@dataclass(frozen=True)
class Stream:
    """A district's stream; session and channel as their 8 bytes."""

    district: int
    device: int
    session: bytes
    channel: bytes

    def within(self, table: FromClause) -> ColumnElement[bool]:
        """The condition that a table's row belongs to this stream."""
        return and_(
            table.c.district == self.district,
            table.c.device == self.device,
            table.c.session == self.session,
            table.c.channel == self.channel,
        )

    def row(self) -> dict[str, int | bytes]:
        """The stream as columns."""
        return {
            "district": self.district,
            "device": self.device,
            "session": self.session,
            "channel": self.channel,
        }


def digests_at(connection: Connection, stream: Stream, n: int) -> list[bytes]:
    """Hashes of the envelopes at a place; two when it was used twice."""
    joined = select(item.c.digest).join(envelope, envelope.c.item == item.c.id)
    place = joined.where(stream.within(envelope), envelope.c.n == n).order_by(item.c.id)
    return list(connection.execute(place).scalars())


def place(connection: Connection, stream: Stream, n: int, epoch: int, item_id: int) -> None:
    """Write down where an envelope stands."""
    values = {**stream.row(), "item": item_id, "epoch": epoch, "n": n}
    connection.execute(insert(envelope).values(values))


def extend_runs(connection: Connection, stream: Stream, n: int, digest: bytes) -> None:
    """Add a new place to the runs: lengthens the one before, joins it with the one behind."""
    before = connection.execute(select(run).where(stream.within(run), run.c.last == n - 1)).one_or_none()
    behind = connection.execute(select(run).where(stream.within(run), run.c.first == n + 1)).one_or_none()
    last, head = (behind.last, behind.head) if behind else (n, digest)
    if behind:
        connection.execute(delete(run).where(stream.within(run), run.c.first == n + 1))
    if before:
        longer = update(run).where(stream.within(run), run.c.first == before.first)
        connection.execute(longer.values(last=last, head=head))
    else:
        connection.execute(insert(run).values({**stream.row(), "first": n, "last": last, "head": head}))


def own_runs(connection: Connection, district_id: int, device: int) -> tuple[exchange.Run, ...]:
    """The streams of one device as this relay holds them."""
    query = select(run).where(run.c.district == district_id, run.c.device == device)
    ordered = query.order_by(run.c.session, run.c.channel, run.c.first)
    return tuple(
        exchange.Run(int.from_bytes(row.session, "big"), row.channel, row.first, row.last, row.head)
        for row in connection.execute(ordered)
    )
