"""Keeping the derived figures of case files in step with them."""

from __future__ import annotations

from app.domain.declarations import FIGURES
from app.domain.dots import Context, Dot
from app.domain.figures import COUNTED, FACTS, derive_facts, facts_of_newer, split_counting
from app.domain.records import Record, new_record
from app.services import cases
from app.services.ports import Session, UnitOfWork

_AT_ONCE = 50


def refresh_due_figures(session: Session) -> int:
    """Write the figures of every case file that changed since; gives their number.

    Figures that came back to a disk that was set back, and whose case file it does not know, are emptied.

    Runs before a round and not at each save, so that saving stays quick; each
    fifty case files are a transaction of their own.
    """
    count = 0
    while due := session.store.queries.figures_due(_AT_ONCE):
        with session.store.unit_of_work() as work:
            for case in due:
                _refresh(session, work, case)
                work.note_figures(case, due=False)
        count += len(due)
    return count


def _all_heads(work: UnitOfWork, base: Record) -> Context | None:
    """Give what stands of older figures: what is derived anew replaces all of it, nobody has to decide."""
    conflict = None if base.id is None else work.conflict(base.id, FACTS)
    return None if conflict is None else Context.of(head.dot for head in conflict.heads)


def _refresh(session: Session, work: UnitOfWork, case: Dot) -> None:
    """Bring the figures of a case file up to date; or empty figures that name none, by their own id."""
    astray = work.record(FIGURES.name, case)
    if astray is not None and astray.items(FACTS) and astray.reference(COUNTED) is None:
        # Begun by this device before its disk was set back: what they counted is counted anew.
        _write(work, astray, ())
        return
    head = work.record("CaseFile", case)
    if head is not None and head.number("responsible") is None:
        # Not all of it has come: what another own device counted stays until then.
        return
    counted = work.canonical_case(case) == case
    own = counted and head is not None and head.number("responsible") == session.me
    # What was merged into another file is counted there.
    # Who took a case file over counts it from then on: counted twice it would be wrong for ever.
    standing, empty = split_counting(work.figures_of(case), session.me, counts=own)
    for record in empty:
        _write(work, record, ())
    if own:
        kept = () if standing is None else facts_of_newer(standing.items(FACTS))
        facts = tuple(sorted({*derive_facts(cases.case_records(work, case)), *kept}))
        _write(work, standing or new_record(FIGURES, **{COUNTED: case}), facts)


def _write(work: UnitOfWork, record: Record, facts: tuple[str, ...]) -> None:
    # The change that makes a record has to be one that everybody receives.
    if record.id is not None or facts:
        work.save(record, record.edited(facts=facts), _all_heads(work, record))
