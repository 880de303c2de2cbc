"""What goes from device to device by a stick, without a relay."""

from pathlib import Path

from app.services.ports import Delivery
from tests.support.district import District, case_file, edit_case, open_case
from tests.support.folder import exchange, files_in, pass_round

SECRET = "Fischteichweg"


def counts(delivery: Delivery) -> tuple[int, int, int]:
    return delivery.waiting, delivery.at_relay, delivery.with_ki


def test_a_case_file_reaches_its_supervisor_by_a_stick(district: District, stick: Path) -> None:
    case = open_case(district["anna"], SECRET)
    pass_round(district, stick, "anna", "sina")
    assert case_file(district["sina"], case).text("concern") == SECRET


def test_what_lies_in_a_folder_is_not_at_the_relay(district: District, stick: Path) -> None:
    anna = district["anna"]
    case = open_case(anna)
    pass_round(district, stick, "anna")
    assert counts(anna.session.store.queries.delivery(case)) == (10, 0, 0)
    assert anna.folder.status().placed == 1
    pass_round(district, stick, "sina", "anna")
    signed = anna.session.store.queries.delivery(case)
    assert counts(signed) == (0, 0, 10)
    assert signed.ki_signed_at_ms is not None


def test_what_everybody_has_read_leaves_folder_and_store(district: District, stick: Path) -> None:
    open_case(district["anna"])
    first = pass_round(district, stick, "anna")
    pass_round(district, stick, "sina")
    last = pass_round(district, stick, "anna")
    assert last.removed > 0
    with district["anna"]._engine.office.transaction() as post:
        assert post.out.kept() == ()
    assert first.written > 0


def test_exchanging_twice_writes_and_reads_nothing_anew(district: District, stick: Path) -> None:
    open_case(district["anna"])
    pass_round(district, stick, "anna", "sina", "anna", "sina")
    again = [exchange(district[name], stick) for name in ("anna", "sina", "anna")]
    assert [(report.read, report.written, report.applied) for report in again] == [(0, 0, 0)] * 3


def test_no_name_and_no_word_can_be_read_in_the_folder(district: District, stick: Path) -> None:
    open_case(district["anna"], SECRET)
    pass_round(district, stick, "anna", "sina")
    assert all(len(bytes.fromhex(name)) == 32 for name in files_in(stick))
    assert not any(SECRET.encode() in path.read_bytes() for path in stick.iterdir())


def test_a_round_by_relay_afterwards_brings_nothing_twice(district: District, stick: Path) -> None:
    anna, sina = district["anna"], district["sina"]
    case = open_case(anna, SECRET)
    pass_round(district, stick, "anna", "sina", "anna")
    district.round("anna")
    report = district.round("sina")
    assert (report.applied, report.envelopes_down) == (0, 0)
    edit_case(anna, case, concern="danach")
    district.round("anna", "sina")
    assert case_file(sina, case).text("concern") == "danach"
    assert sina.status().gaps == ()


def test_what_the_relay_brought_is_not_read_from_the_folder_again(district: District, stick: Path) -> None:
    case = open_case(district["anna"], SECRET)
    pass_round(district, stick, "anna")
    district.round("anna", "sina")
    assert pass_round(district, stick, "sina").applied == 0
    assert case_file(district["sina"], case).text("concern") == SECRET


def test_a_stick_carries_between_two_who_never_meet_it_together(district: District, stick: Path) -> None:
    anna, sina = district["anna"], district["sina"]
    case = open_case(anna, "eins")
    for word in ("zwei", "drei", "vier"):
        pass_round(district, stick, "anna", "sina")
        edit_case(anna, case, concern=word)
        edit_case(sina, case, municipality=word)
    pass_round(district, stick, "anna", "sina", "anna")
    for name in ("anna", "sina"):
        record = case_file(district[name], case)
        assert (record.text("concern"), record.text("municipality")) == ("vier", "vier")
