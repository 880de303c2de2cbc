"""The restore drill through the windows: laptop broken, new laptop, backup from the stick, recovery sheet."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from app.domain.declarations import ATTACHMENT
from app.domain.dots import Dot
from app.domain.orders import OrderKind
from app.services import attachments, cases
from app.settings import Settings, settings_path
from sync.system import SystemClock, SystemEntropy
from sync.workplace import Workplace
from tests.support.forks import ForkedRelay
from tests.support.invented.district import InventedDistrict, build_district
from tests.support.invented.people import ANNA, SINA, Invented
from tests.support.keys import CHEAP
from tests.support.screen import Screen, wait_for
from ui.application import Program
from ui.bootstrap import Doors
from ui.dialogs.restore import RestoreDialog
from ui.pages.backups import BackupsPage
from ui.pages.restored_panel import RestoredPanel
from ui.windows.places import BACKUPS, CASES, SYNC, Place

LETTER = b"%PDF-1.7 Bescheid vom 2. November" * 4000
ERASED = "Zwetschgenkuchen"


@pytest.fixture
def district(tmp_path: Path) -> Iterator[InventedDistrict]:
    with build_district(
        tmp_path / "d", "drill", case_files=2, who=(SINA, ANNA), cost=CHEAP, relay_server=ForkedRelay
    ) as made:
        yield made


@pytest.fixture
def screen(qtbot: QtBot, qapp: QApplication, district: InventedDistrict) -> Iterator[Screen]:
    settings_path().unlink(missing_ok=True)
    Settings(language="en").save()

    def doors_of(person: Invented) -> Doors:
        return Doors(district.laptops[person].data, SystemClock(), SystemEntropy(), CHEAP)

    program = Program(qapp, lambda: doors_of(ANNA))
    made = Screen(program, doors_of)
    yield made
    made.end()
    program.deleteLater()
    settings_path().unlink(missing_ok=True)


@pytest.mark.timeout(180)
def test_restore_drill(district: InventedDistrict, screen: Screen, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    letter, kept, doomed = _before_the_backup(district, tmp_path)
    district.close_places()
    _back_up_by_hand(screen, stick)
    _after_the_backup(district, kept, doomed)
    district.close_places()
    shutil.rmtree(district.laptops[ANNA].data)  # the laptop is broken

    _bring_back(screen, stick, district.recovery_keys[ANNA])
    assert screen.window.place().page == SYNC
    screen.window.go(Place(CASES))
    assert screen.window.place().page == SYNC  # orders first
    _agree_and_sync(screen)
    screen.window.go(Place(CASES))
    assert screen.window.place().page == SYNC  # nobody has told which yet
    district.run_rounds([SINA])
    _sync(screen)
    screen.window.go(Place(CASES))
    assert screen.window.place().page == CASES

    _assert_complete(screen.context.workplace, kept)
    _assert_attachment(screen, kept, letter)
    queries = screen.session.store.queries
    assert queries.record("CaseFile", doomed) is None
    assert queries.search_cases(ERASED, 5) == ()
    _same_on_both(screen.context.workplace, district[SINA])


def _assert_complete(anna: Workplace, kept: Dot) -> None:
    found = anna.session.store.queries.record("CaseFile", kept)
    assert found is not None
    assert found.text("concern") == "nach der Sicherung"
    status = anna.status()
    assert (status.parcels, status.gaps, status.delivery.waiting) == ((), (), 0)


def _assert_attachment(screen: Screen, case: Dot, letter: Path) -> None:
    (entry,) = screen.session.store.queries.records(ATTACHMENT.name, case)
    out = letter.with_name("out.pdf")
    attachments.save_outside(screen.session, entry, out, lambda _done, _total: None, lambda: False)
    assert out.read_bytes() == letter.read_bytes()


def _before_the_backup(district: InventedDistrict, folder: Path) -> tuple[Path, Dot, Dot]:
    session = district[ANNA].session
    rows = session.store.queries.case_page(None, 5).rows
    kept, doomed = rows[0].id, rows[1].id
    assert kept is not None
    assert doomed is not None
    letter = folder / "letter.pdf"
    letter.write_bytes(LETTER)
    attachments.add(session, kept, letter, "letter", "Bescheid", lambda _done, _total: None, lambda: False)
    _write(district, doomed, ERASED)
    district.run_rounds([ANNA, SINA, ANNA])
    return letter, kept, doomed


def _after_the_backup(district: InventedDistrict, kept: Dot, doomed: Dot) -> None:
    anna, sina = district[ANNA], district[SINA]
    _write(district, kept, "nach der Sicherung")
    order = anna.orders.issue(OrderKind.ERASE, "client_wish", doomed)
    district.run_rounds([ANNA, SINA])
    sina.orders.sign(order)
    district.run_rounds([SINA, ANNA, SINA, ANNA, SINA])
    assert anna.session.store.queries.record("CaseFile", doomed) is None


def _write(district: InventedDistrict, case: Dot, concern: str) -> None:
    session = district[ANNA].session
    shown = session.store.queries.record("CaseFile", case)
    assert shown is not None
    cases.save_record(session, shown, shown.edited(concern=concern))


def _back_up_by_hand(screen: Screen, stick: Path) -> None:
    screen.unlock(ANNA)
    screen.window.go(Place(BACKUPS))
    page = screen.window.frame.page
    assert isinstance(page, BackupsPage)
    page.take_folder(stick)
    screen.settle()
    runs = screen.program.work.backup_runs  # type: ignore[union-attr]  # it is unlocked
    wait_for(lambda: not runs.running)
    assert len(list(stick.glob("*.kimbackup"))) == 1
    screen.program.lock()
    wait_for(lambda: screen.program.work is None)
    screen.settle()


def _bring_back(screen: Screen, stick: Path, recovery_key: str) -> None:
    assert screen.program.door is not None
    screen.program.door.begin()
    screen.settle()
    _button(screen.program.door.panels.currentWidget(), "Bring back a backup").click()
    screen.settle()
    (dialog,) = screen.program.door.findChildren(RestoreDialog)
    (backup,) = stick.glob("*.kimbackup")
    dialog.path.setText(str(backup))
    dialog.by_key.setChecked(True)
    dialog.key.setPlainText(recovery_key)
    dialog.fields.offer()
    wait_for(dialog.restore_button.isEnabled)
    dialog.restore_button.click()
    wait_for(lambda: screen.program.work is not None)
    screen.settle()


def _agree_and_sync(screen: Screen) -> None:
    assert screen.window.frame.page is not None
    (panel,) = screen.window.frame.page.findChildren(RestoredPanel)
    panel.agree_button.click()
    _round_ends(screen)


def _sync(screen: Screen) -> None:
    assert screen.program.work is not None
    screen.program.work.rounds.run()
    _round_ends(screen)


def _round_ends(screen: Screen) -> None:
    assert screen.program.work is not None
    rounds = screen.program.work.rounds
    wait_for(lambda: rounds.running)
    wait_for(lambda: not rounds.running)
    screen.settle()
    assert rounds.last_error is None


def _button(panel: object, text: str) -> QPushButton:
    (found,) = [item for item in panel.findChildren(QPushButton) if item.text() == text]  # type: ignore[attr-defined]  # a widget
    return found


def _same_on_both(anna: Workplace, sina: Workplace) -> None:
    """What Sina holds of Anna's case files is what Anna holds."""
    for row in sina.session.store.queries.case_page(None, 100).rows:
        assert row.id is not None
        theirs = sina.session.store.queries.record("CaseFile", row.id)
        mine = anna.session.store.queries.record("CaseFile", row.id)
        assert mine is not None
        assert theirs is not None
        assert mine.values.get("concern") == theirs.values.get("concern")
