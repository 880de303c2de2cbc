"""The record types of the first slice, put in the place of today's for as long as an old program works."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from app.domain.declarations import REGISTRY
from app.domain.schema import RecordType

FIRST_SLICE = frozenset(
    {
        "CaseFile",
        "Person",
        "Contact",
        "BenefitPeriod",
        "Consent",
        "Withdrawal",
        "StandIn",
        "Employer",
        "Figures",
        # Not of the first slice, but today's services ask for it at every save.
        "Handover",
    }
)
_LATER_REGISTERS = {"CaseFile": frozenset({"alias", "recognition"})}
_LATER_FIELDS = frozenset({"phase_reason"})


@contextmanager
def first_slice() -> Iterator[None]:
    """Let the registry hold what the first slice declared: fewer types, registers and fields."""
    today = tuple(REGISTRY)
    for declared in today:
        REGISTRY.withdraw(declared.name)
    for declared in today:
        if declared.name in FIRST_SLICE:
            REGISTRY.declare(_older(declared))
    try:
        yield
    finally:
        for declared in tuple(REGISTRY):
            REGISTRY.withdraw(declared.name)
        for declared in today:
            REGISTRY.declare(declared)


def _older(declared: RecordType) -> RecordType:
    later = _LATER_REGISTERS.get(declared.name, frozenset())
    registers = tuple(
        replace(item, fields=tuple(field for field in item.fields if field.name not in _LATER_FIELDS))
        for item in declared.registers
        if item.name not in later
    )
    return replace(declared, registers=registers, deletable=False, leaves=False)
