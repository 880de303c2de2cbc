"""The page of backups: choosing a folder, making one, what lies there, what is wrong, what is owed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.support.backups import Alone, lone_computer
from tests.support.screen import assert_large_enough, assert_named, settle, wait_for
from ui.pages.backups import BackupsPage
from ui.tasks import Lanes
from ui.work import Work


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Alone]:
    with lone_computer(tmp_path / "alone") as made:
        yield made


@pytest.fixture
def work(alone: Alone, lanes: Lanes, qapp: QApplication) -> Iterator[Work]:
    made = Work(alone.place, lanes, qapp, 5)
    made.window.show()
    yield made
    left: list[bool] = []
    made.leave(lambda: left.append(True))
    wait_for(lambda: left)


@pytest.fixture
def page(work: Work, qtbot: QtBot, lanes: Lanes) -> BackupsPage:
    made = BackupsPage(work.context, work.backup_runs)
    qtbot.addWidget(made)
    made.resize(1100, 760)
    made.show()
    settle(lanes)
    return made


def make_one(work: Work, page: BackupsPage, lanes: Lanes) -> None:
    page.run_row.run_button.click()
    wait_for(lambda: not work.backup_runs.running)
    settle(lanes)


def test_a_backup_by_the_button_is_listed(work: Work, page: BackupsPage, lanes: Lanes, alone: Alone) -> None:
    assert page.last.text().startswith("No backup was made yet.")
    assert page.place_field.text() == str(alone.stick)
    make_one(work, page, lanes)
    assert page.run_row.notice.text == "The backup was made and read back."
    assert page.last.text().startswith("The last backup was made on ")
    (row,) = [[page.table.item(0, column).text() for column in range(4)]]  # type: ignore[union-attr]  # all are filled
    assert row[2] == "In order"
    assert row[3].endswith(".kimbackup")
    assert page.table.rowCount() == 1
    assert_named(page)
    assert_large_enough(page)


def test_choosing_a_folder_makes_the_first_backup_there(
    work: Work, page: BackupsPage, lanes: Lanes, tmp_path: Path
) -> None:
    other = tmp_path / "share"
    other.mkdir()
    page.take_folder(other)
    settle(lanes, rounds=6)
    wait_for(lambda: not work.backup_runs.running)
    settle(lanes)
    assert page.place_field.text() == str(other)
    assert len(list(other.glob("*.kimbackup"))) == 1


def test_what_is_damaged_or_foreign_is_told(
    work: Work, page: BackupsPage, lanes: Lanes, alone: Alone, tmp_path: Path
) -> None:
    make_one(work, page, lanes)
    (good,) = alone.stick.glob("*.kimbackup")
    (alone.stick / "half.kimbackup").write_bytes(good.read_bytes()[:-100])
    with lone_computer(tmp_path / "other", "other") as other:
        other.place.backups.set_folder(alone.stick)
        alone.clock.move(minutes=1)
        other.clock.move(minutes=2)
        other.place.backups.make(lambda _done, _total: None, lambda: False)
    page.refresh()
    settle(lanes)
    states = sorted(page.table.item(row, 2).text() for row in range(3))  # type: ignore[union-attr]  # all are filled
    assert states == ["Damaged", "In order", "Of another computer or person"]


def test_a_folder_that_is_away_is_said_and_the_old_backups_are_safe(
    work: Work, page: BackupsPage, lanes: Lanes, alone: Alone
) -> None:
    make_one(work, page, lanes)
    shutil.move(alone.stick, alone.stick.with_name("away"))
    make_one(work, page, lanes)
    assert (
        page.run_row.notice.text.splitlines()[0] == "The folder for backups cannot be reached at the moment."
    )
    assert "cannot be reached" in page.last.text()
    assert page.table.rowCount() == 0


def test_a_week_without_a_backup_is_warned_about_above_every_page(
    work: Work, page: BackupsPage, lanes: Lanes, alone: Alone
) -> None:
    above = work.window.backup_notice
    assert not above.isVisibleTo(work.window)
    alone.clock.move(days=8)
    above.refresh()
    settle(lanes)
    assert above.isVisibleTo(work.window)
    assert above.notice.text.startswith("There has been no backup for seven days.")
    above.go_button.click()
    settle(lanes)
    assert work.window.place().page == "backups"
    make_one(work, page, lanes)
    assert not above.isVisibleTo(work.window)


def test_what_still_holds_something_erased_is_told(
    work: Work, page: BackupsPage, lanes: Lanes, alone: Alone
) -> None:
    make_one(work, page, lanes)
    shutil.move(alone.stick, alone.stick.with_name("away"))
    alone.place.backups.remake()
    page.refresh()
    settle(lanes)
    assert str(alone.stick) in page.debts.text


def test_checking_reads_every_byte(work: Work, page: BackupsPage, lanes: Lanes, alone: Alone) -> None:
    make_one(work, page, lanes)
    (backup,) = alone.stick.glob("*.kimbackup")
    data = bytearray(backup.read_bytes())
    page.check_button.click()
    settle(lanes)
    assert page.table.item(0, 2).text() == "Checked, in order"  # type: ignore[union-attr]  # it is filled
    data[-5000] ^= 1
    backup.write_bytes(data)
    page.check_button.click()
    settle(lanes)
    assert page.table.item(0, 2).text() == "Damaged"  # type: ignore[union-attr]  # it is filled
    assert page.check_button.isEnabled()
    assert_named(page)
