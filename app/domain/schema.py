"""What a record type is: declared once, and everything else follows from the declaration.

Table, change log, validation, form, conflict view, search and export read these
values; none of them knows a record type by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from typing import Protocol, TypedDict, Unpack

from app.domain.classes import RegisterClass
from app.domain.code_lists import STANDING as STANDING_CODES
from app.domain.code_lists import CodeList
from app.domain.dots import Dot
from app.domain.errors import SchemaError

Value = str | int | bool | bytes | Dot | tuple[str, ...] | tuple[int, ...] | None
REGISTER_LIMIT = 32 * 1024
"""Bytes that one register may hold, canonical CBOR (design: sync, Changes)."""
BELONGS = "belongs"
STANDING = "standing"
ALIAS = "alias"


class Kind(Enum):
    """What a field holds; the screen, the table and the export choose their form by it."""

    TEXT = "text"
    NOTE = "note"
    INTEGER = "integer"
    FLAG = "flag"
    DATE = "date"
    MONTH = "month"
    MOMENT = "moment"
    CODE = "code"
    CODES = "codes"
    TEXTS = "texts"
    REFERENCE = "reference"
    MEMBER = "member"
    BLOB = "blob"


class Whom(Enum):
    """Which members the list of a member field offers; `app.domain.audience.suits` says who that is."""

    ACTIVE = "active"
    MAY_STAND_IN = "may_stand_in"
    MAY_TAKE_OVER = "may_take_over"
    MAY_HAVE_CASES = "may_have_cases"


@dataclass(frozen=True)
class Field:
    """One field: `label` is the English catalogue id; `figure` feeds the derived figures.

    `whom`: the members whom a form offers. `protects`: saying something is more protective
    than saying nothing. `internal`: for the program alone, never shown.
    """

    name: str
    kind: Kind
    label: str
    codes: CodeList | None = None
    refers_to: str = ""
    required: bool = False
    searched: bool = False
    listed: bool = False
    figure: bool = False
    generated: bool = False
    protects: bool = False
    internal: bool = False
    cls: RegisterClass | None = None
    default: Value = None
    whom: Whom = Whom.ACTIVE


@dataclass(frozen=True)
class Register:
    """Fields that merge together and have one class.

    Sensitive codes in the fields named by `raised_by` raise it to sensitive.
    `before_gate`: may be stored before the information sheet was given.
    """

    name: str
    label: str
    cls: RegisterClass
    fields: tuple[Field, ...]
    raised_by: tuple[str, ...] = ()
    before_gate: bool = False

    @cached_property
    def field_names(self) -> tuple[str, ...]:
        """Names in the order of the declaration."""
        return tuple(item.name for item in self.fields)


@dataclass(frozen=True, eq=False)
class RecordType:
    """A declared record type; two declarations are never the same, however alike.

    `in_case`: its records belong to a case file (an implicit register `belongs`
    names it). `deletable`: may be deleted and brought back (an implicit register
    `standing`). `leaves`: goes along when the person it is about leaves the case
    file. `is_case`: it is the case file itself. `add_only`: written once,
    corrected by a later entry. `derived`: written by the program, never by a form.
    `by_all`: every member of the district may write it.
    `title` names the fields that make a row's heading, `newest_by` the field that
    sorts a list (newest first).
    """

    name: str
    label: str
    plural: str
    registers: tuple[Register, ...]
    in_case: bool = True
    is_case: bool = False
    add_only: bool = False
    derived: bool = False
    by_all: bool = False
    deletable: bool = False
    leaves: bool = False
    title: tuple[str, ...] = ()
    newest_by: str = ""

    @cached_property
    def all_registers(self) -> tuple[Register, ...]:
        """The declared registers with the implicit ones: `belongs` before them, `standing` behind."""
        belongs = (self._belongs,) if self.in_case else ()
        return (*belongs, *self.registers, *((STANDING_REGISTER,) if self.deletable else ()))

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """Every declared field by name; names are unique within a type."""
        return {item.name: item for item in self._walk()}

    @cached_property
    def register_of(self) -> Mapping[str, Register]:
        """The register of each field, by the field's name."""
        return {item.name: register for register in self.all_registers for item in register.fields}

    @cached_property
    def register_by_name(self) -> Mapping[str, Register]:
        """Every register, the implicit one included, by name."""
        return {register.name: register for register in self.all_registers}

    @property
    def _belongs(self) -> Register:
        """Where a record belongs: of one that stays here whole nobody hears by this register either."""
        stays = {register.cls for register in self.registers} == {RegisterClass.IDENTITY}
        return replace(BELONGS_REGISTER, cls=RegisterClass.IDENTITY) if stays else BELONGS_REGISTER

    def _walk(self) -> Iterator[Field]:
        for register in self.all_registers:
            yield from register.fields


BELONGS_REGISTER = Register(
    BELONGS,
    "Belongs to",
    RegisterClass.BASE,
    (
        Field("case_file", Kind.REFERENCE, "Case file", refers_to="CaseFile", generated=True),
        Field("person", Kind.REFERENCE, "Person", refers_to="Person"),
    ),
    before_gate=True,
)
STANDING_REGISTER = Register(
    STANDING,
    "Deleted or not",
    RegisterClass.BASE,
    (
        Field("standing", Kind.CODE, "Deleted or not", codes=STANDING_CODES, generated=True),
        Field("standing_reason", Kind.TEXT, "Reason", generated=True),
    ),
    before_gate=True,
)


class Registry:
    """Every declared record type by name; a declaration that cannot work is refused here."""

    def __init__(self) -> None:
        """Start empty."""
        self._types: dict[str, RecordType] = {}

    def declare(self, record_type: RecordType) -> RecordType:
        """Add a type; raises SchemaError for doubled names, mixed classes or unknown code lists."""
        check_declaration(record_type)
        if record_type.name in self._types:
            raise SchemaError(record_type=record_type.name, rule="doubled")
        self._types[record_type.name] = record_type
        return record_type

    def withdraw(self, name: str) -> None:
        """Forget a type that a test or an extension had declared."""
        del self._types[name]

    def get(self, name: str) -> RecordType | None:
        """Give the type of that name, or None for one that a newer program knows."""
        return self._types.get(name)

    def __getitem__(self, name: str) -> RecordType:
        """Give the type of that name."""
        return self._types[name]

    def __iter__(self) -> Iterator[RecordType]:
        """Go through all types in the order of their declaration."""
        return iter(tuple(self._types.values()))

    def in_case(self) -> Iterable[RecordType]:
        """Give the types whose records belong to a case file and are written by people."""
        return tuple(item for item in self if item.in_case and not item.derived)

    def labels(self) -> Iterator[str]:
        """Give every English label of types, registers, fields and codes, for the catalogue."""
        for record_type in self:
            yield from (record_type.label, record_type.plural)
            for register in record_type.all_registers:
                yield register.label
                for item in register.fields:
                    yield item.label
                    yield from item.codes.labels.values() if item.codes else ()


def check_declaration(record_type: RecordType) -> None:
    """Raise SchemaError unless names are unique, each register has one class, and code fields name a list."""
    seen: set[str] = set()
    for register in record_type.all_registers:
        for item in register.fields:
            if item.name in seen:
                raise SchemaError(record_type=record_type.name, field=item.name, rule="doubled")
            seen.add(item.name)
            if item.cls is not None and item.cls != register.cls:
                raise SchemaError(record_type=record_type.name, field=item.name, rule="mixed_class")
            if (item.kind in {Kind.CODE, Kind.CODES}) != (item.codes is not None):
                raise SchemaError(record_type=record_type.name, field=item.name, rule="code_list")


def register(
    name: str,
    label: str,
    cls: RegisterClass,
    *fields: Field,
    raised_by: tuple[str, ...] = (),
    before_gate: bool = False,
) -> Register:
    """Give a register of these fields."""
    return Register(name, label, cls, fields, raised_by, before_gate)


class _Options(TypedDict, total=False):
    """What a declaration may say of a field besides its name and label: the fields of `Field`."""

    required: bool
    searched: bool
    listed: bool
    figure: bool
    generated: bool
    protects: bool
    internal: bool
    cls: RegisterClass | None
    default: Value
    whom: Whom


class _FieldMaker(Protocol):
    def __call__(self, name: str, label: str, **more: Unpack[_Options]) -> Field: ...


def _kind(kind: Kind) -> _FieldMaker:
    def make(name: str, label: str, **more: Unpack[_Options]) -> Field:
        return Field(name, kind, label, **more)

    return make


text, note, integer, flag = _kind(Kind.TEXT), _kind(Kind.NOTE), _kind(Kind.INTEGER), _kind(Kind.FLAG)
date, month, moment, texts = _kind(Kind.DATE), _kind(Kind.MONTH), _kind(Kind.MOMENT), _kind(Kind.TEXTS)
member = _kind(Kind.MEMBER)
blob = _kind(Kind.BLOB)


def code(name: str, label: str, codes: CodeList, **more: Unpack[_Options]) -> Field:
    """Give a field that holds one code of `codes`."""
    return Field(name, Kind.CODE, label, codes, **more)


def codes(name: str, label: str, codes: CodeList, **more: Unpack[_Options]) -> Field:
    """Give a field that holds several codes of `codes`."""
    return Field(name, Kind.CODES, label, codes, **more)


def reference(name: str, label: str, refers_to: str, **more: Unpack[_Options]) -> Field:
    """Give a field that holds the id of a record of type `refers_to`."""
    return Field(name, Kind.REFERENCE, label, refers_to=refers_to, **more)
