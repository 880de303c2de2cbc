"""A process that saves without end, says so only when the save had returned, and waits to be killed."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from app.domain.declarations import CONSENT, CONTACT
from app.domain.records import new_record
from app.services import cases
from tests.support.stores import make_session, make_store


def main() -> None:
    """Open the store named by the first argument (seed: the second) and save until killed."""
    path, seed = Path(sys.argv[1]), sys.argv[2]
    session = make_session(make_store(path, seed=seed, create=not path.exists()))
    while True:
        form = cases.new_case_file(session).edited(municipality="Lindau")
        case = cases.open_case_file(session, form).record
        say("CaseFile", case.id)
        for kind in ("sheet", "consent"):
            entry = new_record(
                CONSENT, case.id, consent_kind=kind, given_on="2026-11-02", consent_form="oral"
            )
            say("Consent", cases.save_record(session, None, entry).record.id)
        entry = new_record(CONTACT, case.id, at=1, topics=("housing",), contact_note="looks for a flat")
        say("Contact", cases.save_record(session, None, entry).record.id)


def say(kind: str, record: object) -> None:
    """Tell the parent, unbuffered, as the window would: saved here."""
    os.write(1, f"{kind} {record}\n".encode())


if __name__ == "__main__":
    main()
