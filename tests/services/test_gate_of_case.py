"""The gate follows the legal basis of the employer whose case file it is."""

from pathlib import Path

from app.domain.declarations import CONSENT, EMPLOYER
from app.domain.records import new_record
from app.services import cases
from tests.support.ports import ANNA, BEN
from tests.support.stores import make_session, make_store


def test_stand_in_of_another_employer_works_under_the_case_managers_basis(tmp_path: Path) -> None:
    store = make_store(tmp_path / "a.db")
    anna, ben = make_session(store, ANNA), make_session(store, BEN)
    for key, basis in ((ANNA.employer, "consent"), (BEN.employer, "public_task")):
        employer = new_record(EMPLOYER, employer_key=key, employer_name=key, legal_basis=basis)
        cases.save_record(anna, None, employer)
    form = cases.new_case_file(anna).edited(municipality="Lindau")
    case = cases.open_case_file(anna, form).record.id
    sheet = {"consent_kind": "sheet", "given_on": "2026-11-02", "consent_form": "shown"}
    cases.save_record(anna, None, new_record(CONSENT, case, **sheet))
    assert cases.gate_of_case(store.queries, ben, case) == "consent"
    own = cases.open_case_file(ben, cases.new_case_file(ben).edited(municipality="Lindau")).record.id
    cases.save_record(ben, None, new_record(CONSENT, own, **sheet))
    assert cases.gate_of_case(store.queries, ben, own) is None
