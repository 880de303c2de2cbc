"""Bringing a backup back by the dialog: by passphrase, by the recovery sheet, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from sync.system import SystemClock, SystemEntropy
from sync.workplace import Workplace
from tests.support.backups import CHEAP, PASSPHRASE, Alone, back_up, lone_computer
from tests.support.screen import assert_large_enough, assert_named, settle, wait_for
from ui.bootstrap import Doors
from ui.dialogs.restore import RestoreDialog
from ui.tasks import Lanes


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Alone]:
    with lone_computer(tmp_path / "alone") as made:
        yield made


@pytest.fixture
def dialog(tmp_path: Path, lanes: Lanes, qtbot: QtBot) -> RestoreDialog:
    made = RestoreDialog(Doors(tmp_path / "new", SystemClock(), SystemEntropy(), CHEAP), lanes)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def opened(dialog: RestoreDialog) -> list[Workplace]:
    found: list[Workplace] = []
    dialog.opened.connect(found.append)
    return found


def choose(dialog: RestoreDialog, lanes: Lanes, path: Path) -> None:
    dialog.path.setText(str(path))
    settle(lanes)


def test_by_the_passphrase(
    alone: Alone, dialog: RestoreDialog, opened: list[Workplace], lanes: Lanes
) -> None:
    choose(dialog, lanes, back_up(alone).path)
    assert dialog.facts.text.startswith("Backup of ")
    assert not dialog.restore_button.isEnabled()
    dialog.passphrase.setText(PASSPHRASE)
    assert_named(dialog)
    assert_large_enough(dialog)
    dialog.restore_button.click()
    settle(lanes)
    (place,) = opened
    assert place.backups.restored is not None
    assert dialog.passphrase.text() == ""
    place.close()


def test_by_the_recovery_sheet(
    alone: Alone, dialog: RestoreDialog, opened: list[Workplace], lanes: Lanes
) -> None:
    choose(dialog, lanes, back_up(alone).path)
    dialog.by_key.setChecked(True)
    dialog.key.setPlainText(alone.recovery_key)
    dialog.fields.offer()
    wait_for(dialog.restore_button.isEnabled)
    assert_named(dialog)
    dialog.restore_button.click()
    settle(lanes)
    (place,) = opened
    place.close()


def test_what_is_no_backup_cannot_be_chosen(
    dialog: RestoreDialog, opened: list[Workplace], lanes: Lanes, tmp_path: Path
) -> None:
    (tmp_path / "letter.txt").write_text("Sehr geehrte Damen und Herren")
    choose(dialog, lanes, tmp_path / "letter.txt")
    dialog.passphrase.setText(PASSPHRASE)
    assert dialog.facts.text.startswith("This file is not a whole backup")
    assert not dialog.restore_button.isEnabled()
    choose(dialog, lanes, tmp_path / "gone.kimbackup")
    assert dialog.facts.text.startswith("The backup cannot be read at the moment (ENOENT).")
    assert opened == []


def test_a_wrong_passphrase_is_said_and_nothing_changes(
    alone: Alone, dialog: RestoreDialog, opened: list[Workplace], lanes: Lanes, tmp_path: Path
) -> None:
    choose(dialog, lanes, back_up(alone).path)
    dialog.passphrase.setText("etwas anderes")
    dialog.restore_button.click()
    settle(lanes)
    assert dialog.notice.text.splitlines()[0] == "This is not the passphrase."
    assert opened == []
    assert not (tmp_path / "new" / "store.db").exists()
    assert dialog.restore_button.isEnabled()
