"""Record tables: projections made from the declarations, for lists and sorting."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache

from app.domain.dots import Dot
from app.domain.schema import Field, Kind, RecordType, Value
from app.storage.connection import Connection
from app.storage.keys import Keys

_SQL_TYPE = {
    Kind.INTEGER: "INTEGER",
    Kind.FLAG: "INTEGER",
    Kind.MOMENT: "INTEGER",
    Kind.MEMBER: "INTEGER",
    Kind.BLOB: "BLOB",
}
_WORD_BOUNDARY = re.compile(r"(?<!^)(?=[A-Z])")
_TABLES = "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name GLOB 'record_*'"
FIXED = ("id", "hlc", "conflicts")


def table_of(record_type: RecordType) -> str:
    """Give the name of a type's table."""
    return _table(record_type.name)


@cache
def _table(name: str) -> str:
    return "record_" + _WORD_BOUNDARY.sub("_", name).lower()


@lru_cache(maxsize=1024)
def _put(table: str, names: tuple[str, ...]) -> str:
    """Give the statement that writes these columns of a row, and leaves the others."""
    columns = ", ".join(f'"{name}"' for name in ("id", "hlc", *names))
    marks = ", ".join("?" * (2 + len(names)))
    updates = "".join(f'"{name}" = excluded."{name}", ' for name in names)
    return (
        f"INSERT INTO {table} ({columns}) VALUES ({marks})"
        f" ON CONFLICT (id) DO UPDATE SET {updates}hlc = max(hlc, excluded.hlc)"
    )


def column_of(field: Field) -> str:
    """Give the quoted column of a field."""
    return f'"{field.name}"'


class Projection:
    """Writes and reads the record tables of one store."""

    def __init__(self, connection: Connection, keys: Keys) -> None:
        """Work over `connection`."""
        self._connection = connection
        self._keys = keys

    def prepare(self, types: Iterable[RecordType]) -> tuple[RecordType, ...]:
        """Make missing tables and columns; gives the types whose rows must be made again from the heads."""
        stale = []
        made = dict(self._connection.execute(_TABLES).fetchall())
        for record_type in types:
            if made.get(table_of(record_type)) == _statement(record_type):
                continue
            columns = {
                row[1]: row[2]
                for row in self._connection.execute(f"PRAGMA table_info({table_of(record_type)})")
            }
            wanted = {item.name: _sql_type(item) for item in record_type.fields.values()}
            if not columns:
                self._create(record_type)
                stale.append(record_type)
            elif wanted != {name: kind for name, kind in columns.items() if name not in FIXED}:
                self._rebuild_columns(record_type, columns, wanted)
                stale.append(record_type)
        return tuple(stale)

    def put(self, record_type: RecordType, record: int, hlc: int, row: Mapping[str, Value]) -> None:
        """Write the row of a record; `row` may hold some of the fields, the others stay."""
        names = tuple(item.name for item in record_type.fields.values() if item.name in row)
        values = (record, hlc, *(self._stored(row[name]) for name in names))
        self._connection.execute(_put(table_of(record_type), names), values)

    def put_conflicts(self, record_type: RecordType, record: int, conflicts: Iterable[str]) -> None:
        """Note which registers of a row are provisional; those of a newer program are not in it."""
        known = record_type.register_by_name
        self._connection.execute(
            f"UPDATE {table_of(record_type)} SET conflicts = ? WHERE id = ?",
            (" ".join(sorted(name for name in conflicts if name in known)), record),
        )

    def value(self, field: Field, stored: str | int | bytes | None) -> Value:
        """Give the value that a column holds."""
        if stored is None:
            return None
        if field.kind is Kind.FLAG:
            return bool(stored)
        if field.kind is Kind.REFERENCE:
            return self._keys.dot(int(stored))
        if field.kind in {Kind.CODES, Kind.TEXTS}:
            return tuple(json.loads(str(stored)))
        return stored

    def _stored(self, value: Value) -> str | int | bytes | None:
        if isinstance(value, Dot):
            return self._keys.key(value)
        if isinstance(value, tuple):
            return json.dumps(value, ensure_ascii=False) if value else None
        return value

    def _create(self, record_type: RecordType) -> None:
        table = table_of(record_type)
        self._connection.execute(_statement(record_type))
        if record_type.newest_by:
            self._connection.execute(
                f'CREATE INDEX {table}_newest ON {table} ("{record_type.newest_by}" DESC, id DESC)'
            )
        if record_type.is_case:
            self._connection.execute(f"CREATE INDEX {table}_number ON {table} (number)")

    def _rebuild_columns(
        self, record_type: RecordType, columns: Mapping[str, str], wanted: Mapping[str, str]
    ) -> None:
        kept = {name: kind for name, kind in columns.items() if name not in FIXED}
        if all(wanted.get(name) == kind for name, kind in kept.items()):
            for name in wanted.keys() - kept.keys():
                self._connection.execute(
                    f'ALTER TABLE {table_of(record_type)} ADD COLUMN "{name}" {wanted[name]}'
                )
            return
        self._connection.execute(f"DROP TABLE {table_of(record_type)}")
        self._create(record_type)


@cache
def _statement(record_type: RecordType) -> str:
    """Give the statement that makes a type's table: SQLite keeps its words as they were said."""
    columns = ", ".join(f"{column_of(item)} {_sql_type(item)}" for item in record_type.fields.values())
    return (
        f"CREATE TABLE {table_of(record_type)} (id INTEGER PRIMARY KEY, hlc INTEGER NOT NULL,"
        f" conflicts TEXT NOT NULL DEFAULT '', {columns})"
    )


def _sql_type(field: Field) -> str:
    if field.kind is Kind.REFERENCE:
        return "INTEGER"
    return _SQL_TYPE.get(field.kind, "TEXT")
