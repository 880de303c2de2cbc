"""Who holds the key of which channel and epoch, and the newest prekey of each device."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Table, and_, bindparam, select

from sync.relay.database import Database
from sync.relay.schema import envelope, granted, item, prekey


def of_channel(table: Table) -> ColumnElement[bool]:
    """The condition that a table's row belongs to the channel and epoch of `Channel.place`."""
    return and_(
        table.c.district == bindparam("at_district"),
        table.c.device == bindparam("at_device"),
        table.c.channel == bindparam("at_channel"),
        table.c.epoch == bindparam("at_epoch"),
    )


_GRANTED = (
    select(granted.c.recipient)
    .where(of_channel(granted), granted.c.item.is_not(None))
    .order_by(granted.c.recipient)
)
_HELD = (
    select(item.c.id)
    .join(envelope, envelope.c.item == item.c.id)
    .where(of_channel(envelope), item.c.body.is_not(None))
    .order_by(item.c.id)
)


@dataclass(frozen=True)
class Channel:
    """One epoch of a sender device's channel."""

    district: int
    device: int
    channel: bytes
    epoch: int

    @property
    def place(self) -> dict[str, int | bytes]:
        """The values of `of_channel`."""
        return {
            "at_district": self.district,
            "at_device": self.device,
            "at_channel": self.channel,
            "at_epoch": self.epoch,
        }

    def row(self) -> dict[str, int | bytes]:
        """The channel as columns."""
        return {
            "district": self.district,
            "device": self.device,
            "channel": self.channel,
            "epoch": self.epoch,
        }


def put_grant(
    database: Database,
    connection: Connection,
    channel: Channel,
    recipient: int,
    item_id: int,
    expected: Iterable[int],
) -> None:
    """Note a grant, and the other devices of its audience, whose grants are expected."""
    connection.execute(database.put(granted), {**channel.row(), "recipient": recipient, "item": item_id})
    others = [{**channel.row(), "recipient": device, "item": None} for device in expected]
    if others:
        connection.execute(database.insert(granted).on_conflict_do_nothing(), others)


def granted_to(connection: Connection, channel: Channel) -> list[int]:
    """Devices that hold the key, by index."""
    return list(connection.execute(_GRANTED, channel.place).scalars())


def envelopes_held(connection: Connection, channel: Channel) -> list[int]:
    """Items sealed under the key so far whose bytes are still held, oldest first."""
    return list(connection.execute(_HELD, channel.place).scalars())


def newest_prekey(connection: Connection, district_id: int, device: int) -> int | None:
    """The item of a device's prekey in force."""
    query = select(prekey.c.item).where(prekey.c.district == district_id, prekey.c.device == device)
    return connection.execute(query).scalar_one_or_none()


def put_prekey(
    database: Database, connection: Connection, district_id: int, device: int, item_id: int
) -> None:
    """Let an item be the device's prekey in force."""
    row = {"district": district_id, "device": device, "item": item_id}
    connection.execute(database.put(prekey), row)


def all_prekeys(connection: Connection, district_id: int) -> tuple[bytes, ...]:
    """The prekeys in force of all devices of a district."""
    joined = select(item.c.body).join(prekey, prekey.c.item == item.c.id)
    query = joined.where(prekey.c.district == district_id, item.c.body.is_not(None)).order_by(prekey.c.device)
    return tuple(connection.execute(query).scalars())
