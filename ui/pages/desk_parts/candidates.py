"""Values that stand against each other, prepared for the screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.declarations import REGISTRY
from app.domain.dots import Dot
from app.domain.errors import NotFoundError
from app.domain.records import Record
from app.domain.schema import RecordType, Register, Value
from app.i18n import _
from app.services.ports import Conflict, HistoryEntry, Queries, Session, Wrote
from ui.display import clock_text, member_name
from ui.field_text import Names, value_text

EARLIER = 4
"""Earlier values of a decided register that are offered beside the decision."""


@dataclass(frozen=True)
class Candidate:
    """One value of a register with its author; `values` are the fields of the register."""

    author: int
    at_ms: int
    values: Mapping[str, Value]
    note: str = ""
    clock_wrong: bool = False
    wrote: Wrote | None = None
    """What this person wrote instead, where it is not a value of the register itself."""


@dataclass(frozen=True)
class Question:
    """A register of a record with the values to choose from; the first is the one shown now."""

    record_type: RecordType
    register: Register
    record: Record
    case_number: str
    candidates: tuple[Candidate, ...]

    @property
    def title(self) -> str:
        """What it is about: register and case number, never a value."""
        label = _(self.register.label)
        if not self.record_type.is_case:
            label = f"{_(self.record_type.label)}: {label}"
        return f"{self.case_number} · {label}" if self.case_number else label


def question_of_conflict(queries: Queries, conflict: Conflict) -> Question:
    """Give the question that an open conflict asks; raises NotFoundError."""
    notes = [_("Shown for now")] + [""] * (len(conflict.heads) - 1)
    candidates = tuple(
        Candidate(head.author, head.at_ms, head.values, note, head.clock_wrong, head.wrote)
        for head, note in zip(conflict.heads, notes, strict=True)
    )
    return _question(
        queries, conflict.type, conflict.register, conflict.record, conflict.case_number, candidates
    )


def question_of_decision(queries: Queries, entry: HistoryEntry) -> Question:
    """Give a decision again as a question: what was decided, and what had been written before."""
    record = _record(queries, entry.type, entry.record)
    earlier = _earlier(queries, record, entry)
    note = _("Decided: {reason}").format(reason=entry.reason) if entry.reason else _("Decided")
    first = Candidate(entry.author, entry.at_ms, entry.values, note, entry.clock_wrong)
    others = tuple(
        Candidate(item.author, item.at_ms, item.values, clock_wrong=item.clock_wrong) for item in earlier
    )
    number = _case_number(queries, record)
    return _question(queries, entry.type, entry.register, entry.record, number, (first, *others))


def author_text(session: Session, candidate: Candidate) -> str:
    """Give who wrote a value, with the employer."""
    member = session.members.member(candidate.author)
    name = member_name(session.members, candidate.author)
    return f"{name}, {member.employer}" if member else name


def time_text(candidate: Candidate) -> str:
    """Give when a value was written, by its author's clock, and whether that was wrong."""
    return clock_text(candidate.at_ms, wrong=candidate.clock_wrong)


def note_text(candidate: Candidate, names: Names) -> str:
    """Give what stands below the author: what is shown for now, and what was written instead."""
    if candidate.wrote is None:
        return candidate.note
    declared = REGISTRY[candidate.wrote.type]
    register = declared.register_by_name[candidate.wrote.register]
    texts = (
        (_(item.label), value_text(item, candidate.wrote.values.get(item.name), names))
        for item in register.fields
        if not item.internal
    )
    what = "; ".join(f"{label}: {text}" for label, text in texts if text) or _("(empty)")
    where = f"{names.title_of(candidate.wrote.record)}: " if declared.is_case else ""
    line = _("Wrote meanwhile: {register}. {what}").format(register=where + _(register.label), what=what)
    return f"{candidate.note}\n{line}" if candidate.note else line


def _question(
    queries: Queries, name: str, register: str, record: Dot, number: str, candidates: tuple[Candidate, ...]
) -> Question:
    declared = REGISTRY[name]
    found = _record(queries, name, record)
    return Question(declared, declared.register_by_name[register], found, number, candidates)


def _record(queries: Queries, name: str, record_id: Dot) -> Record:
    record = queries.record(name, record_id)
    if record is None:
        raise NotFoundError(record_type=REGISTRY[name].label)
    return record


def _case_number(queries: Queries, record: Record) -> str:
    head = queries.record("CaseFile", record.case) if record.case else None
    return head.text("number") if head else ""


def _earlier(queries: Queries, record: Record, entry: HistoryEntry) -> Sequence[HistoryEntry]:
    if record.case is None:
        return ()
    found = [
        item
        for item in queries.history(record.case, 1000)
        if (item.record, item.register) == (entry.record, entry.register) and item.dot != entry.dot
    ]
    return found[:EARLIER]
