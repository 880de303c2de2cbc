"""A process that saves and synchronises without end, says what it has done, and waits to be killed."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from app.domain.declarations import CONSENT, CONTACT
from app.domain.records import new_record
from app.services import cases
from sync.system import SystemClock
from sync.workplace import Workplace
from tests.support.invented.district import Laptop, run_round
from tests.support.invented.people import ANNA
from tests.support.ports import SeededEntropy


def main() -> None:
    """Work as Anna in the home of the first argument (seed: the second) until killed."""
    laptop = Laptop(ANNA, Path(sys.argv[1]), SystemClock(), SeededEntropy(sys.argv[2]))
    place = laptop.unlock()
    while True:
        _save_case(place)
        run_round(place)
        say("round", place.session.store.queries.delivery(None).waiting)


def _save_case(place: Workplace) -> None:
    session = place.session
    form = cases.new_case_file(session).edited(municipality="Lindau")
    case = cases.open_case_file(session, form).record
    say("CaseFile", case.id)
    for kind in ("sheet", "consent"):
        entry = new_record(CONSENT, case.id, consent_kind=kind, given_on="2026-11-02", consent_form="oral")
        say("Consent", cases.save_record(session, None, entry).record.id)
    entry = new_record(CONTACT, case.id, at=1, topics=("housing",), contact_note="looks for a flat")
    say("Contact", cases.save_record(session, None, entry).record.id)


def say(kind: str, what: object) -> None:
    """Tell the parent, unbuffered."""
    os.write(1, f"{kind} {what}\n".encode())


if __name__ == "__main__":
    main()
