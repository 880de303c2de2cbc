"""Which program a computer runs: today's, or the one before, in one district and one process."""

from __future__ import annotations

from enum import Enum
from functools import cache

from app.domain.declarations import REGISTRY
from app.domain.schema import RecordType
from app.storage.projection import table_of
from sync import layout as layout_of_today
from sync.sending import sealing
from tests.old import layout as layout_before
from tests.old.declarations import NEW_FIELDS, NEW_REGISTERS, NEW_TYPES, version_before


class Program(Enum):
    """A version of the program."""

    TODAY = "today"
    BEFORE = "before"

    def knows(self, record_type: str) -> bool:
        """Tell whether this version declares a record type."""
        return self is Program.TODAY or record_type not in NEW_TYPES

    def has(self, field: str, register: str) -> bool:
        """Tell whether this version has a field of a register."""
        return self is Program.TODAY or (field not in NEW_FIELDS and register not in NEW_REGISTERS)


def tables_of_today() -> tuple[str, ...]:
    """Give the tables that only today's program makes."""
    types = _declared(Program.TODAY)
    return tuple(table_of(types[name]) for name in sorted(NEW_TYPES))


def run(program: Program) -> None:
    """Let what is done from now on be done by this version: its record types, its form of an envelope."""
    if _Running.program is program:
        return
    _declared(Program.TODAY)  # before anything is exchanged: it is read from the registry itself
    _Running.program = program
    REGISTRY._types = _declared(program)
    layout = layout_of_today if program is Program.TODAY else layout_before
    vars(sealing).update(pack_changes=layout.pack_changes, unpack_changes=layout.unpack_changes)


class _Running:
    program = Program.TODAY


@cache
def _declared(program: Program) -> dict[str, RecordType]:
    if program is Program.TODAY:
        return REGISTRY._types
    return {declared.name: declared for declared in version_before()}
