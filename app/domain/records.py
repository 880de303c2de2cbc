"""A record as a person is shown it: frozen values, and the base that an edit will cover."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum

from app.domain.classes import RegisterClass
from app.domain.dots import Context, Dot
from app.domain.schema import RecordType, Value


class Presence(Enum):
    """The three states of a value."""

    GIVEN = "given"
    EMPTY = "empty"
    WITHHELD = "withheld"


@dataclass(frozen=True)
class Record:
    """One record; `id` is None until its first save.

    `shown` holds for each register the context that an edit of it covers;
    `conflicts` names registers whose value is provisional; `withheld` those that
    are not for this reader, so that empty and withheld are never mixed up.
    `updated_hlc` is the clock of the newest head, `authors` who wrote the value of each register.
    """

    type: str
    id: Dot | None = None
    case: Dot | None = None
    values: Mapping[str, Value] = field(default_factory=dict)
    shown: Mapping[str, Context] = field(default_factory=dict)
    classes: Mapping[str, RegisterClass] = field(default_factory=dict)
    conflicts: frozenset[str] = frozenset()
    withheld: frozenset[str] = frozenset()
    updated_hlc: int = 0
    authors: Mapping[str, int] = field(default_factory=dict, compare=False)

    def get(self, name: str) -> Value:
        """Give the value of a field, None when empty or withheld."""
        return self.values.get(name)

    def text(self, name: str) -> str:
        """Give a text, code, date or month as text; empty text when there is none."""
        value = self.values.get(name)
        return value if isinstance(value, str) else ""

    def items(self, name: str) -> tuple[str, ...]:
        """Give the codes or texts of a field that holds several."""
        value = self.values.get(name)
        return tuple(str(item) for item in value) if type(value) is tuple else ()

    def number(self, name: str) -> int | None:
        """Give a number, moment (milliseconds since 1970, UTC) or member id."""
        value = self.values.get(name)
        return value if isinstance(value, int) else None

    def reference(self, name: str) -> Dot | None:
        """Give the id of the record that a field refers to."""
        value = self.values.get(name)
        return value if isinstance(value, Dot) else None

    def presence(self, record_type: RecordType, name: str) -> Presence:
        """Tell whether a value is given, empty, or not for this reader."""
        if self.values.get(name) is not None:
            return Presence.GIVEN
        hidden = record_type.register_of[name].name in self.withheld
        return Presence.WITHHELD if hidden else Presence.EMPTY

    def edited(self, **values: Value) -> Record:
        """Give a copy with other values; what was shown stays the base."""
        return replace(self, values={**self.values, **values})


def new_record(record_type: RecordType, case: Dot | None = None, **values: Value) -> Record:
    """Give a record that was never saved, with its declared defaults."""
    defaults: dict[str, Value] = {
        item.name: item.default for item in record_type.fields.values() if item.default is not None
    }
    if record_type.in_case:
        defaults["case_file"] = case
    return Record(record_type.name, None, case, {**defaults, **values})
