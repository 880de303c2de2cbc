"""Drafts: what was typed and is not yet a change, with the base that was shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import cbor2

from app.domain.classes import RegisterClass
from app.domain.declarations import REGISTRY
from app.domain.dots import Context, Dot, Span
from app.domain.records import Record
from app.domain.schema import Kind, RecordType, Value
from app.services.ports import Draft
from app.storage.connection import UP_TO, Connection


def write_draft(connection: Connection, draft: Draft) -> None:
    """Keep a draft, replacing an older one of the same key."""
    body = cbor2.dumps([_pack_record(draft.base), _pack_values(draft.values)])
    connection.execute(
        "INSERT INTO draft VALUES (?, ?, ?)"
        " ON CONFLICT (key) DO UPDATE SET at_ms = excluded.at_ms, body = excluded.body",
        (draft.key, draft.at_ms, body),
    )


def drop_draft(connection: Connection, key: str) -> None:
    """Forget a draft."""
    connection.execute("DELETE FROM draft WHERE key = ?", (key,))


def read_draft(connection: Connection, key: str) -> Draft | None:
    """Give a draft, or None."""
    row = connection.execute("SELECT key, at_ms, body FROM draft WHERE key = ?", (key,)).fetchone()
    return None if row is None else _draft(row)


def read_drafts(connection: Connection, limit: int = 200) -> tuple[Draft, ...]:
    """Give the newest drafts first; all with -1."""
    sql = f"SELECT key, at_ms, body FROM draft ORDER BY at_ms DESC {UP_TO}"
    rows = connection.execute(sql, (limit,)).fetchall()
    return tuple(_draft(row) for row in rows)


def _draft(row: tuple[str, int, bytes]) -> Draft:
    base, values = cbor2.loads(row[2])
    record = _unpack_record(base)
    return Draft(row[0], record, _unpack_values(REGISTRY[record.type], values), row[1])


def _pack_record(record: Record) -> list[object]:
    shown = {name: [list(span) for span in context.spans] for name, context in record.shown.items()}
    classes = {name: int(cls) for name, cls in record.classes.items()}
    names = [sorted(record.conflicts), sorted(record.withheld)]
    ids = [_pack_dot(record.id), _pack_dot(record.case)]
    return [record.type, *ids, _pack_values(record.values), shown, classes, *names, record.updated_hlc]


def _unpack_record(packed: list[Any]) -> Record:
    name, record_id, case, values, shown, classes, conflicts, withheld, hlc = packed
    return Record(
        name,
        _unpack_dot(record_id),
        _unpack_dot(case),
        _unpack_values(REGISTRY[name], values),
        {key: Context.from_spans(Span(*span) for span in spans) for key, spans in shown.items()},
        {key: RegisterClass(cls) for key, cls in classes.items()},
        frozenset(conflicts),
        frozenset(withheld),
        hlc,
    )


def _pack_values(values: Mapping[str, Value]) -> dict[str, object]:
    return {name: _pack_dot(value) if isinstance(value, Dot) else value for name, value in values.items()}


def _unpack_values(declared: RecordType, packed: Mapping[str, Any]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for name, plain in packed.items():
        field = declared.fields.get(name)
        if field is not None:
            found[name] = _value(field.kind, plain)
    return found


def _value(kind: Kind, plain: Any) -> Value:
    if kind is Kind.REFERENCE:
        return _unpack_dot(plain)
    value: Value = tuple(plain) if isinstance(plain, list) else plain
    return value


def _pack_dot(dot: Dot | None) -> bytes | None:
    return None if dot is None else dot.to_bytes()


def _unpack_dot(packed: bytes | None) -> Dot | None:
    return None if packed is None else Dot.from_bytes(packed)
