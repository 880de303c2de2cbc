"""Figures: coded facts about a case file, without free text and without its number."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.classes import RegisterClass
from app.domain.dots import Dot
from app.domain.records import Record
from app.domain.registry import REGISTRY
from app.domain.schema import RecordType, Value, reference, register, texts

COUNTED = "counted_case"
FACTS = "facts"

FIGURES = REGISTRY.declare(
    RecordType(
        "Figures",
        "Figures",
        "Figures",
        (
            register(FACTS, "Facts", RegisterClass.FIGURES, texts(FACTS, "Facts")),
            # Outside any case file the class base has no readers but the writer's own devices.
            register(
                "counted",
                "Case file",
                RegisterClass.BASE,
                reference(COUNTED, "Case file", "CaseFile", internal=True),
            ),
        ),
        in_case=False,
        derived=True,
    )
)


def derive_facts(records: Iterable[Record]) -> tuple[str, ...]:
    """Give the facts of one case file as sorted lines `n:Type.field=code`, n counting records of that type.

    Only fields declared `figure` in registers of class base take part, so that
    a sensitive register never reaches the figures.
    """
    lines: list[str] = []
    counts: dict[str, int] = {}
    for record in records:
        index = counts[record.type] = counts.get(record.type, 0) + 1
        lines.extend(f"{index}:{record.type}.{name}={text}" for name, text in _coded(record))
    return tuple(sorted(lines))


def facts_of_newer(facts: Iterable[str]) -> tuple[str, ...]:
    """Give those of stored facts that this program does not derive: a newer one on another device does."""
    return tuple(line for line in facts if not _is_derived(line))


def split_counting(
    found: Iterable[Record], member: int, *, counts: bool
) -> tuple[Record | None, tuple[Record, ...]]:
    """Give the figures that stand for one case file, and those that have to be empty.

    Of several that `member`'s devices began apart the one with the lowest id stands, so
    that each device chooses alike, whatever came first; none where the case file does not
    count at `member`. What somebody else says is theirs is passed over.
    """
    own = sorted((item for item in found if item.authors.get("counted") == member), key=_id)
    standing = own[0] if counts and own else None
    return standing, tuple(item for item in own if item is not standing)


def _is_derived(line: str) -> bool:
    record_type, _, name = line.partition(":")[2].partition("=")[0].partition(".")
    declared = REGISTRY.get(record_type)
    item = None if declared is None else declared.fields.get(name)
    return item is not None and item.figure


def _id(record: Record) -> Dot:
    return record.id or Dot(0, 0, 0)


def _coded(record: Record) -> Iterable[tuple[str, str]]:
    record_type = REGISTRY[record.type]
    for item in record_type.fields.values():
        owner = record_type.register_of[item.name]
        if item.figure and record.classes.get(owner.name, owner.cls) <= RegisterClass.BASE:
            for text in _texts(record.get(item.name)):
                yield item.name, text


def _texts(value: Value) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, bool):
        return ("yes",) if value else ("no",)
    return tuple(str(part) for part in value) if isinstance(value, tuple) else (str(value),)
