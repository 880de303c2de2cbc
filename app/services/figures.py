"""Keeping the derived figures of case files in step with them."""

from __future__ import annotations

from app.domain.declarations import FIGURES
from app.domain.dots import Context, Dot
from app.domain.figures import derive_facts
from app.domain.records import Record, new_record
from app.services import cases
from app.services.ports import Session, UnitOfWork

REGISTER = "facts"
SETTING = "figures:"
"""Prefix of the setting that links a case file to its figures; the link never leaves the device."""
_AT_ONCE = 50


def refresh_due_figures(session: Session) -> int:
    """Write the figures of every case file that changed since; gives their number.

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


def _all_heads(work: UnitOfWork, base: Record | None) -> Context | None:
    """Give what stands of older figures: what is derived anew replaces all of it, nobody has to decide."""
    conflict = None if base is None or base.id is None else work.conflict(base.id, REGISTER)
    return None if conflict is None else Context.of(head.dot for head in conflict.heads)


def _refresh(session: Session, work: UnitOfWork, case: Dot) -> None:
    head = work.record("CaseFile", case)
    link = work.setting(f"{SETTING}{case}")
    counted = work.canonical_case(case) == case
    own = counted and head is not None and head.number("responsible") == session.me
    if not own and link is None:
        return
    # What was merged into another file is counted there.
    # Who took a case file over counts it from then on: counted twice it would be wrong for ever.
    facts = derive_facts(cases.case_records(work, case)) if own else ()
    base = work.record(FIGURES.name, Dot.from_bytes(bytes.fromhex(link))) if link else None
    saved = work.save(base, (base or new_record(FIGURES)).edited(facts=facts), _all_heads(work, base))
    if base is None and saved.record.id is not None:
        work.put_setting(f"{SETTING}{case}", saved.record.id.to_bytes().hex())
