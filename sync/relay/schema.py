"""The relay's tables, in what SQLite and PostgreSQL have in common.

Sessions and channels are 8 bytes, not integers: an unsigned 64-bit number fits no SQL integer.
Times are milliseconds since 1970.
"""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    UniqueConstraint,
)

metadata: Final = MetaData()
# SQLite counts up by itself only in a column that is declared INTEGER.
_Counted: Final = BigInteger().with_variant(Integer, "sqlite")

setting: Final = Table(
    "setting",
    metadata,
    Column("name", LargeBinary(32), primary_key=True),
    Column("value", LargeBinary, nullable=False),
)

district: Final = Table(
    "district",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", LargeBinary(32), nullable=False, unique=True),
    Column("last_number", BigInteger, nullable=False),
    Column("roster_version", Integer, nullable=False),
    Column("created_at", BigInteger, nullable=False),
)

roster: Final = Table(
    "roster",
    metadata,
    Column("district", ForeignKey(district.c.id), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("digest", LargeBinary(32), nullable=False),
    Column("body", LargeBinary, nullable=False),
)

item: Final = Table(
    "item",
    metadata,
    Column("id", _Counted, primary_key=True),
    Column("district", ForeignKey(district.c.id), nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    Column("kind", Integer, nullable=False),
    Column("sender", Integer, nullable=False),
    Column("size", Integer, nullable=False),
    # Null once it is freed: place and hash stay, so that no cursor becomes unknown.
    Column("body", LargeBinary),
    Column("stored_at", BigInteger, nullable=False),
    # When its bytes may go: it was read by all, and a device set back to an older copy had time to ask.
    Column("free_at", BigInteger),
    UniqueConstraint("district", "digest"),
)
Index(
    "item_held",
    item.c.stored_at,
    sqlite_where=item.c.body.is_not(None),
    postgresql_where=item.c.body.is_not(None),
)

envelope: Final = Table(
    "envelope",
    metadata,
    Column("item", ForeignKey(item.c.id), primary_key=True),
    Column("district", Integer, nullable=False),
    Column("device", Integer, nullable=False),
    Column("session", LargeBinary(8), nullable=False),
    Column("channel", LargeBinary(8), nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("n", BigInteger, nullable=False),
    Index("envelope_place", "district", "device", "session", "channel", "n"),
    Index("envelope_epoch", "district", "device", "channel", "epoch"),
)

run: Final = Table(
    "run",
    metadata,
    Column("district", Integer, primary_key=True),
    Column("device", Integer, primary_key=True),
    Column("session", LargeBinary(8), primary_key=True),
    Column("channel", LargeBinary(8), primary_key=True),
    Column("first", BigInteger, primary_key=True),
    Column("last", BigInteger, nullable=False),
    Column("head", LargeBinary(32), nullable=False),
)

granted: Final = Table(
    "granted",
    metadata,
    Column("district", Integer, primary_key=True),
    Column("device", Integer, primary_key=True),
    Column("channel", LargeBinary(8), primary_key=True),
    Column("epoch", Integer, primary_key=True),
    Column("recipient", Integer, primary_key=True),
    # Null for a device of the audience whose own grant has not come yet.
    Column("item", ForeignKey(item.c.id)),
)

acked: Final = Table(
    "acked",
    metadata,
    Column("district", Integer, primary_key=True),
    Column("device", Integer, primary_key=True),
    Column("session", LargeBinary(8), primary_key=True),
    Column("channel", LargeBinary(8), primary_key=True),
    Column("recipient", Integer, primary_key=True),
    Column("n", BigInteger, nullable=False),
    Column("item", ForeignKey(item.c.id), nullable=False),
)

purge: Final = Table(
    "purge",
    metadata,
    Column("item", ForeignKey(item.c.id), primary_key=True),
    Column("district", Integer, nullable=False),
    Column("device", Integer, nullable=False),
    Column("channel", LargeBinary(8), nullable=False),
    Column("epoch", Integer, nullable=False),
    Index("purge_channel", "district", "device", "channel", "epoch"),
)

# Places whose envelope its sender has voided: its bytes are never held again.
voided: Final = Table(
    "voided",
    metadata,
    Column("district", Integer, primary_key=True),
    Column("device", Integer, primary_key=True),
    Column("session", LargeBinary(8), primary_key=True),
    Column("channel", LargeBinary(8), primary_key=True),
    Column("n", BigInteger, primary_key=True),
)

prekey: Final = Table(
    "prekey",
    metadata,
    Column("district", Integer, primary_key=True),
    Column("device", Integer, primary_key=True),
    Column("item", ForeignKey(item.c.id), nullable=False),
)

delivery: Final = Table(
    "delivery",
    metadata,
    Column("district", Integer, primary_key=True),
    Column("recipient", Integer, primary_key=True),
    Column("number", BigInteger, primary_key=True),
    Column("item", ForeignKey(item.c.id), nullable=False),
    # Drawn at random: a relay that lost deliveries gives their numbers again, to the same items even.
    Column("mark", LargeBinary(8), nullable=False),
    UniqueConstraint("district", "recipient", "item"),
)
Index("delivery_item", delivery.c.item)

invitation: Final = Table(
    "invitation",
    metadata,
    Column("district", ForeignKey(district.c.id), primary_key=True),
    Column("id", LargeBinary(16), primary_key=True),
    Column("token_hash", LargeBinary(32), nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("keeper", Integer, nullable=False),
)

enrolment: Final = Table(
    "enrolment",
    metadata,
    Column("district", Integer, primary_key=True),
    Column("invitation", LargeBinary(16), primary_key=True),
    Column("digest", LargeBinary(32), primary_key=True),
    Column("body", LargeBinary, nullable=False),
    Column("stored_at", BigInteger, nullable=False),
)

device_use: Final = Table(
    "device_use",
    metadata,
    Column("district", Integer, primary_key=True),
    Column("device", Integer, primary_key=True),
    Column("day", Integer, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("minute", Integer, nullable=False),
    Column("requests", Integer, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    # Everything it ever stored: a relay that was set back tells a smaller number than before.
    Column("stored", BigInteger, nullable=False),
)

nonce_used: Final = Table(
    "nonce_used",
    metadata,
    Column("nonce", LargeBinary(24), primary_key=True),
    Column("expires_at", BigInteger, nullable=False, index=True),
)
