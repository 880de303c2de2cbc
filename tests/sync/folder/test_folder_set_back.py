"""A disk that was set back to an older copy, with a stick only: what went comes back, and it is asked for."""

import shutil
from pathlib import Path

from sync.taking.asking import state_wanted
from sync.workplace import Workplace
from tests.support.district import District, case_file, edit_case, open_case
from tests.support.folder import exchange, pass_round


def wanted(place: Workplace) -> str | None:
    with place._engine.office.transaction() as post:
        return state_wanted(post)


def test_a_disk_that_was_set_back_is_noticed_and_made_whole(
    district: District, stick: Path, tmp_path: Path
) -> None:
    anna = district.people["anna"]
    case = open_case(district["anna"], "eins")
    pass_round(district, stick, "anna", "sina", "anna", "sina")
    anna.lock()
    shutil.copytree(anna.home, tmp_path / "copy")
    edit_case(district["anna"], case, concern="zwei")
    pass_round(district, stick, "anna", "sina", "anna", "sina")
    edit_case(district["anna"], case, concern="drei")
    edit_case(district["sina"], case, municipality="vom KI")
    pass_round(district, stick, "anna", "sina")
    anna.lock()
    shutil.rmtree(anna.home)
    shutil.copytree(tmp_path / "copy", anna.home)
    exchange(district["anna"], stick)
    assert wanted(district["anna"]) == "restored"
    held_back = district["anna"].backups.restored
    assert held_back is not None, "before it was told what was erased, only syncing is shown"
    assert (held_back.agreed, held_back.made_ms) == (True, None)
    edit_case(district["anna"], case, recognition_word="danach")
    pass_round(district, stick, "sina", "anna", "sina", "anna", "sina", "anna")
    assert wanted(district["anna"]) is None
    assert district["anna"].backups.restored is None
    for name in ("anna", "sina"):
        record = case_file(district[name], case)
        assert (record.text("concern"), record.text("municipality")) == ("drei", "vom KI")
        assert record.text("recognition_word") == "danach"
        assert district[name].status().parcels == ()
    assert district["anna"].session.store.queries.conflicts(5) == ()


def test_a_device_that_goes_on_is_never_taken_for_one_that_was_set_back(
    district: District, stick: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    for folder in (stick, other, stick, other):
        pass_round(district, folder)
    district.people["anna"].lock()
    exchange(district["anna"], other)
    assert [wanted(district[name]) for name in ("anna", "sina")] == [None, None]
