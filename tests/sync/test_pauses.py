"""Devices that were away for long, and a relay that lost everything: complete again, and said so."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.dots import Dot
from app.services import stand_ins
from sync.workplace import Workplace
from tests.support.district import District, case_file, edit_case, give_consent, open_case
from tests.support.steered_relay import SteeredRelay


class Paused:
    """A district with a relay in this process; days pass for everybody."""

    def __init__(self, folder: Path) -> None:
        self.relay = SteeredRelay(folder / "relay")
        self.district = District.found(folder / "district", relay=self.relay)
        self.district.join("anna")
        self.district.join("ben")
        self.district.round("sina", "anna", "ben", "sina", "anna")

    def __getitem__(self, name: str) -> Workplace:
        return self.district[name]

    def days(self, count: float) -> None:
        self.relay.move(count)
        for person in self.district.people.values():
            person.clock.move(days=count)

    def name_stand_in(self, case: Dot) -> None:
        give_consent(self["anna"], case, "consent", stand_in_item="yes")
        ben = self.district.member("ben")
        stand_ins.name_stand_in(self["anna"].session, case, ben, "2020-11-02", "", "holiday")

    def concerns(self, name: str, cases: list[Dot]) -> list[str]:
        return [case_file(self[name], case).text("concern") for case in cases]

    def close(self) -> None:
        self.district.close()
        self.relay.stop()


@pytest.fixture
def paused(tmp_path: Path) -> Iterator[Paused]:
    district = Paused(tmp_path)
    yield district
    district.close()


def test_after_sixty_days_one_round_is_enough(paused: Paused) -> None:
    case = open_case(paused["anna"], "erst")
    paused.district.round("anna", "sina")
    for number in range(4):
        paused.days(15)
        edit_case(paused["anna"], case, concern=f"Tag {15 * (number + 1)}")
        paused.district.round("anna")
    report = paused.district.round("sina")
    assert paused.concerns("sina", [case]) == ["Tag 60"]
    assert (report.held, report.states) == (0, 0)
    assert paused["sina"].status().gaps == ()


def test_after_ninety_one_days_the_state_is_told_and_said(paused: Paused) -> None:
    cases = [open_case(paused["anna"], f"erst {number}") for number in range(3)]
    paused.district.round("anna", "sina")
    edit_case(paused["anna"], cases[0], concern="am ersten Tag")
    later = open_case(paused["anna"], "neu")
    paused.district.round("anna")
    paused.days(91)
    paused.district.round("anna")
    away = paused.district.round("sina")
    assert away.states == 0
    assert paused["sina"].status().wanted == "absent"
    paused.district.round("anna", "ben")
    report = paused.district.round("sina")
    assert report.states == 4
    assert paused.concerns("sina", [*cases, later]) == ["am ersten Tag", "erst 1", "erst 2", "neu"]
    assert paused["sina"].status().wanted is None
    assert paused["sina"].status().gaps == ()
    assert paused["sina"].session.store.queries.conflicts(5) == ()
    edit_case(paused["anna"], later, concern="danach")
    paused.district.round("anna", "sina", "sina", "anna")
    assert paused.concerns("sina", [later]) == ["danach"]
    paused.district.round("ben", "ben", "anna")
    with paused["anna"]._engine.office.transaction() as post:
        assert post.out.kept() == ()


def test_what_others_wrote_is_told_with_proof(paused: Paused) -> None:
    case = open_case(paused["anna"], "erst")
    paused.name_stand_in(case)
    paused.district.round("anna", "sina", "ben")
    paused.days(46)
    edit_case(paused["ben"], case, concern="vom Stellvertreter")
    paused.district.round("ben", "anna")
    paused.days(46)
    paused.district.round("anna")
    paused.days(46)
    paused.district.people["ben"].lock()
    paused.district.round("sina", "anna", "sina")
    assert paused.concerns("sina", [case]) == ["vom Stellvertreter"]
    assert paused["sina"].session.store.queries.conflicts(5) == ()
    told = paused["sina"].session.store.queries.history(case, 100)
    assert {entry.attested_by for entry in told} == {None}


def test_relay_that_was_emptied_has_everything_after_two_rounds_of_each(paused: Paused) -> None:
    case = open_case(paused["anna"], "vorher")
    paused.name_stand_in(case)
    paused.district.round("anna", "sina", "ben", "anna")
    edit_case(paused["ben"], case, concern="unterwegs")
    paused.district.round("ben")
    second = open_case(paused["anna"], "noch einer")
    paused.relay.empty()
    paused.district.round()
    paused.district.round()
    assert paused.concerns("sina", [case, second]) == ["unterwegs", "noch einer"]
    assert paused.concerns("anna", [case]) == ["unterwegs"]
    assert [paused[name].status().gaps for name in ("anna", "ben", "sina")] == [(), (), ()]
    assert [paused[name].status().parcels for name in ("anna", "ben", "sina")] == [(), (), ()]


def test_disk_set_back_beyond_what_the_relay_keeps_is_told_everything(paused: Paused, tmp_path: Path) -> None:
    anna = paused.district.people["anna"]
    case = open_case(paused["anna"], "vor der Kopie")
    paused.district.round("anna", "sina", "anna")
    anna.lock()
    shutil.copytree(anna.home, tmp_path / "copy")
    paused.days(31)
    edit_case(paused["anna"], case, concern="nach der Kopie")
    later = open_case(paused["anna"], "ganz neu")
    paused.district.round("anna", "sina", "anna", "sina", "anna")
    paused.days(20)
    anna.lock()
    shutil.rmtree(anna.home)
    shutil.copytree(tmp_path / "copy", anna.home)

    paused.district.round("anna", "sina", "ben", "anna")

    assert paused.concerns("anna", [case, later]) == ["nach der Kopie", "ganz neu"]
    assert paused["anna"].status().parcels == ()
    assert paused["anna"].session.store.queries.conflicts(5) == ()
    edit_case(paused["anna"], later, concern="weiter")
    paused.district.round("anna", "sina")
    assert paused.concerns("sina", [later]) == ["weiter"]
