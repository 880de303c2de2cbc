"""Opening a case file together with what was given and said in the first talk."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.declarations import CONSENT
from app.domain.records import Record, new_record
from app.services import cases
from app.services.ports import Saved, Session, today

SHEET = "sheet"
AGREED = "consent"


def noted_entry(session: Session, kind: str, form: str, language: str) -> Record:
    """Give an unsaved entry that the sheet or a consent was given today, in which form and language."""
    return new_record(
        CONSENT,
        consent_kind=kind,
        given_on=today(session.clock),
        consent_form=form,
        text_language=language or None,
    )


def open_after_first_talk(session: Session, form: Record, entries: Iterable[Record], concern: str) -> Saved:
    """Save a new case file, the entries of the talk and then the concern, all or nothing.

    Raises GateError when there is a concern without sheet or consent, NumbersUsedUpError.
    """
    with session.store.unit_of_work():
        saved = cases.open_case_file(session, form)
        case = saved.record.id
        for entry in entries:
            placed = new_record(CONSENT, case, **{**entry.values, "case_file": case})
            cases.save_record(session, None, placed)
        if not concern:
            return saved
        return cases.save_record(session, saved.record, saved.record.edited(concern=concern))
