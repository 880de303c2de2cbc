"""A device that was brought back from a backup, through a real relay: complete, and nothing said twice."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.orders import OrderKind
from app.services import stand_ins
from app.storage.errors import ForeignBackupError
from sync import compose
from sync.recovery.restore import restore
from sync.workplace import Workplace
from tests.support.brought_back import back_up, bring_back
from tests.support.district import (
    PASSPHRASE,
    District,
    add,
    case_file,
    edit_case,
    give_consent,
    open_case,
    run_round,
    stored,
)
from tests.support.ports import SeededEntropy


def channels(place: Workplace) -> set[bytes]:
    rows = stored(place, "SELECT DISTINCT channel FROM own_head")
    return {bytes(row[0]) for row in rows}


COMPLETE = ((), (), 0, None)


def lacks(place: Workplace) -> tuple[object, ...]:
    """Give what is set aside or missing, what waits to go out, and what a person must still do."""
    status = place.status()
    reasons = tuple(parcel.reason for parcel in status.parcels)
    return reasons, status.gaps, status.delivery.waiting, place.backups.restored


def test_what_was_lost_comes_back_after_one_round_of_each_and_one_more(
    district: District, tmp_path: Path
) -> None:
    case = open_case(district["anna"], "vor der Sicherung")
    district.round("anna", "sina", "anna")
    backup = back_up(district, "anna", tmp_path / "stick")
    edit_case(district["anna"], case, concern="nach der Sicherung")
    add(district["anna"], "Contact", case, at=1, topics=("housing",), contact_note="sucht eine Wohnung")
    later = open_case(district["anna"], "erst danach begonnen")
    district.round("anna", "sina", "anna", "sina")

    anna = bring_back(district, "anna", backup)
    assert case_file(anna, case).text("concern") == "vor der Sicherung"
    district.round("anna", "sina", "anna")

    assert case_file(anna, case).text("concern") == "nach der Sicherung"
    assert case_file(anna, later).text("concern") == "erst danach begonnen"
    assert len(anna.session.store.queries.records("Contact", case)) == 1
    district.round("sina", "anna", "sina", "anna")
    assert lacks(anna) == COMPLETE
    for place in (anna, district["sina"]):
        assert place.session.store.queries.conflicts(5) == ()


def test_own_sensitive_entry_comes_back_to_who_is_not_cleared(district: District, tmp_path: Path) -> None:
    case = open_case(district["anna"], "vor der Sicherung")
    district.round("anna", "sina", "anna")
    backup = back_up(district, "anna", tmp_path / "stick")
    add(district["anna"], "Contact", case, at=1, topics=("health",), contact_note="nicht für alle")
    district.round("anna", "sina", "anna", "sina")

    anna = bring_back(district, "anna", backup)
    district.round("anna", "sina", "anna")

    (entry,) = anna.session.store.queries.records("Contact", case)
    assert entry.text("contact_note") == "nicht für alle"


def test_what_nobody_had_signed_for_is_sealed_anew(district: District, tmp_path: Path) -> None:
    case = open_case(district["anna"], "vor der Sicherung")
    district.round("anna", "sina", "anna")
    edit_case(district["anna"], case, concern="am Relay, von niemandem gelesen")
    district.round("anna")
    edit_case(district["anna"], case, recognition_word="Zugvogel")  # not even sealed
    backup = back_up(district, "anna", tmp_path / "stick")
    anna = bring_back(district, "anna", backup)
    district.round("anna", "sina", "anna", "sina", "anna")
    sina = district["sina"]
    assert case_file(sina, case).text("concern") == "am Relay, von niemandem gelesen"
    assert case_file(sina, case).text("recognition_word") == "Zugvogel"
    assert sina.session.store.queries.conflicts(5) == ()
    assert lacks(anna) == COMPLETE


def test_a_colleagues_backup_is_refused_and_the_own_store_goes_on(district: District, tmp_path: Path) -> None:
    anna, person = district.people["anna"], district.people["sina"]
    case = open_case(district["anna"], "von Anna")
    entry = back_up(district, "anna", tmp_path / "stick")
    person.lock()
    with pytest.raises(ForeignBackupError):
        restore(person.home, entry.path, PASSPHRASE, clock=anna.clock, entropy=anna.entropy)
    district.round("anna", "sina")
    assert case_file(district["sina"], case).text("concern") == "von Anna"
    assert lacks(district["sina"]) == COMPLETE


def test_no_channel_of_the_lost_disk_goes_on(district: District, tmp_path: Path) -> None:
    case = open_case(district["anna"])
    district.round("anna", "sina", "anna")
    before = channels(district["anna"])
    backup = back_up(district, "anna", tmp_path / "stick")
    anna = bring_back(district, "anna", backup)
    edit_case(anna, case, concern="auf dem neuen Rechner")
    district.round("anna", "sina", "anna")
    assert len(channels(anna) - before) == 1
    assert case_file(district["sina"], case).text("concern") == "auf dem neuen Rechner"


@pytest.mark.parametrize(("lost", "new"), [(0, -400), (400, 0)], ids=["slow clock", "lost clock ran ahead"])
def test_a_computer_with_another_clock_than_the_lost_one_is_reached(
    district: District, tmp_path: Path, lost: int, new: int
) -> None:
    clock = district.people["anna"].clock
    clock.move(days=lost)
    district.people["anna"].lock()  # opened again, it makes a prekey of that day
    case = open_case(district["anna"], "vor der Sicherung")
    district.round("anna", "sina", "anna")
    backup = back_up(district, "anna", tmp_path / "stick")
    clock.move(days=new - lost)
    anna = bring_back(district, "anna", backup)
    district.round("anna", "sina", "anna")
    edit_case(district["sina"], case, concern="an den neuen Rechner")
    district.round("sina", "anna", "sina", "anna")
    assert case_file(anna, case).text("concern") == "an den neuen Rechner"


def test_a_supervisors_store_comes_back_likewise(district: District, tmp_path: Path) -> None:
    case = open_case(district["anna"], "vor der Sicherung")
    district.round("anna", "sina", "anna")
    backup = back_up(district, "sina", tmp_path / "stick")
    edit_case(district["anna"], case, concern="nach der Sicherung")
    district.round("anna", "sina", "anna", "sina")
    sina = bring_back(district, "sina", backup)
    district.round("sina", "anna", "sina")
    assert case_file(sina, case).text("concern") == "nach der Sicherung"
    district.round("anna", "sina")
    assert lacks(sina) == COMPLETE


def test_orders_beside_the_backup_are_taken_before_anything_is_shown(
    district: District, tmp_path: Path
) -> None:
    case = open_case(district["anna"], "Zwetschgenkuchen")
    district.round("anna", "sina", "anna")
    backup = back_up(district, "anna", tmp_path / "stick")
    order = district["anna"].orders.issue(OrderKind.ERASE, "client_wish", case)
    district.round("anna", "sina")
    district["sina"].orders.sign(order)
    back_up(district, "sina", tmp_path / "stick")  # another's list of orders, on the same shared drive
    person = district.people["anna"]
    person.lock()
    shutil.rmtree(person.home)
    person.place = restore(person.home, backup.path, PASSPHRASE, clock=person.clock, entropy=person.entropy)
    assert person.place.session.store.queries.record("CaseFile", case) is None
    found = person.place.backups.restored
    assert found is not None
    assert (found.agreed, found.orders_taken) == (False, False)  # the list may be older than the last order


def test_nothing_is_shown_before_somebody_has_told_what_was_erased(
    district: District, tmp_path: Path
) -> None:
    case = open_case(district["anna"], "Zwetschgenkuchen")
    district.round("anna", "sina", "anna")
    backup = back_up(district, "anna", tmp_path / "stick")
    drawer = Path(shutil.copy(backup.path, tmp_path))  # made before, without the list of orders beside it
    order = district["anna"].orders.issue(OrderKind.ERASE, "client_wish", case)
    district.round("anna", "sina")
    district["sina"].orders.sign(order)
    district.round("sina", "anna", "sina")
    place = bring_back(district, "anna", replace(backup, path=drawer))
    district.round("anna")
    assert place.session.store.queries.record("CaseFile", case) is not None
    assert place.backups.restored is not None
    district.round("sina", "anna")
    assert place.session.store.queries.record("CaseFile", case) is None
    assert place.backups.restored is None


def test_the_old_computer_that_still_syncs_raises_an_alarm(district: District, tmp_path: Path) -> None:
    case = open_case(district["anna"], "vor der Sicherung")
    district.round("anna", "sina", "anna")
    backup = back_up(district, "anna", tmp_path / "stick")
    district.round("anna")
    person = district.people["anna"]
    person.lock()
    shutil.copytree(person.home, tmp_path / "old")
    anna = bring_back(district, "anna", backup)
    district.round("anna", "sina", "anna", "sina", "anna")
    edit_case(anna, case, concern="auf dem neuen Rechner")
    district.round("anna", "sina", "anna")
    assert anna.status().other_self_ms is None

    old = compose.unlock(tmp_path / "old", PASSPHRASE, clock=person.clock, entropy=SeededEntropy("old"))
    edit_case(old, case, concern="auf dem alten Rechner")
    run_round(old)
    old.close()
    district.round("anna")
    assert anna.status().other_self_ms is not None
    district.round("sina", "anna")
    told = {head.values["concern"] for head in anna.session.store.queries.conflicts(5)[0].heads}
    assert told == {"auf dem neuen Rechner", "auf dem alten Rechner"}  # nothing is lost


def test_a_stand_in_tells_back_what_the_asker_wrote(district: District, tmp_path: Path) -> None:
    district.join("ben")
    district.round()
    district.round()
    case = open_case(district["anna"], "vor der Sicherung")
    give_consent(district["anna"], case, "consent", stand_in_item="yes")
    ben = district.member("ben")
    stand_ins.name_stand_in(district["anna"].session, case, ben, "2020-11-02", "", "holiday")
    district.round("anna", "sina", "ben", "sina")
    backup = back_up(district, "sina", tmp_path / "stick")
    edit_case(district["sina"], case, concern="nach der Sicherung")
    add(district["sina"], "Contact", case, at=1, topics=("housing",), contact_note="von Sina")
    district.round("sina", "ben")
    sina = bring_back(district, "sina", backup)
    assert case_file(sina, case).text("concern") == "vor der Sicherung"
    district.round("sina", "ben", "sina")  # the responsible's computer is off for good
    assert case_file(sina, case).text("concern") == "nach der Sicherung"
    assert len(sina.session.store.queries.records("Contact", case)) == 1
    history = sina.session.store.queries.history(case, 100)
    assert {item.attested_by for item in history if item.author == sina.session.me} == {None}
