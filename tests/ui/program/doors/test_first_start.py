"""The first start: setting up a district, and joining it, by the real windows and a real relay."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from app.settings import Settings, settings_path
from sync.district.safe_key import make_safe_key
from sync.relay.server import RelayServer
from sync.system import SystemClock, SystemEntropy
from sync.workplace import Workplace
from tests.support.forks import ForkedRelay
from tests.support.keys import CHEAP
from tests.support.screen import assert_named, settle, wait_for
from ui.bootstrap import Doors
from ui.dialogs.admit import AdmitDialog
from ui.dialogs.invite import InviteDialog
from ui.dialogs.join import JoinDialog
from ui.dialogs.passphrase_fields import PassphraseFields
from ui.dialogs.pdf_dialog import PdfDialog
from ui.dialogs.set_up import SetUpDialog
from ui.pages.members import MembersPage
from ui.tasks import Lanes
from ui.windows.door_dialogs import DoorDialogs
from ui.windows.door_window import DoorWindow
from ui.windows.first_start_panel import FirstStartPanel
from ui.windows.waiting_panel import WaitingPanel
from ui.work import Work


@pytest.fixture(autouse=True)
def settings() -> Iterator[None]:
    Settings(language="en").save()
    yield
    settings_path().unlink(missing_ok=True)


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[RelayServer]:
    (tmp_path / "relay").mkdir()
    server = ForkedRelay(tmp_path / "relay" / "relay.sqlite")
    server.start()
    yield server
    server.stop()


def door_of(home: Path, lanes: Lanes, qtbot: QtBot) -> DoorWindow:
    doors = Doors(home, SystemClock(), SystemEntropy(), CHEAP)
    window = DoorWindow(lanes, lambda: doors)
    qtbot.addWidget(window)
    window.show()
    window.begin()
    settle(lanes)
    return window


def choose_passphrase(fields: PassphraseFields) -> None:
    fields.offer()
    wait_for(lambda: fields.accepted)


def type_into(field: QLineEdit, text: str) -> None:
    field.setFocus()
    QTest.keyClicks(field, text)


def set_up(window: DoorWindow, lanes: Lanes, relay: str) -> Workplace:
    panel = window.panels.currentWidget()
    assert isinstance(panel, FirstStartPanel)
    assert_named(window)
    opened: list[Workplace] = []
    window.opened.connect(opened.append)
    panel.set_up_requested.emit()
    settle(lanes)
    (dialog,) = window.findChildren(SetUpDialog)
    page = dialog.district
    assert_named(dialog)
    for field, text in ((page.name, "Kreis Musterland"), (page.code, "mus"), (page.employer, "Kreis")):
        type_into(field, text)
    assert not page.isComplete()
    type_into(page.me, "Sina Vogt")
    type_into(page.relay, relay)
    assert page.isComplete()
    dialog.next()
    choose_passphrase(dialog.passphrase.fields)
    assert_named(dialog)
    dialog.next()
    wait_for(lambda: dialog.currentPage() is dialog.recovery)
    assert not dialog.recovery.isComplete()
    assert_named(dialog)
    dialog.recovery.kept.set_checked(True)
    dialog.next()
    assert not dialog.safe.isComplete()
    assert_named(dialog)
    dialog.safe.kept.set_checked(True)
    dialog.accept()
    (place,) = opened
    return place


def test_weak_passphrases_are_told_why_and_unlike_ones_refused(
    tmp_path: Path, lanes: Lanes, qtbot: QtBot
) -> None:
    fields = PassphraseFields(Doors(tmp_path, SystemClock(), SystemEntropy(), CHEAP), lanes)
    qtbot.addWidget(fields)
    fields.use_district_words("Kreis Musterland")
    fields.first.setText("short")
    wait_for(lambda: fields.feedback)
    first = fields.feedback.splitlines()[0]
    assert first == "It needs 15 characters or more; a sentence of six words is easy to keep."
    choose_passphrase(fields)
    assert fields.feedback == "That is a good passphrase."
    fields.second.setText("something else")
    wait_for(lambda: fields.feedback == "The two are not alike yet.")
    assert not fields.accepted


def test_a_district_is_set_up_without_network_and_opens_at_once(
    tmp_path: Path, lanes: Lanes, qtbot: QtBot
) -> None:
    window = door_of(tmp_path / "home", lanes, qtbot)
    place = set_up(window, lanes, "http://127.0.0.1:9")
    assert (place.roster.code, place.roster.name, place.is_keeper) == ("MUS", "Kreis Musterland", True)
    place.close()


def test_the_recovery_sheet_shows_as_the_pdf_that_is_printed(
    tmp_path: Path, lanes: Lanes, qtbot: QtBot
) -> None:
    window = door_of(tmp_path / "home", lanes, qtbot)
    doors = Doors(tmp_path / "home", SystemClock(), SystemEntropy(), CHEAP)
    dialogs = DoorDialogs(doors, lanes, window)
    dialogs.print_sheet("AAAA1-BBBB2-CCCC3-DDDD4-EEEE5-FFFF6-GGGG7-HHHH8", window)
    settle(lanes)
    dialogs.print_safe_sheet(make_safe_key(SystemEntropy()).text, "Musterland", window)
    settle(lanes)
    for dialog in window.findChildren(PdfDialog):
        assert dialog.preview.pages.pageCount() == 1
        assert_named(dialog)
        dialog.accept()
    assert len(window.findChildren(PdfDialog)) == 2


def invite(page: MembersPage, lanes: Lanes, name: str) -> None:
    page.invite()
    (ask,) = page.findChildren(InviteDialog)
    assert_named(ask)
    ask.form.name.setText(name)
    ask.accept()
    settle(lanes)


def admit(page: MembersPage, lanes: Lanes, words: str) -> None:
    page.look()
    settle(lanes)
    assert page.applicants.count() == 1
    assert_named(page)
    page.admit()
    (dialog,) = page.findChildren(AdmitDialog)
    assert dialog.fingerprint == words
    assert not dialog.admit_button.isEnabled()
    dialog.same.set_checked(True)
    dialog.admit_button.click()
    settle(lanes)


def test_a_newcomer_is_invited_compared_and_admitted(
    tmp_path: Path,
    lanes: Lanes,
    qtbot: QtBot,
    relay: RelayServer,
    qapp: QApplication,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keeper = Work(set_up(door_of(tmp_path / "sina", lanes, qtbot), lanes, relay.url), lanes, qapp, 5)
    page = MembersPage(keeper.context)
    qtbot.addWidget(page)
    page.show()
    settle(lanes)
    invitation = tmp_path / "anna.invitation"
    monkeypatch.setattr("ui.pages.members.QFileDialog.getSaveFileName", lambda *_a: (str(invitation), ""))
    invite(page, lanes, "Anna Berg")

    window = door_of(tmp_path / "anna", lanes, qtbot)
    opened: list[Workplace] = []
    window.opened.connect(opened.append)
    waiting = join(window, lanes, invitation)
    waiting.look()
    settle(lanes)
    assert waiting.notice.text == "Not yet. This window looks again by itself every 20 seconds."
    admit(page, lanes, waiting.fingerprint)
    assert page.notice.text == "Anna Berg was admitted."
    waiting.look()
    settle(lanes)
    (place,) = opened
    assert [member.name for member in place.roster.members] == ["Sina Vogt", "Anna Berg"]
    place.close()
    left: list[bool] = []
    keeper.leave(lambda: left.append(True))
    wait_for(lambda: left)


def join(window: DoorWindow, lanes: Lanes, invitation: Path) -> WaitingPanel:
    panel = window.panels.currentWidget()
    assert isinstance(panel, FirstStartPanel)
    panel.join_requested.emit()
    settle(lanes)
    (dialog,) = window.findChildren(JoinDialog)
    assert_named(dialog)
    dialog.file.path.setText(str(invitation.with_name("nothing")))
    settle(lanes)
    assert dialog.file.notice.text == "There is no invitation file of that name."
    dialog.file.path.setText(str(invitation))
    wait_for(dialog.file.isComplete)
    dialog.next()
    choose_passphrase(dialog.passphrase.fields)
    dialog.next()
    wait_for(lambda: dialog.currentPage() is dialog.recovery)
    dialog.recovery.kept.set_checked(True)
    dialog.accept()
    settle(lanes)
    waiting = window.panels.currentWidget()
    assert isinstance(waiting, WaitingPanel)
    assert len(waiting.fingerprint.split()) == 6
    assert_named(window)
    return waiting
