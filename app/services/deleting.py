"""Deleting an entry and bringing it back: each is a change like any other, on top of what was shown."""

from __future__ import annotations

from app.domain.dots import Context
from app.domain.errors import NotDeletableError, ValidationError
from app.domain.records import Record
from app.domain.registry import REGISTRY
from app.services import cases
from app.services.assignments import check_writer
from app.services.ports import Saved, Session

DELETED, PRESENT = "deleted", "present"


def delete_record(session: Session, shown: Record, reason: str) -> Saved:
    """Delete a record as it was shown; what somebody else writes in it meanwhile keeps it in sight.

    Raises NotDeletableError for a type that stays, ValidationError without a reason.
    """
    return _stand(session, shown, DELETED, reason)


def bring_back(session: Session, shown: Record, reason: str) -> Saved:
    """Take a deletion back: the next change."""
    return _stand(session, shown, PRESENT, reason)


def _stand(session: Session, shown: Record, standing: str, reason: str) -> Saved:
    declared = REGISTRY[shown.type]
    if not declared.deletable or shown.id is None:
        raise NotDeletableError(record_type=declared.label)
    if not reason.strip():
        raise ValidationError(record_type=declared.label, field="Reason", rule="required")
    covers = Context()
    for context in shown.shown.values():
        covers |= context
    with session.store.unit_of_work() as work:
        if shown.case is not None:
            check_writer(session, work, shown.case)
        edited = shown.edited(standing=standing, standing_reason=reason.strip())
        saved = work.save(shown, edited, covers)
        if shown.case is not None:
            cases.note_moved_records(work, (shown.case,))
        return saved
