"""Two case files that are one family: put together by an alias, taken apart by the next change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.dots import Context, Dot
from app.domain.errors import CaseMergeError, ValidationError
from app.domain.records import Record
from app.services import cases
from app.services.assignments import check_writer
from app.services.ports import Saved, Session, UnitOfWork


@dataclass(frozen=True)
class MergePlan:
    """What a person is shown before two case files become one.

    `source` will be read under `into`. The readers are member ids; whoever reads one of
    the two today will read both.
    """

    source: Record
    into: Record
    source_readers: frozenset[int]
    into_readers: frozenset[int]

    @property
    def will_read_source(self) -> frozenset[int]:
        """Those who will read the first case file and could not before."""
        return self.into_readers - self.source_readers

    @property
    def will_read_into(self) -> frozenset[int]:
        """Those who will read the second case file and could not before."""
        return self.source_readers - self.into_readers


def merge_case_files(session: Session, plan: MergePlan, reason: str) -> Saved:
    """Write the alias as planned; raises CaseMergeError, ValidationError without a reason.

    The client's yes is the person's to have; the reason says so.
    """
    _check_reason(reason)
    source, into = plan.source, plan.into
    if source.id is None or into.id is None or source.id == into.id:
        raise CaseMergeError(reason="same")
    with session.store.unit_of_work() as work:
        if into.id in work.case_group(source.id):
            raise CaseMergeError(reason="merged")
        for case in (source.id, into.id):
            check_writer(session, work, case)
        edited = source.edited(
            alias_into=into.id,
            alias_reason=reason.strip(),
            alias_readers=_texts(plan.source_readers),
            alias_into_readers=_texts(plan.into_readers),
        )
        saved = work.save(source, edited, _aliases_shown(work, (source.id, into.id)))
        _tell(work, (source.id, into.id))
        return saved


def part_case_files(session: Session, source: Record, reason: str) -> Saved:
    """Take a case file out of the one it was merged into: the next change of its alias."""
    _check_reason(reason)
    into = source.reference("alias_into")
    if source.id is None or into is None:
        raise CaseMergeError(reason="not_merged")
    with session.store.unit_of_work() as work:
        check_writer(session, work, source.id)
        edited = source.edited(
            alias_into=None, alias_reason=reason.strip(), alias_readers=None, alias_into_readers=None
        )
        shown = _aliases_shown(work, (source.id, into))
        saved = work.save(source, edited, shown)
        _tell(work, (source.id, into))
        return saved


def merged_files(session: Session, case: Dot) -> tuple[Record, ...]:
    """Give the case files that are read under `case`, without `case` itself."""
    queries = session.store.queries
    found = (queries.record("CaseFile", item) for item in queries.case_group(case) if item != case)
    return tuple(record for record in found if record is not None)


def _aliases_shown(work: UnitOfWork, files: Iterable[Dot]) -> Context:
    """Give the aliases that stand in the groups of these files: what the person was shown."""
    shown = Context()
    for member in {item for case in files for item in work.case_group(case)}:
        record = work.record("CaseFile", member)
        if record is not None:
            shown |= record.shown.get("alias", Context())
    return shown


def _tell(work: UnitOfWork, files: Iterable[Dot]) -> None:
    for case in files:
        work.requeue_case(case)
    cases.note_moved_records(work, files)


def _texts(members: frozenset[int]) -> tuple[str, ...]:
    return tuple(str(member) for member in sorted(members))


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise ValidationError(record_type="CaseFile", field="Reason", rule="required")
