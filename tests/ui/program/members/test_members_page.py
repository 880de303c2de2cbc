"""The members page and the page of what was set aside, over real workplaces and a real relay."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QTableWidget, QWidget
from pytestqt.qtbot import QtBot

from app.domain.audience import Member, Role
from app.domain.dots import Dot
from sync import compose
from sync.compose import DistrictSetUp
from sync.district.safe_key import check_words, read_safe_key
from sync.relay.server import RelayServer
from sync.roster import encode_roster, sign_roster, successor
from sync.workplace import Workplace
from tests.support.district import CHEAP, PASSPHRASE, District, case_file, edit_case, open_case, start_relay
from tests.support.keeper_district import leave, offline, with_two_keepers
from tests.support.parcels import hand_over, sealed_items
from tests.support.screen import assert_named, settle, shoot
from ui.context import Changes, Navigation, ScreenContext
from ui.dialogs.admit import AdmitDialog
from ui.dialogs.held_files import HeldFilesDialog
from ui.dialogs.member_change import MemberChangeDialog
from ui.dialogs.move import MoveDialog
from ui.dialogs.reason import ReasonDialog
from ui.dialogs.relay_address import RelayAddressDialog
from ui.dialogs.roster_step import RosterStepDialog
from ui.dialogs.safe_key import SafeKeyDialog
from ui.pages.member_parts.roster_text import SENTENCES
from ui.pages.members import MembersPage
from ui.pages.parcels import ParcelsPage
from ui.pages.roster_panel import RosterPanel
from ui.tasks import Lanes

PICTURES = Path("build/screens")


@pytest.fixture(scope="session")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RelayServer]:
    made = start_relay(tmp_path_factory.mktemp("members") / "relay")
    yield made
    made.stop()


@pytest.fixture
def keepers(tmp_path: Path, relay: RelayServer) -> Iterator[District]:
    """Sina and Ruth are keepers, Anna a case manager."""
    with District.found(tmp_path / "district", str(tmp_path), relay=relay) as founded:
        yield with_two_keepers(founded)


def context_of(place: Workplace, lanes: Lanes) -> ScreenContext:
    return ScreenContext(place, lanes, Changes(), Navigation())


def shown(widget: QWidget, lanes: Lanes, qtbot: QtBot) -> None:
    qtbot.addWidget(widget)
    widget.resize(1000, 700)
    widget.show()
    settle(lanes)


def page_of(district: District, name: str, lanes: Lanes, qtbot: QtBot) -> MembersPage:
    page = MembersPage(context_of(district[name], lanes))
    shown(page, lanes, qtbot)
    return page


def only(kind: type[QDialog], parent: QWidget) -> QDialog:
    (dialog,) = (item for item in parent.findChildren(kind) if item.isVisible())
    assert_named(dialog)
    return dialog


def choose_computer(page: MembersPage, index: int) -> None:
    page.tabs.setCurrentWidget(page.computers)
    page.computers.table.selectRow(index)


def cell(table: QTableWidget, row: int, column: int) -> str:
    item = table.item(row, column)
    assert item is not None
    return item.text()


def news(page: MembersPage) -> list[str]:
    return [page.news.list.item(row).text() for row in range(page.news.list.count())]


def test_everybody_reads_the_list_and_its_changes_and_only_keepers_change_it(
    keepers: District, lanes: Lanes, qtbot: QtBot
) -> None:
    page = page_of(keepers, "anna", lanes, qtbot)
    assert page.table.rowCount() == 3
    assert page.tabs.count() == 3
    assert not page.computers.suspend_button.isVisibleTo(page)
    assert "ruth is a keeper now. Signed by Sina Vogt." in news(page)[0]
    for part in range(page.tabs.count()):
        page.tabs.setCurrentIndex(part)
        assert_named(page)


def test_a_keeper_suspends_a_lost_computer_and_sees_which_case_files_it_held(
    keepers: District, lanes: Lanes, qtbot: QtBot, qapp: QApplication
) -> None:
    case = open_case(keepers["anna"])
    keepers.round("anna", "sina")
    page = page_of(keepers, "sina", lanes, qtbot)
    choose_computer(page, 2)
    page.computers.suspend()
    dialog = only(RosterStepDialog, page)
    dialog.accept()
    settle(lanes, rounds=6)
    held = only(HeldFilesDialog, page)
    assert isinstance(held, HeldFilesDialog)
    number = case_file(keepers["sina"], case).text("number")
    assert f"{number}  (written there)" in held.list.toPlainText()
    shoot(held, PICTURES / "held_files.png")
    held.accept()
    assert cell(page.computers.table, 2, 2) == "suspended"
    assert "Computer 2 of anna was suspended." in news(page)[0]
    shoot(page, PICTURES / "computers.png")
    panel = RosterPanel(context_of(keepers["anna"], lanes))
    with pytest.raises(Exception, match="device_suspended"):
        keepers.round("anna")
    shown(panel, lanes, qtbot)
    panel.refresh()
    settle(lanes)
    assert panel.text.text().startswith("This computer is suspended: it takes no part in syncing.")


def test_a_change_is_proposed_by_one_keeper_and_signed_by_the_other(
    keepers: District, lanes: Lanes, qtbot: QtBot
) -> None:
    page = page_of(keepers, "sina", lanes, qtbot)
    shoot(page, PICTURES / "members.png")
    page.table.selectRow(2)
    page.change()
    dialog = only(MemberChangeDialog, page)
    assert isinstance(dialog, MemberChangeDialog)
    assert not dialog.change_button.isEnabled()
    dialog.form.cleared.set_checked(True)
    shoot(dialog, PICTURES / "member_change.png")
    dialog.change_button.click()
    settle(lanes, rounds=6)
    assert page.notice.text.startswith("Proposed. It counts as soon as a second keeper has signed it")
    keepers.round("sina", "ruth")
    other = page_of(keepers, "ruth", lanes, qtbot)
    other.tabs.setCurrentWidget(other.proposals)
    told = other.proposals.list.item(0).text()
    assert told == "Sina Vogt proposes: anna may read sensitive entries now. (1 of 2 signatures)"
    assert not other.proposals.withdraw_button.isEnabled()
    assert_named(other)
    other.proposals.sign()
    sign = only(RosterStepDialog, other)
    shoot(other, PICTURES / "proposals.png")
    shoot(sign, PICTURES / "sign.png")
    sign.accept()
    settle(lanes, rounds=6)
    assert "anna may read sensitive entries now. Signed by Sina Vogt, ruth." in news(other)[0]
    other.tabs.setCurrentWidget(other.news)
    shoot(other, PICTURES / "what_changed.png")


def test_a_new_key_for_the_safe_is_shown_once_and_the_old_one_signs_for_it(
    keepers: District, lanes: Lanes, qtbot: QtBot
) -> None:
    page = page_of(keepers, "sina", lanes, qtbot)
    page.new_safe_key()
    dialog = only(RosterStepDialog, page)
    assert isinstance(dialog, RosterStepDialog)
    dialog.key.setText("AAAA")
    dialog.accept()
    settle(lanes)
    assert "too short or too long" in page.notice.text or "characters" in page.notice.text
    page.new_safe_key()
    dialog = only(RosterStepDialog, page)
    assert isinstance(dialog, RosterStepDialog)
    dialog.key.setText(offline(keepers))
    dialog.accept()
    settle(lanes, rounds=6)
    made = only(SafeKeyDialog, page)
    assert isinstance(made, SafeKeyDialog)
    words = check_words(read_safe_key(made.key).public)
    assert page.state.text().endswith(f"The key in the safe has the check words {words}."), (
        "the new one counts"
    )
    shoot(made, PICTURES / "safe_key.png")
    QTest.keyClick(made, Qt.Key.Key_Escape)
    assert made.isVisible(), "a key that is never shown again does not go by one Escape"
    assert "never shown again" in made.notice.text
    QTest.keyClick(made, Qt.Key.Key_Return)
    settle(lanes)
    assert made.isVisible()
    assert "The key in the safe was replaced; the old one no longer counts." in news(page)[0]


def test_what_was_set_aside_is_told_in_words_read_again_and_released(
    keepers: District, lanes: Lanes, qtbot: QtBot
) -> None:
    sina, anna = keepers["sina"], keepers["anna"]
    case = open_case(anna, "vorher")
    items = sealed_items(anna, sina)
    hand_over(sina, items)
    sina.keepers.suspend(2)
    edit_case(anna, case, concern="nachher")
    hand_over(sina, [item for item in sealed_items(anna, sina) if item not in items])
    page = ParcelsPage(context_of(sina, lanes))
    shown(page, lanes, qtbot)
    assert_named(page)
    assert [cell(page.table, 0, column) for column in range(3)] == ["Parcel of entries", "refused", "anna"]
    assert page.what.text() == "A parcel that arrived comes from a computer that is suspended or revoked."
    shoot(page, PICTURES / "parcels.png")
    page.read_again()
    settle(lanes)
    assert page.notice.text == "0 parcels could be taken now."
    page.release()
    dialog = only(ReasonDialog, page)
    assert isinstance(dialog, ReasonDialog)
    dialog.reason.setText("Der Laptop lag im Büro")
    dialog.go_on.click()
    settle(lanes, rounds=6)
    assert page.notice.text == "1 parcel could be taken now."
    assert page.table.rowCount() == 0
    assert case_file(sina, case).text("concern") == "nachher"


def test_a_member_gets_another_computer(
    keepers: District, lanes: Lanes, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = page_of(keepers, "sina", lanes, qtbot)
    assert not page.next_button.isEnabled()
    page.table.selectRow(2)
    invitation, home = tmp_path / "second.invitation", tmp_path / "second"
    choose_files(monkeypatch, "ui.pages.members", opening=invitation, saving=invitation)
    page.next_button.click()
    settle(lanes)
    person = keepers.people["anna"]
    words, _ = compose.apply_with_invitation(
        home, PASSPHRASE, invitation.read_bytes(), clock=person.clock, entropy=person.entropy, cost=CHEAP
    )
    page.look()
    settle(lanes)
    page.admit()
    compare = only(AdmitDialog, page)
    assert isinstance(compare, AdmitDialog)
    assert compare.fingerprint == words
    compare.accept()
    settle(lanes, rounds=6)
    page.tabs.setCurrentWidget(page.computers)
    assert [cell(page.computers.table, row, 0) for row in (2, 3)] == ["anna", "anna"]


def test_a_computer_that_nobody_hears_of_or_whose_owner_left_is_named(
    keepers: District, lanes: Lanes, qtbot: QtBot
) -> None:
    open_case(keepers["ruth"])
    keepers.round("ruth", "sina")
    page = page_of(keepers, "sina", lanes, qtbot)
    assert not page.computers.warning.isVisibleTo(page.computers)
    leave(keepers, "anna", offline(keepers))
    page.refresh()
    settle(lanes)
    assert (
        "Has left the district, but the computer is still in use: anna (2)." in page.computers.warning.text()
    )
    page.tabs.setCurrentWidget(page.computers)
    shoot(page, PICTURES / "computer_of_who_left.png")
    keepers["sina"].keepers.suspend(2)
    keepers.people["sina"].clock.move(days=31)
    page.refresh()
    settle(lanes)
    assert page.computers.warning.text() == (
        "Not heard of for 30 days: ruth. Ask whether the computer is still in use."
    )


def test_two_lists_in_dispute_are_told_and_one_is_kept_with_the_key_from_the_safe(
    keepers: District, lanes: Lanes, qtbot: QtBot
) -> None:
    sina, ruth = keepers["sina"], keepers["ruth"]
    sina.keepers.suspend(2)
    before = ruth.roster
    twin = successor(before, members=(*before.members, Member(90, "Mallory", "kreis", Role.CASE_MANAGER)))
    sina._rosters().take([encode_roster(sign_roster(twin, 1, ruth._engine.sign))])
    page = page_of(keepers, "sina", lanes, qtbot)
    page.tabs.setCurrentWidget(page.news)
    told = [page.news.disputed.item(row).text() for row in range(page.news.disputed.count())]
    assert sum("Mallory belongs to the district now" in text for text in told) == 1
    assert_named(page)
    shoot(page, PICTURES / "dispute.png")
    page.news.disputed.setCurrentRow(next(at for at, text in enumerate(told) if "Mallory" not in text))
    page.news.keep()
    dialog = only(RosterStepDialog, page)
    assert isinstance(dialog, RosterStepDialog)
    dialog.key.setText(offline(keepers))
    dialog.accept()
    settle(lanes, rounds=6)
    assert not page.news.disputed.isVisibleTo(page)
    assert "The dispute between two lists of members is ended." in news(page)[0]


def test_a_district_that_was_set_up_without_a_relay_names_one_later(
    keepers: District, lanes: Lanes, qtbot: QtBot, relay: RelayServer
) -> None:
    alone(keepers)
    page = page_of(keepers, "otto", lanes, qtbot)
    page.name_relay()
    dialog = only(RelayAddressDialog, page)
    assert isinstance(dialog, RelayAddressDialog)
    dialog.address.setText("ftp:/x")
    assert not dialog.go_on.isEnabled()
    dialog.address.setText(relay.url)
    dialog.accept()
    settle(lanes, rounds=6)
    assert keepers.round("otto").requests == 1


def alone(keepers: District) -> Dot:
    """Otto sets a district up without a relay and begins a case file in it."""
    person = keepers._person("otto")
    setup = DistrictSetUp("Allein", "ALL", "kreis", "Otto", "")
    person.place, _ = compose.set_up_district(
        person.home, PASSPHRASE, setup, clock=person.clock, entropy=person.entropy, cost=CHEAP
    )
    return open_case(person.place, "allein begonnen")


def apply_by_file(page: MembersPage, lanes: Lanes) -> MoveDialog:
    page.move_button.click()
    settle(lanes)
    dialog = only(MoveDialog, page)
    assert isinstance(dialog, MoveDialog)
    dialog.by_file.click()
    settle(lanes)
    assert len(dialog.words.text().split()) == 6
    assert_named(dialog)
    shoot(dialog, PICTURES / "move.png")
    dialog.save_button.click()
    settle(lanes)
    return dialog


def admit_by_file(page: MembersPage, lanes: Lanes, words: str) -> None:
    assert not page.move_button.isVisibleTo(page)
    page.from_file_button.click()
    settle(lanes)
    compare = only(AdmitDialog, page)
    assert isinstance(compare, AdmitDialog)
    assert compare.fingerprint == words
    compare.accept()
    settle(lanes, rounds=6)
    page.admission_button.click()
    settle(lanes)


def test_a_computer_that_worked_alone_joins_by_files_through_the_windows(
    keepers: District, lanes: Lanes, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, sina = alone(keepers), keepers["sina"]
    invitation, application, admission = (tmp_path / name for name in ("i", "application", "admission"))
    otto = Member(0, "Otto", "kreis", Role.CASE_MANAGER, supervisor=keepers.member("sina"))
    invitation.write_bytes(sina.invite(otto, by_file=True))
    lone = page_of(keepers, "otto", lanes, qtbot)
    choose_files(monkeypatch, "ui.dialogs.move", opening=invitation, saving=application)
    dialog = apply_by_file(lone, lanes)
    choose_files(monkeypatch, "ui.pages.members", opening=application, saving=admission)
    admit_by_file(page_of(keepers, "sina", lanes, qtbot), lanes, dialog.words.text())
    choose_files(monkeypatch, "ui.dialogs.move", opening=admission, saving=application)
    asked: list[bool] = []
    lone._context.navigation.lock_requested.connect(lambda: asked.append(True))
    dialog.open_button.click()
    settle(lanes)
    assert asked == [True]
    keepers.people["otto"].lock()
    keepers.round("otto", "sina")
    assert case_file(sina, case).text("concern") == "allein begonnen"


def choose_files(monkeypatch: pytest.MonkeyPatch, module: str, *, opening: Path, saving: Path) -> None:
    monkeypatch.setattr(f"{module}.QFileDialog.getOpenFileName", lambda *_a: (str(opening), ""))
    monkeypatch.setattr(f"{module}.QFileDialog.getSaveFileName", lambda *_a: (str(saving), ""))


def test_every_change_of_the_roster_has_its_sentence() -> None:
    source = Path("sync/district/roster_words.py").read_text()
    kinds = {kind for kind in SENTENCES if f'"{kind}"' in source}
    assert kinds == set(SENTENCES)
