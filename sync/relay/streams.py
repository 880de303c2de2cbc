"""Envelopes by their place (device, session, channel, n), and the unbroken runs they make."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, FromClause, and_, bindparam, delete, insert, select, update

from sync.relay.schema import envelope, item, run
from sync.rounds import exchange


def of_stream(table: FromClause) -> ColumnElement[bool]:
    """The condition that a table's row belongs to the stream of `Stream.place`.

    A statement is made once, and given values each time: making it costs more than carrying it out.
    """
    return and_(
        table.c.district == bindparam("at_district"),
        table.c.device == bindparam("at_device"),
        table.c.session == bindparam("at_session"),
        table.c.channel == bindparam("at_channel"),
    )


_DIGESTS = (
    select(item.c.digest)
    .join(envelope, envelope.c.item == item.c.id)
    .where(of_stream(envelope), envelope.c.n == bindparam("at_n"))
    .order_by(item.c.id)
)
_PLACE = insert(envelope)
_ENDING = select(run).where(of_stream(run), run.c.last == bindparam("at_last"))
_BEGINNING = select(run).where(of_stream(run), run.c.first == bindparam("at_first"))
_DROP = delete(run).where(of_stream(run), run.c.first == bindparam("at_first"))
_LENGTHEN = update(run).where(of_stream(run), run.c.first == bindparam("at_first"))
_BEGIN = insert(run)
_OWN = (
    select(run)
    .where(run.c.district == bindparam("at_district"), run.c.device == bindparam("at_device"))
    .order_by(run.c.session, run.c.channel, run.c.first)
)


@dataclass(frozen=True)
class Stream:
    """A district's stream; session and channel as their 8 bytes."""

    district: int
    device: int
    session: bytes
    channel: bytes

    @property
    def place(self) -> dict[str, int | bytes]:
        """The values of `of_stream`."""
        return {
            "at_district": self.district,
            "at_device": self.device,
            "at_session": self.session,
            "at_channel": self.channel,
        }

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
    return list(connection.execute(_DIGESTS, {**stream.place, "at_n": n}).scalars())


def place(connection: Connection, stream: Stream, n: int, epoch: int, item_id: int) -> None:
    """Write down where an envelope stands."""
    values = {**stream.row(), "item": item_id, "epoch": epoch, "n": n}
    connection.execute(_PLACE, values)


def extend_runs(connection: Connection, stream: Stream, n: int, digest: bytes) -> None:
    """Add a new place to the runs: lengthens the one before, joins it with the one behind."""
    before = connection.execute(_ENDING, {**stream.place, "at_last": n - 1}).one_or_none()
    behind = connection.execute(_BEGINNING, {**stream.place, "at_first": n + 1}).one_or_none()
    last, head = (behind.last, behind.head) if behind else (n, digest)
    if behind:
        connection.execute(_DROP, {**stream.place, "at_first": n + 1})
    if before:
        longer = {**stream.place, "at_first": before.first, "last": last, "head": head}
        connection.execute(_LENGTHEN, longer)
    else:
        connection.execute(_BEGIN, {**stream.row(), "first": n, "last": last, "head": head})


def own_runs(connection: Connection, district_id: int, device: int) -> tuple[exchange.Run, ...]:
    """The streams of one device as this relay holds them."""
    rows = connection.execute(_OWN, {"at_district": district_id, "at_device": device})
    return tuple(
        exchange.Run(int.from_bytes(row.session, "big"), row.channel, row.first, row.last, row.head)
        for row in rows
    )
