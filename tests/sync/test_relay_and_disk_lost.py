"""A disk that was set back, and a relay that lost everything in between: nobody has it at hand any more."""

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


class Losing:
    """Sina, Anna and Ben; one disk is set back to `copied`, then the relay loses everything."""

    def __init__(self, folder: Path) -> None:
        self.relay, self._folder = SteeredRelay(folder / "relay"), folder
        self.district = District.found(folder / "district", relay=self.relay)
        self.district.join("anna")
        self.district.join("ben")
        self.district.round("sina", "anna", "ben", "sina", "anna")

    def __getitem__(self, name: str) -> Workplace:
        return self.district[name]

    def copy(self, name: str) -> None:
        self.district.people[name].lock()
        shutil.copytree(self.district.people[name].home, self._folder / "copy")

    def lose_what_all_have_read(self, name: str) -> None:
        for one in ("anna", "ben", "sina"):
            with self[one]._engine.office.transaction() as post:
                assert post.out.kept() == (), "no sealed copy is left"
        self.lose(name)

    def lose(self, name: str) -> None:
        person = self.district.people[name]
        person.lock()
        shutil.rmtree(person.home)
        shutil.copytree(self._folder / "copy", person.home)
        self.relay.empty()

    def concern(self, name: str, case: Dot) -> str:
        return case_file(self[name], case).text("concern")

    def is_whole(self) -> bool:
        states = [self[name].status() for name in ("anna", "ben", "sina")]
        return all(state.gaps == () and state.parcels == () and state.wanted is None for state in states)


@pytest.fixture
def losing(tmp_path: Path) -> Iterator[Losing]:
    made = Losing(tmp_path)
    yield made
    made.district.close()
    made.relay.stop()


def test_what_the_disk_had_read_is_told_again(losing: Losing) -> None:
    case = open_case(losing["anna"], "vor der Kopie")
    losing.district.round("anna", "sina", "anna", "ben", "anna", "sina", "ben")
    losing.copy("sina")
    edit_case(losing["anna"], case, concern="nach der Kopie")
    losing.district.round("anna", "sina", "ben", "anna", "sina", "ben", "anna")
    losing.lose_what_all_have_read("sina")
    assert losing.concern("sina", case) == "vor der Kopie"

    losing.district.round("sina", "anna", "ben", "sina", "anna", "ben", "sina")

    assert losing.concern("sina", case) == "nach der Kopie"
    assert losing.is_whole()


def test_what_came_in_a_later_session_is_told_again(losing: Losing) -> None:
    case = open_case(losing["anna"], "vor der Kopie")
    losing.district.round("anna", "sina", "anna", "ben", "anna", "sina", "ben")
    losing.copy("sina")
    losing.district.people["anna"].lock()
    edit_case(losing["anna"], case, concern="nach der Kopie")
    losing.district.round("anna", "sina", "ben", "anna", "sina", "ben", "anna")
    losing.lose_what_all_have_read("sina")
    losing.district.people["anna"].lock()

    losing.district.round("sina", "anna", "ben", "sina", "anna", "ben", "sina")

    assert losing.concern("sina", case) == "nach der Kopie"
    assert losing.is_whole()


def test_what_the_disk_itself_had_sent_comes_back(losing: Losing) -> None:
    case = open_case(losing["anna"], "vor der Kopie")
    losing.district.round("anna", "sina", "anna", "ben", "anna", "sina", "ben")
    losing.copy("anna")
    edit_case(losing["anna"], case, concern="nach der Kopie")
    losing.district.round("anna", "sina", "ben", "anna", "sina", "ben", "anna")
    losing.lose_what_all_have_read("anna")
    assert losing.concern("anna", case) == "vor der Kopie"

    losing.district.round("sina", "anna", "ben", "sina", "anna", "ben", "sina", "anna")

    assert losing.concern("anna", case) == "nach der Kopie"
    assert losing["sina"].session.store.queries.conflicts(5) == ()
    assert losing.is_whole()


def test_a_parcel_that_went_with_the_older_disk_is_not_waited_for_for_ever(losing: Losing) -> None:
    """Sina has read it and says so to Ben, whom it never reached; its sender does not know of it any more."""
    case = open_case(losing["anna"], "vor der Kopie")
    give_consent(losing["anna"], case, "consent", stand_in_item="yes")
    ben = losing.district.member("ben")
    stand_ins.name_stand_in(losing["anna"].session, case, ben, "2020-11-02", "", "holiday")
    losing.district.round("anna", "sina", "ben", "anna", "sina", "ben")
    losing.copy("anna")
    edit_case(losing["anna"], case, concern="nach der Kopie")
    losing.district.round("anna", "sina")
    edit_case(losing["sina"], case, recognition_word="Zugvogel")
    losing.lose("anna")
    losing.district.round("sina", "ben")
    assert losing["ben"].status().gaps != ()
    for hours in (2, 5, 9, 17):
        losing.district.round("anna", "sina", "ben", "anna", "ben")
        for person in losing.district.people.values():
            person.clock.move(hours=hours)

    assert losing.concern("ben", case) == losing.concern("anna", case) == "nach der Kopie"
    assert losing.is_whole()


def test_where_no_disk_was_set_back_nothing_is_asked_or_told(losing: Losing) -> None:
    """A relay that lost everything is no reason to ask for anything, where no disk was set back."""
    open_case(losing["anna"], "wie immer")
    losing.district.round("anna", "sina", "ben", "anna", "sina", "ben", "anna")
    losing.relay.empty()
    losing.district.round("sina", "anna", "ben", "sina", "anna", "ben", "sina")
    reports = [losing.district.round(name) for name in ("anna", "sina", "ben")]
    assert [report.states for report in reports] == [0, 0, 0]
    assert [report.envelopes_up for report in reports] == [0, 0, 0]
    assert losing.is_whole()
