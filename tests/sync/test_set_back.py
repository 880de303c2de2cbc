"""A disk that was set back to an older copy: what it had sent comes back, nothing is said twice."""

from __future__ import annotations

import shutil
from pathlib import Path

from app.domain.case_number import NUMBERS_A_BLOCK, read_case_number
from app.domain.dots import Dot
from app.services import merging, stand_ins
from tests.support.district import District, add, case_file, edit_case, give_consent, open_case, stored


def _copy(district: District, name: str, copy: Path) -> None:
    district.people[name].lock()
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(district.people[name].home, copy)


def _set_back(district: District, name: str, copy: Path) -> None:
    person = district.people[name]
    person.lock()
    shutil.rmtree(person.home)
    shutil.copytree(copy, person.home)


def block_of(district: District, case: Dot) -> int:
    number = read_case_number(case_file(district["anna"], case).text("number"))
    return number.serial // NUMBERS_A_BLOCK


def test_what_was_sent_after_the_copy_comes_back_from_the_relay(district: District, tmp_path: Path) -> None:
    case = open_case(district["anna"], "vor der Kopie")
    district.round("anna", "sina", "anna")
    _copy(district, "anna", tmp_path / "copy")
    edit_case(district["anna"], case, concern="nach der Kopie", recognition_word="Zugvogel")
    district.round("anna", "sina", "anna", "sina")
    _set_back(district, "anna", tmp_path / "copy")
    assert case_file(district["anna"], case).text("concern") == "vor der Kopie"

    report = district.round("anna")

    assert report.applied == 1
    assert case_file(district["anna"], case).text("concern") == "nach der Kopie"
    assert case_file(district["anna"], case).text("recognition_word") == "Zugvogel"
    assert district["anna"].status().parcels == ()
    assert district["sina"].session.store.queries.conflicts(5) == ()
    assert district.round("anna").requests == 1


def test_what_comes_back_reaches_those_who_were_let_in_meanwhile(district: District, tmp_path: Path) -> None:
    district.join("ben")
    case = open_case(district["anna"], "vor der Kopie")
    district.round("anna", "sina", "ben", "anna")
    _copy(district, "anna", tmp_path / "copy")
    edit_case(district["anna"], case, concern="nach der Kopie")
    district.round("anna", "sina", "anna")
    _set_back(district, "anna", tmp_path / "copy")
    add(district["anna"], "StandIn", case, stand_in=district.member("ben"), stand_in_since="2026-01-01")
    for _ in range(2):
        district.round("anna", "ben")
    assert case_file(district["ben"], case).text("concern") == "nach der Kopie"


def test_device_that_was_set_back_goes_on_writing_and_nothing_is_lost(
    district: District, tmp_path: Path
) -> None:
    case = open_case(district["anna"], "vor der Kopie")
    district.round("anna", "sina", "anna")
    _copy(district, "anna", tmp_path / "copy")
    edit_case(district["anna"], case, concern="nach der Kopie")
    district.round("anna", "sina", "anna")
    _set_back(district, "anna", tmp_path / "copy")
    edit_case(district["anna"], case, concern="nach dem Zurücksetzen")
    district.round("anna", "sina", "anna")
    for name in ("anna", "sina"):
        (conflict,) = district[name].session.store.queries.conflicts(5)
        told = {head.values["concern"] for head in conflict.heads}
        assert told == {"nach der Kopie", "nach dem Zurücksetzen"}


def test_figures_of_a_device_that_was_set_back_are_no_conflict_for_a_person(
    district: District, tmp_path: Path
) -> None:
    case = open_case(district["anna"], municipality="Lindau")
    district.round("anna", "sina", "anna")
    _copy(district, "anna", tmp_path / "copy")
    edit_case(district["anna"], case, municipality="Bregenz")
    district.round("anna", "sina", "anna")
    _set_back(district, "anna", tmp_path / "copy")
    edit_case(district["anna"], case, municipality="Hard")
    district.round("anna", "sina", "anna", "sina")
    sina = district["sina"].session
    (conflict,) = sina.store.queries.conflicts(5)
    assert conflict.register == "opening"

    merging.decide(sina, conflict, {**conflict.heads[0].values, "municipality": "Dornbirn"}, "asked")
    district.round("sina", "anna", "anna", "sina")
    (figures,) = sina.store.queries.records("Figures", None)
    assert "1:CaseFile.municipality=Dornbirn" in figures.items("facts")
    assert figures.conflicts == frozenset()


def test_what_is_written_after_a_state_was_told_leaves_though_the_lost_session_came_back_later(
    three: District, tmp_path: Path
) -> None:
    case = open_case(three["anna"], "vor der Kopie")
    give_consent(three["anna"], case, "consent", stand_in_item="yes")
    three.round("anna", "sina", "anna")
    _copy(three, "anna", tmp_path / "copy")
    edit_case(three["anna"], case, recognition_word="Zugvogel")
    three.round("anna", "sina", "anna")
    _set_back(three, "anna", tmp_path / "copy")
    edit_case(three["anna"], case, concern="nach dem Zurücksetzen")
    three.round("anna", "sina")
    stand_ins.name_stand_in(three["anna"].session, case, three.member("ben"), "2020-11-02", "", "holiday")
    three.round("anna", "ben")

    edit_case(three["anna"], case, concern="nach der Vertretung")
    three.round("anna", "ben")

    assert case_file(three["ben"], case).text("concern") == "nach der Vertretung"


def test_what_it_had_told_of_others_is_not_sent_as_its_own(three: District, tmp_path: Path) -> None:
    """The state that Anna told Ben holds what Sina wrote; it comes back to Anna, whose disk had forgotten."""
    case = open_case(three["anna"], "vor der Kopie")
    give_consent(three["anna"], case, "consent", stand_in_item="yes")
    three.round("anna", "sina", "anna")
    edit_case(three["sina"], case, concern="von Sina")
    three.round("sina", "anna")
    _copy(three, "anna", tmp_path / "copy")
    ben = three.member("ben")
    stand_ins.name_stand_in(three["anna"].session, case, ben, "2020-11-02", "", "holiday")
    three.round("anna")
    _set_back(three, "anna", tmp_path / "copy")

    three.round("anna", "ben", "anna")

    sent = stored(three["anna"], "SELECT DISTINCT author FROM change JOIN sealed_change USING (dot)")
    assert sent == [(three.member("anna"),)]
    for name in ("anna", "ben"):
        assert case_file(three[name], case).text("concern") == "von Sina"


def test_figures_begun_twice_are_counted_once(district: District, tmp_path: Path) -> None:
    """The copy is older than the first figures: the disk begins them anew before it hears of them."""
    case = open_case(district["anna"], municipality="Lindau")
    _copy(district, "anna", tmp_path / "copy")
    district.round("anna", "sina", "anna")
    _set_back(district, "anna", tmp_path / "copy")
    edit_case(district["anna"], case, concern="nach der Kopie")
    district.round("anna", "sina", "anna", "sina", "anna", "sina")
    for name in ("anna", "sina"):
        figures = district[name].session.store.queries.records("Figures", None)
        assert len([entry for entry in figures if entry.items("facts")]) == 1
    assert district.round("anna").envelopes_up == 0


def test_a_disk_that_was_set_back_gives_no_number_twice(district: District, tmp_path: Path) -> None:
    first = open_case(district["anna"], "vor der Kopie")
    district.round("anna", "sina", "anna")
    _copy(district, "anna", tmp_path / "copy")
    lost = [open_case(district["anna"], f"danach {number}") for number in range(3)]
    district.round("anna", "sina")
    _set_back(district, "anna", tmp_path / "copy")
    district.round("anna")
    again = [open_case(district["anna"], f"später {number}") for number in range(3)]
    district.round("anna", "sina")
    numbers = {case_file(district["sina"], case).text("number") for case in (first, *lost, *again)}
    assert len(numbers) == 7


def test_a_disk_that_was_set_back_goes_on_with_another_block_of_numbers(
    district: District, tmp_path: Path
) -> None:
    """The case file that took the next number comes back later, or never."""
    open_case(district["anna"], "vor der Kopie")
    district.round("anna", "sina", "anna")
    _copy(district, "anna", tmp_path / "copy")
    lost = open_case(district["anna"], "danach")
    blocks = [block_of(district, lost)]
    district.round("anna")
    _set_back(district, "anna", tmp_path / "copy")
    blocks.append(block_of(district, open_case(district["anna"], "ehe jemand es wissen kann")))
    district.round("anna")
    blocks.append(block_of(district, open_case(district["anna"], "nach der nächsten Runde")))
    assert blocks[0] == blocks[1] != blocks[2]
    district.round("anna")
    assert block_of(district, open_case(district["anna"], "und weiter")) == blocks[2]
