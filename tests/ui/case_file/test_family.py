"""Deleting, putting together, taking apart and leaving, through the windows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from app.domain.declarations import PERSON
from app.domain.records import Record, new_record
from app.services import case_splitting, cases
from app.services.ports import Session
from sync import compose
from sync.compose import DistrictSetUp
from sync.workplace import Workplace
from tests.support.case_pages import entries, matters, open_page, overview
from tests.support.desktop import open_case
from tests.support.district import CHEAP, PASSPHRASE
from tests.support.ports import SeededEntropy, SteeredClock
from tests.support.screen import assert_named, settle, shoot
from ui.context import Changes, Navigation, ScreenContext
from ui.dialogs.deleted_entries import DeletedEntriesDialog
from ui.dialogs.persons_leave import PersonsLeaveDialog
from ui.dialogs.reason import ReasonDialog
from ui.dialogs.same_family import SameFamilyDialog
from ui.pages.case_file import CaseFilePage
from ui.pages.case_sections.banner_list import Matter
from ui.pages.case_sections.history import HistorySection
from ui.tasks import Lanes

PICTURES = Path("build/screens")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Workplace]:
    """A district of one, without a relay."""
    setup = DistrictSetUp("Musterkreis", "MUS", "kreis", "Sina Vogt", "")
    made, _key = compose.set_up_district(
        tmp_path / "home", PASSPHRASE, setup, clock=SteeredClock(), entropy=SeededEntropy(1), cost=CHEAP
    )
    yield made
    made.close()


@pytest.fixture
def screen(place: Workplace, screen_lanes: Lanes) -> ScreenContext:
    return ScreenContext(place, screen_lanes, Changes(), Navigation())


def household(session: Session, *labels: str) -> Record:
    case = open_case(session, concern="Wohnung")
    for label in labels:
        cases.save_record(session, None, new_record(PERSON, case.id, label=label))
    return case


def left_by_one(session: Session) -> Record:
    """A case file of two persons, of whom the second has left."""
    case = household(session, "Person 1", "Person 2")
    assert case.id is not None
    leaving = session.store.queries.records("Person", case.id)[1]
    assert leaving.id is not None
    case_splitting.split_case_file(session, case.id, [leaving.id], {}, "For protection")
    return case


def dialog_of(page: CaseFilePage, kind: type[QDialog]) -> QDialog:
    found = [item for item in page.findChildren(QDialog) if type(item) is kind and item.isVisible()]
    return found[0]


def give_reason(page: CaseFilePage, screen: ScreenContext, reason: str) -> None:
    dialog = dialog_of(page, ReasonDialog)
    assert isinstance(dialog, ReasonDialog)
    dialog.reason.setText(reason)
    dialog.go_on.click()
    settle(screen.lanes)


def test_an_entry_is_deleted_with_a_reason_and_brought_back(qtbot: QtBot, screen: ScreenContext) -> None:
    page = open_page(qtbot, screen, household(screen.session, "Person 1"))
    section = entries(page, "Person")
    settle(screen.lanes)
    section.delete_button.click()
    give_reason(page, screen, "Entered twice")
    assert section.table.rowCount() == 0
    assert page.header.deleted_action.text() == "Deleted entries (1) …"
    page.header.deleted_action.trigger()
    dialog = dialog_of(page, DeletedEntriesDialog)
    assert isinstance(dialog, DeletedEntriesDialog)
    assert dialog.list.item(0).text() == "Person: Person 1 – Entered twice"
    assert_named(dialog)
    dialog.back_button.click()
    settle(screen.lanes)
    assert section.table.rowCount() == 1
    assert not page.header.deleted_action.isEnabled()


def test_what_stays_for_good_has_no_way_to_be_deleted(qtbot: QtBot, screen: ScreenContext) -> None:
    page = open_page(qtbot, screen, household(screen.session))
    assert not entries(page, "Contact").delete_button.isVisible()


def test_two_case_files_are_put_together_and_taken_apart(qtbot: QtBot, screen: ScreenContext) -> None:
    session = screen.session
    one, other = household(session, "Person A"), household(session, "Person B")
    page = open_page(qtbot, screen, one)
    page.header.merge_requested.emit()
    dialog = dialog_of(page, SameFamilyDialog)
    assert isinstance(dialog, SameFamilyDialog)
    assert_named(dialog)
    assert not dialog.merge_button.isEnabled()
    dialog.number.setText(other.text("number"))
    dialog.look_up()
    settle(screen.lanes)
    number, into = one.text("number"), other.text("number")
    assert dialog.readers.text() == (
        f"{number} is then read under {into}.\nNobody will read more than before."
    )
    dialog.reason.setText("The client agreed to it")
    dialog.merge_button.click()
    settle(screen.lanes)
    assert page.data is not None
    assert page.data.record.id == other.id
    assert Matter.MERGED in matters(page)
    assert overview(page).editor.form.base.id == other.id
    assert entries(page, "Person").title == "Household (2)"
    page.banners.action_requested.emit(Matter.MERGED)
    give_reason(page, screen, "They are two families after all")
    assert Matter.MERGED not in matters(page)
    assert entries(page, "Person").title == "Household (1)"


def test_a_number_that_is_not_here_is_said(qtbot: QtBot, screen: ScreenContext) -> None:
    one = household(screen.session)
    page = open_page(qtbot, screen, one)
    page.header.merge_requested.emit()
    dialog = dialog_of(page, SameFamilyDialog)
    assert isinstance(dialog, SameFamilyDialog)
    dialog.number.setText(one.text("number"))
    dialog.look_up()
    settle(screen.lanes)
    assert dialog.notice.text.startswith("What you asked for is not on this computer.")
    assert not dialog.merge_button.isEnabled()


def test_safety_rules_of_both_families_stand_first(qtbot: QtBot, screen: ScreenContext) -> None:
    session = screen.session
    one, other = open_case(session, contact_rule="never"), open_case(session, paper_home="none")
    assert one.id is not None
    assert other.id is not None
    joined = screen.workplace.joined_files
    joined.merge(joined.plan(one.id, other.id), "agreed")
    page = open_page(qtbot, screen, other)
    assert matters(page)[:3] == [Matter.SAFETY, Matter.SAFETY, Matter.MERGED]


def test_a_person_leaves_into_a_case_file_of_their_own(qtbot: QtBot, screen: ScreenContext) -> None:
    page = open_page(qtbot, screen, household(screen.session, "Person 1", "Person 2"))
    opened: list[object] = []
    screen.navigation.case_requested.connect(opened.append)
    page.header.split_action.trigger()
    dialog = dialog_of(page, PersonsLeaveDialog)
    assert isinstance(dialog, PersonsLeaveDialog)
    assert_named(dialog)
    boxes = list(dialog.boxes.values())
    dialog.reason.setText("For protection")
    for box in boxes:
        box.click()
    assert not dialog.leave_button.isEnabled()
    boxes[0].click()
    settle(screen.lanes)
    assert dialog.along.text() == "0 entries about them alone go along."
    dialog.leave_button.click()
    settle(screen.lanes)
    assert entries(page, "Person").title == "Household (1)"
    assert len(opened) == 1
    queries = screen.session.store.queries
    assert queries.case_count() == 2


def test_persons_who_left_are_brought_back(qtbot: QtBot, screen: ScreenContext) -> None:
    page = open_page(qtbot, screen, left_by_one(screen.session))
    splits = entries(page, "CaseSplit")
    page.go_to(page.sections.index(splits))
    settle(screen.lanes)
    assert splits.act_button is not None
    assert splits.act_button.isEnabled()
    splits.act_button.click()
    dialog = dialog_of(page, ReasonDialog)
    assert isinstance(dialog, ReasonDialog)
    assert_named(dialog)
    shoot(page, PICTURES / "case_split.png")
    dialog.reason.setText("They live together again")
    dialog.go_on.click()
    settle(screen.lanes)
    assert entries(page, "Person").title == "Household (2)"
    assert not splits.act_button.isEnabled(), "they are back"
    splits.table.choose(splits._entries()[1].id)
    splits.show_record(splits._entries()[1])
    assert not splits.act_button.isEnabled(), "what was undone is not undone twice"


def test_the_history_tells_that_somebody_left_and_not_where_to(qtbot: QtBot, screen: ScreenContext) -> None:
    page = open_page(qtbot, screen, left_by_one(screen.session))
    history = next(item for item in page.sections if isinstance(item, HistorySection))
    page.go_to(page.sections.index(history))
    settle(screen.lanes)
    rows = range(history.table.rowCount())
    cells = [[history.table.item(row, column) for column in (2, 3)] for row in rows]
    texts = [[cell.text() for cell in row if cell is not None] for row in cells]
    assert ["Person: Belongs to", "Left for another case file"] in texts
    assert [text for text in texts if "Person 2" in text[1]] == []
