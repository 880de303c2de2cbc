"""Figures: coded facts about a case file, without free text and without its number."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.classes import RegisterClass
from app.domain.records import Record
from app.domain.registry import REGISTRY
from app.domain.schema import RecordType, Value, register, texts

FIGURES = REGISTRY.declare(
    RecordType(
        "Figures",
        "Figures",
        "Figures",
        (register("facts", "Facts", RegisterClass.FIGURES, texts("facts", "Facts")),),
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
