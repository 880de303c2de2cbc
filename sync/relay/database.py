"""One database, one writing transaction a request."""

import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from threading import Lock
from typing import Any, Final

from sqlalchemy import Connection, Engine, Table, create_engine, event, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url

from sync.relay import schema

_BUSY_MS: Final = 30_000
_READING: Final = "relay_reading"


class Database:
    """The relay's store on SQLite or PostgreSQL; tables are made on first use."""

    def __init__(self, url: str) -> None:
        """Open the database at a SQLAlchemy URL."""
        self.is_sqlite: Final = make_url(url).get_backend_name() == "sqlite"
        self.engine: Final = _sqlite_engine(url) if self.is_sqlite else create_engine(url)
        # SQLite has one writer anyhow; a queue here is fairer and faster than its busy waiting.
        self._turn: AbstractContextManager[Any] = Lock() if self.is_sqlite else nullcontext()
        self._puts: dict[Table, sqlite.Insert | postgresql.Insert] = {}
        with self.transaction() as connection:
            schema.metadata.create_all(connection)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Give a connection that may write: commits at the end, rolls back on an error."""
        with self._turn, self.engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection for reading; on SQLite it waits for no writer."""
        with self.engine.connect().execution_options(**{_READING: True}) as connection:
            yield connection

    def insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """An INSERT that can say what happens when the row exists, alike in both databases."""
        return sqlite.insert(table) if self.is_sqlite else postgresql.insert(table)

    def put(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """An INSERT whose row takes the place of one with the same primary key."""
        if table not in self._puts:
            new = self.insert(table)
            keys = [column.name for column in table.primary_key]
            values = {
                column.name: new.excluded[column.name] for column in table.columns if not column.primary_key
            }
            # Made once, as all that is said often: making one costs more than carrying it out.
            self._puts[table] = new.on_conflict_do_update(index_elements=keys, set_=values)
        return self._puts[table]

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def _sqlite_engine(url: str) -> Engine:
    engine = create_engine(url, pool_size=8, max_overflow=64)

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: object) -> None:
        # The driver's own transaction control would begin late and not IMMEDIATE.
        connection.isolation_level = None
        for pragma in (
            "journal_mode=DELETE",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={_BUSY_MS}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        if _READING not in connection.get_execution_options():
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def secret(database: Database, name: bytes, size: int = 32) -> bytes:
    """A random secret of this relay, drawn once and shared by all its processes."""
    table = schema.setting
    with database.transaction() as connection:
        new = database.insert(table).values(name=name, value=secrets.token_bytes(size))
        connection.execute(new.on_conflict_do_nothing())
        value: bytes = connection.execute(select(table.c.value).where(table.c.name == name)).scalar_one()
        return value
