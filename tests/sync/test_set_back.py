"""A disk that was set back to an older copy: what it had sent comes back, nothing is said twice."""

from __future__ import annotations

import shutil
from pathlib import Path

from app.services import merging
from tests.support.district import District, case_file, edit_case, open_case


def _copy(district: District, name: str, copy: Path) -> None:
    district.people[name].lock()
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(district.people[name].home, copy)


def _set_back(district: District, name: str, copy: Path) -> None:
    person = district.people[name]
    person.lock()
    shutil.rmtree(person.home)
    shutil.copytree(copy, person.home)


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
