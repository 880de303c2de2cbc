"""What older programs declare, put in the place of today's record types for as long as one works."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache

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

NEW_TYPES = frozenset({"BenefitPeriod"})
"""What the version before today's lacks: these types, and the following registers and fields."""
NEW_REGISTERS = frozenset({"recognition"})
NEW_FIELDS = frozenset({"never_interpreter"})


@contextmanager
def first_slice() -> Iterator[None]:
    """Let the registry hold what the first slice declared: fewer types, registers and fields."""
    with declaring([_older(declared) for declared in REGISTRY if declared.name in FIRST_SLICE]):
        yield


@contextmanager
def declaring(types: Iterable[RecordType]) -> Iterator[None]:
    """Let the registry hold these types and no others."""
    today = tuple(REGISTRY)
    _replace(types)
    try:
        yield
    finally:
        _replace(today)


def _replace(types: Iterable[RecordType]) -> None:
    for declared in tuple(REGISTRY):
        REGISTRY.withdraw(declared.name)
    for declared in types:
        REGISTRY.declare(declared)


def _older(declared: RecordType) -> RecordType:
    later = _LATER_REGISTERS.get(declared.name, frozenset())
    registers = tuple(
        replace(item, fields=tuple(field for field in item.fields if field.name not in _LATER_FIELDS))
        for item in declared.registers
        if item.name not in later
    )
    return replace(declared, registers=registers, deletable=False, leaves=False)


@cache
def version_before() -> tuple[RecordType, ...]:
    """Give what the version before today's declares: enough to work beside it, a little less of each kind."""
    return tuple(_before(declared) for declared in REGISTRY if declared.name not in NEW_TYPES)


def _before(declared: RecordType) -> RecordType:
    registers = tuple(
        replace(item, fields=tuple(field for field in item.fields if field.name not in NEW_FIELDS))
        for item in declared.registers
        if item.name not in NEW_REGISTERS
    )
    return declared if registers == declared.registers else replace(declared, registers=registers)
