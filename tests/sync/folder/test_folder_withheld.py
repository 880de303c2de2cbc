"""What lay in a folder and may no longer be read is taken away, signed as void, and missed by nobody."""

from pathlib import Path

from app.domain.declarations import WITHDRAWAL
from app.domain.records import new_record
from app.services import cases
from sync.rounds.exchange import Kind
from tests.support.district import District, case_file, edit_case, open_case
from tests.support.folder import exchange, pass_round

SECRET = "Fischteichweg"


def test_a_no_after_the_stick_was_filled(district: District, stick: Path) -> None:
    anna, sina = district["anna"], district["sina"]
    case = open_case(anna, "darf gelesen werden")
    pass_round(district, stick, "anna", "sina", "anna", "sina")
    edit_case(anna, case, concern=SECRET)
    exchange(anna, stick)
    old = {path.name: path.read_bytes() for path in stick.iterdir()}
    withdrawal = new_record(WITHDRAWAL, case, withdrawn_on="2026-11-03", withdrawn=("supervision",))
    cases.save_record(anna.session, None, withdrawal)
    report = exchange(anna, stick)
    assert report.removed > 0
    kinds = [path.read_bytes()[0] for path in stick.iterdir()]
    assert kinds.count(Kind.PURGE) == 1
    pass_round(district, stick, "sina", "anna", "sina")
    for name, content in old.items():
        if content[0] == Kind.ENVELOPE:
            (stick / name).write_bytes(content)
    pass_round(district, stick, "sina", "anna", "sina")
    assert case_file(sina, case).text("concern") == "darf gelesen werden"
    assert (sina.status().gaps, sina.status().parcels) == ((), ())
    district.round("anna", "sina", "anna")
    assert case_file(sina, case).text("concern") == "darf gelesen werden"
    assert (sina.status().gaps, sina.status().parcels) == ((), ())
