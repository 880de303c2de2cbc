"""What a record says, as text: every kind of value, references by the title of their record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.domain.declarations import REGISTRY
from app.domain.dots import Dot
from app.domain.records import Presence, Record
from app.domain.schema import Field, Kind, RecordType, Value
from app.i18n import _
from app.services.ports import Members
from ui.display import shown


def _untitled(_record: Dot) -> str:
    return _("Entry that is not on this computer")


@dataclass(frozen=True)
class Names:
    """Where the names come from that stand behind ids: the roster, and titles of records."""

    members: Members
    title_of: Callable[[Dot], str] = _untitled


def value_text(field: Field, value: Value, names: Names) -> str:
    """Give a value as a person reads it, empty when there is none."""
    if isinstance(value, Dot):
        return names.title_of(value)
    if field.kind is Kind.MONTH and isinstance(value, str) and len(value) == len("2026-01"):
        return f"{value[5:]}.{value[:4]}"
    return shown(field, value, names.members) if _readable(field, value) else str(value)


def field_text(record: Record, name: str, names: Names) -> str:
    """Give the text of a record's field; in words when it is not for this reader."""
    declared = REGISTRY[record.type]
    if record.presence(declared, name) is Presence.WITHHELD:
        return _("Not for you to see")
    return value_text(declared.fields[name], record.get(name), names)


def record_title(record: Record, names: Names) -> str:
    """Give the heading of a record by the fields that its type names for it."""
    declared = REGISTRY[record.type]
    found = [field_text(record, name, names) for name in title_names(declared)]
    return " · ".join(text for text in found if text) or _(declared.label)


def title_names(declared: RecordType) -> tuple[str, ...]:
    """Give the fields that make a heading; the listed ones where the type names none."""
    return declared.title or tuple(item.name for item in declared.fields.values() if item.listed)


def _readable(field: Field, value: Value) -> bool:
    # A draft may hold a date that is only half typed.
    if field.kind is not Kind.DATE or not isinstance(value, str):
        return True
    return len(value) == len("2026-01-01") and value[4] == value[7] == "-"
