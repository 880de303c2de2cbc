"""What a new entry of a case file begins with."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.declarations import PERSON
from app.domain.dots import Dot
from app.domain.records import Record, new_record
from app.domain.schema import Kind, RecordType, Value
from app.services.ports import Session, today


def fresh_entry(session: Session, record_type: RecordType, case: Dot, known: Sequence[Record]) -> Record:
    """Give a new record with today's date where the type is a diary, and the next label for a person."""
    values: dict[str, Value] = {}
    if record_type.add_only and record_type.newest_by:
        moment = record_type.fields[record_type.newest_by].kind is Kind.MOMENT
        now_ms = int(session.clock.now().timestamp()) // 60 * 60_000
        values[record_type.newest_by] = now_ms if moment else today(session.clock)
    if record_type is PERSON:
        values["label"] = next_label([record.text("label") for record in known])
    return new_record(record_type, case, **values)


def next_label(known: Sequence[str]) -> str:
    """Give "Person 3" after "Person 2": the label that papers print, the same in every language."""
    numbers = [int(label.rpartition(" ")[2]) for label in known if label.rpartition(" ")[2].isdigit()]
    return f"Person {max(numbers, default=0) + 1}"
