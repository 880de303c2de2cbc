"""What the desk shows, read at once in a lane."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.declarations import REGISTRY
from app.domain.dots import Dot
from app.i18n import _
from app.services.ports import Conflict, HistoryEntry, Members, Queries
from ui.display import member_name, moment_text
from ui.field_text import Names, record_title

LIMIT = 200


@dataclass(frozen=True)
class DeskData:
    """Open conflicts, oldest first, and decisions, newest first, each with its line of text."""

    conflicts: tuple[Conflict, ...]
    decisions: tuple[HistoryEntry, ...]
    conflict_texts: tuple[str, ...]
    decision_texts: tuple[str, ...]
    hidden: int = 0
    """Conflicts that are open and not for this person."""


def read_desk(queries: Queries, members: Members) -> DeskData:
    """Give the conflicts that this person may read, and the decisions made."""
    conflicts, decisions = queries.conflicts(LIMIT), queries.decisions(LIMIT)
    return DeskData(
        conflicts,
        decisions,
        tuple(_conflict_text(item, members) for item in conflicts),
        tuple(_decision_text(queries, item, members) for item in decisions),
        queries.hidden_conflicts(),
    )


def names_in(queries: Queries, members: Members, case: Dot | None, files: Iterable[Dot] = ()) -> Names:
    """Give names of members, headings of the records of a case file, numbers of the case files `files`."""
    plain = Names(members)
    titles: dict[Dot, str] = {}
    if case is not None:
        found = (record for item in REGISTRY.in_case() for record in queries.records(item.name, case))
        titles = {record.id: record_title(record, plain) for record in found if record.id}
    for item in files:
        head = queries.record("CaseFile", item)
        if head is not None:
            titles[item] = head.text("number")
    return Names(members, lambda dot: titles.get(dot) or plain.title_of(dot))


def files_named(conflict: Conflict) -> tuple[Dot, ...]:
    """Give the case files that the sides of a conflict name."""
    sides = (
        side for head in conflict.heads for side in (head.values, head.wrote.values if head.wrote else {})
    )
    values = (value for side in sides for value in side.values())
    records = (head.wrote.record for head in conflict.heads if head.wrote is not None)
    return tuple(value for value in (*values, *records) if isinstance(value, Dot))


def about(record_type: str, register: str) -> str:
    """Give what a register is about, with its type where that is not the case file itself."""
    declared = REGISTRY[record_type]
    label = _(declared.register_by_name[register].label)
    return label if declared.is_case else f"{_(declared.label)}: {label}"


def _conflict_text(conflict: Conflict, members: Members) -> str:
    authors = ", ".join(dict.fromkeys(member_name(members, head.author) for head in conflict.heads))
    return f"{conflict.case_number}\n{about(conflict.type, conflict.register)}\n{authors}"


def _decision_text(queries: Queries, entry: HistoryEntry, members: Members) -> str:
    record = queries.record(entry.type, entry.record)
    head = queries.record("CaseFile", record.case) if record and record.case else None
    number = head.text("number") if head else ""
    line = f"{member_name(members, entry.author)}, {moment_text(entry.at_ms)}"
    return "\n".join((number, about(entry.type, entry.register), line))
