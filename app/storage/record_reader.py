"""Records as a person is shown them, built from the heads of their registers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from app.domain.classes import RegisterClass
from app.domain.dots import Context, Dot
from app.domain.merge import Change, Protection, context_of_shown, provisional_winner
from app.domain.orders import REDACTED
from app.domain.records import Record
from app.domain.schema import BELONGS, STANDING, Kind, RecordType, Register, Value
from app.domain.standing import KEPT, Fate, fate_of
from app.domain.values import decode_register

Heads = Mapping[str, tuple[Change, ...]]


@dataclass(frozen=True)
class Reader:
    """For whom records are built: what is withheld depends on it."""

    member: int
    cleared: bool


def may_read(head: Change, reader: Reader) -> bool:
    """Tell whether a change is for this reader: what is sensitive only with clearance, or their own words."""
    return head.cls is not RegisterClass.SENSITIVE or reader.cleared or head.author == reader.member


def protection_of(register: Register) -> Protection | None:
    """Give the rank by which the more protective value is shown in a conflict, or None."""
    coded = [item for item in register.fields if item.codes is not None and item.codes.protection]
    written = [item.name for item in register.fields if item.protects]
    if not coded and not written:
        return None

    def rank(value: bytes) -> int:
        given = decode_register(register, value)
        found = (item.codes.protection.get(str(given.get(item.name)), 0) for item in coded if item.codes)
        return sum(found) + sum(bool(given.get(name)) for name in written)

    return rank


def shown_head(register: Register, heads: tuple[Change, ...]) -> Change:
    """Give the head whose value is shown: the only one, or the provisional winner.

    What was redacted says nothing any more, and hides nothing that somebody else wrote.
    """
    said = [head for head in heads if head.value != REDACTED] or heads
    return said[0] if len(said) == 1 else provisional_winner(said, protection_of(register))


def build_record(record_type: RecordType, record_id: Dot, heads: Heads, reader: Reader) -> Record:
    """Give the record that the heads of its registers make up."""
    values: dict[str, Value] = {}
    shown: dict[str, Context] = {}
    classes: dict[str, RegisterClass] = {}
    authors: dict[str, int] = {}
    newest = 0
    fate = fate_of(heads) if STANDING in heads else KEPT
    for register in record_type.all_registers:
        if register.name not in heads:
            continue
        standing = tuple(head for head in heads[register.name] if may_read(head, reader))
        if standing:
            head = shown_head(register, standing)
            values.update(decode_register(register, head.value))
            shown[register.name] = context_of_shown(head)
            classes[register.name] = max(item.cls for item in standing)
            authors[register.name] = head.author
            newest = max(newest, head.hlc)
    if fate.contested:
        values[STANDING] = "present"
    return Record(
        record_type.name,
        record_id,
        _case_of(record_type, record_id, values, heads),
        values,
        shown,
        classes,
        _conflicts(record_type, heads, fate),
        _withheld(record_type, heads, reader, shown),
        newest,
        authors,
    )


def title_fields(record_type: RecordType) -> tuple[str, ...]:
    """Give the fields that make the heading of a record of this type."""
    return record_type.title or tuple(
        item.name for item in record_type.fields.values() if item.kind is Kind.TEXT and not item.generated
    )


def _case_of(
    record_type: RecordType, record_id: Dot, values: Mapping[str, Value], heads: Heads
) -> Dot | None:
    if record_type.is_case:
        return record_id
    case = values.get("case_file")
    if isinstance(case, Dot):
        return case
    return next((standing[0].case for standing in heads.values() if standing), None)


def _conflicts(record_type: RecordType, heads: Heads, fate: Fate) -> frozenset[str]:
    """Give the registers with an open question; those of a newer program are for the newer program."""
    known = record_type.register_by_name
    found = frozenset(name for name, standing in heads.items() if len(standing) > 1 and name in known)
    return found | {STANDING} if fate.contested else found


def _withheld(
    record_type: RecordType, heads: Heads, reader: Reader, shown: Collection[str]
) -> frozenset[str]:
    """Give the registers in which something stands, and nothing of it may be read; `shown`: of others."""
    rest = (name for name in heads if name not in shown)
    hidden = {name for name in rest if not any(may_read(head, reader) for head in heads[name])}
    belongs = heads.get(BELONGS)
    if not reader.cleared and belongs and belongs[0].author != reader.member:
        # Nobody says whether there is anything: what may be sensitive, and is not here, may be withheld.
        hidden |= {item.name for item in record_type.registers if _may_hide(item) and item.name not in heads}
    return frozenset(hidden)


def _may_hide(register: Register) -> bool:
    return bool(register.raised_by) or register.cls is RegisterClass.SENSITIVE


def sort_key(declared: RecordType, record: Record) -> tuple[str, int]:
    """Give by what the records of a type are put in order: by the day that the type names, then by time."""
    value = record.get(declared.newest_by)
    text = f"{value:020d}" if isinstance(value, int) else str(value or "")
    return (text, record.updated_hlc)
