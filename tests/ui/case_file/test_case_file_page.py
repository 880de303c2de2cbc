"""The page of a case file over real stores: sections, saving, drafts, what moved meanwhile."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.domain.declarations import CONSENT, PERSON, REGISTRY
from app.domain.dots import Dot
from app.domain.records import new_record
from app.services import cases
from app.services.ports import Session
from app.storage.store import SqlStore
from tests.support.case_pages import entries, matters, open_page, overview, type_text
from tests.support.desktop import carry, open_case, press, stored
from tests.support.referral import declare_referral
from tests.support.screen import assert_large_enough, assert_named, settle, wait_for
from ui.context import ScreenContext
from ui.pages.case_file import CaseFilePage
from ui.pages.case_sections import record_editor
from ui.pages.case_sections.banner_list import Matter


@pytest.fixture
def referral() -> Iterator[None]:
    declare_referral()
    yield
    REGISTRY.withdraw("Referral")


def test_page_shows_a_section_for_every_type_of_a_case(
    qtbot: QtBot, annas_screen: ScreenContext, anna: Session, referral: None
) -> None:
    page = open_page(qtbot, annas_screen, open_case(anna))
    assert [section.title for section in page.sections] == [
        "Overview",
        "Household",
        "Contacts",
        "Legal circles and benefits",
        "Consents (2)",
        "Withdrawals",
        "Stand-ins",
        "Handovers",
        "Attachments",
        "Case splits",
        "Referrals",
        "History",
    ]


def test_every_widget_is_named_and_large_enough(
    qtbot: QtBot, annas_screen: ScreenContext, anna: Session
) -> None:
    base = open_case(anna)
    cases.save_record(anna, None, new_record(PERSON, base.id, label="Person 1"))
    page = open_page(qtbot, annas_screen, base)
    for place in range(len(page.sections)):
        page.go_to(place)
        settle(annas_screen.lanes)
        assert_named(page)
        assert_large_enough(page)


def test_save_key_makes_a_change_and_undo_takes_it_back(
    qtbot: QtBot, annas_screen: ScreenContext, anna: Session
) -> None:
    base = open_case(anna)
    page = open_page(qtbot, annas_screen, base)
    type_text(overview(page), "municipality", "Attendorn")
    press(page, "Ctrl+S")
    settle(annas_screen.lanes)
    assert stored(anna, base).text("municipality") == "Attendorn"
    undo = overview(page).editor.undo
    assert undo.text() == "Undo: Opening"
    undo.click()
    settle(annas_screen.lanes)
    assert stored(anna, base).text("municipality") == "Olpe"
    assert overview(page).editor.form.edited().text("municipality") == "Olpe"


def test_leaving_the_section_makes_a_change(qtbot: QtBot, annas_screen: ScreenContext, anna: Session) -> None:
    base = open_case(anna)
    page = open_page(qtbot, annas_screen, base)
    type_text(overview(page), "municipality", "Attendorn")
    page.go_to(1)
    settle(annas_screen.lanes)
    assert stored(anna, base).text("municipality") == "Attendorn"


def test_typing_becomes_a_draft_that_comes_back_and_can_be_discarded(
    qtbot: QtBot, annas_screen: ScreenContext, anna: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record_editor, "DRAFT_MS", 30)
    base = open_case(anna)
    page = open_page(qtbot, annas_screen, base)
    type_text(overview(page), "municipality", "Atten")
    wait_for(lambda: anna.store.queries.draft(f"CaseFile/{base.id}"))
    assert stored(anna, base).text("municipality") == "Olpe"

    again = open_page(qtbot, annas_screen, base)
    editor = overview(again).editor
    assert editor.form.edited().text("municipality") == "Atten"
    assert editor.notice.text.startswith("Draft restored")
    editor.discard_button.click()
    settle(annas_screen.lanes)
    assert anna.store.queries.draft(f"CaseFile/{base.id}") is None
    assert editor.form.edited().text("municipality") == "Olpe"


def test_lock_keeps_typing_as_a_draft_and_saves_nothing(
    qtbot: QtBot, annas_screen: ScreenContext, anna: Session
) -> None:
    base = open_case(anna)
    page = open_page(qtbot, annas_screen, base)
    section = entries(page, "Contact")
    section.begin_entry()
    type_text(section, "minutes", "45")
    page.keep_drafts()
    settle(annas_screen.lanes)
    assert anna.store.queries.records("Contact", base.id) == ()
    draft = anna.store.queries.draft(f"Contact/new/{base.id}")
    assert draft is not None
    assert draft.values["minutes"] == 45


def test_draft_of_a_new_entry_is_shown_and_comes_back(
    qtbot: QtBot, annas_screen: ScreenContext, anna: Session
) -> None:
    base = open_case(anna)
    page = open_page(qtbot, annas_screen, base)
    section = entries(page, "Contact")
    section.begin_entry()
    type_text(section, "minutes", "45")
    page.keep_drafts()
    settle(annas_screen.lanes)
    again = open_page(qtbot, annas_screen, base)
    assert "Contacts, draft" in [item.title for item in again.sections]
    section = entries(again, "Contact")
    settle(annas_screen.lanes)
    assert section.editor.form.edited().number("minutes") == 45
    section.save()
    settle(annas_screen.lanes)
    assert [item.number("minutes") for item in anna.store.queries.records("Contact", base.id)] == [45]
    assert section.title == "Contacts (1)"


def test_leaving_the_page_makes_a_change_and_tells_the_list(
    qtbot: QtBot, annas_screen: ScreenContext, anna: Session
) -> None:
    base = open_case(anna)
    assert base.id is not None
    page = CaseFilePage(annas_screen, base.id)
    page.show()
    settle(annas_screen.lanes)
    told: list[object] = []
    annas_screen.changes.records_changed.connect(told.append)
    type_text(overview(page), "municipality", "Wenden")
    page.leave()
    page.deleteLater()
    settle(annas_screen.lanes)
    assert stored(anna, base).text("municipality") == "Wenden"
    assert told == [frozenset({("CaseFile", base.id, base.id)})]
    assert anna.store.queries.drafts() == ()


def test_leaving_the_page_keeps_what_cannot_be_saved_as_a_draft(
    qtbot: QtBot, annas_screen: ScreenContext, anna: Session
) -> None:
    base = open_case(anna)
    page = open_page(qtbot, annas_screen, base)
    type_text(overview(page), "opened_on", "31.2.26")
    page.leave()
    settle(annas_screen.lanes)
    draft = anna.store.queries.draft(f"CaseFile/{base.id}")
    assert draft is not None
    assert draft.values["opened_on"] == "31.2.26"
    again = open_page(qtbot, annas_screen, base)
    line = overview(again).editor.form.editor("opened_on").input
    assert isinstance(line, QLineEdit)
    assert line.text() == "31.2.26"


def test_draft_keeps_its_base_so_that_what_came_meanwhile_becomes_a_conflict(
    qtbot: QtBot,
    annas_screen: ScreenContext,
    anna: Session,
    ben: Session,
    annas_store: SqlStore,
    bens_store: SqlStore,
) -> None:
    base = open_case(anna, recognition_word="Ahorn")
    carry(annas_store, bens_store)
    page = open_page(qtbot, annas_screen, base)
    type_text(overview(page), "recognition_word", "Birke")
    page.keep_drafts()
    settle(annas_screen.lanes)
    cases.save_record(ben, base, stored(ben, base).edited(recognition_word="Linde"))
    carry(bens_store, annas_store)
    again = open_page(qtbot, annas_screen, base)
    overview(again).save()
    settle(annas_screen.lanes)
    assert stored(anna, base).conflicts == frozenset({"recognition"})
    assert "Recognition word" in overview(again).editor.notice.text
    assert matters(again) == [Matter.PROVISIONAL]


def test_change_from_outside_shows_at_once_and_spares_what_is_typed(
    qtbot: QtBot, annas_screen: ScreenContext, anna: Session
) -> None:
    base = open_case(anna)
    page = open_page(qtbot, annas_screen, base)
    type_text(overview(page), "recognition_word", "Ahorn")
    moved = cases.save_record(anna, base, base.edited(municipality="Wenden")).record
    annas_screen.changes.note_saved(moved)
    settle(annas_screen.lanes)
    edited = overview(page).editor.form.edited()
    assert (edited.text("municipality"), edited.text("recognition_word")) == ("Wenden", "Ahorn")


def test_new_entry_is_saved_and_the_next_one_is_not_written_over_it(
    qtbot: QtBot, annas_screen: ScreenContext, anna: Session
) -> None:
    base = open_case(anna)
    page = open_page(qtbot, annas_screen, base)
    section = entries(page, "Contact")
    for minutes in ("30", "45"):
        press(page, "Ctrl+Shift+N")
        settle(annas_screen.lanes)
        type_text(section, "minutes", minutes)
        section.save()
        settle(annas_screen.lanes)
    found = anna.store.queries.records("Contact", base.id)
    assert sorted(item.number("minutes") or 0 for item in found) == [30, 45]
    assert section.table.rowCount() == 2
    assert not section.editor.isVisible()


def test_new_person_gets_the_next_label_that_papers_print(
    qtbot: QtBot, annas_screen: ScreenContext, anna: Session
) -> None:
    base = open_case(anna)
    page = open_page(qtbot, annas_screen, base)
    section = entries(page, "Person")
    for _number in range(2):
        section.begin_entry()
        settle(annas_screen.lanes)
        section.save()
        settle(annas_screen.lanes)
    found = anna.store.queries.records("Person", base.id)
    assert [item.text("label") for item in found] == ["Person 1", "Person 2"]


def test_entry_made_once_is_only_read(qtbot: QtBot, annas_screen: ScreenContext, anna: Session) -> None:
    base = open_case(anna)
    page = open_page(qtbot, annas_screen, base)
    section = entries(page, "Consent")
    section.show_record(anna.store.queries.records(CONSENT.name, base.id)[0])
    assert section.view.isVisible()
    assert section.view.texts["given_on"] == "2 Nov 2026"
    assert not section.editor.isVisible()


def test_section_is_remembered_as_a_place(qtbot: QtBot, annas_screen: ScreenContext, anna: Session) -> None:
    base = open_case(anna)
    page = open_page(qtbot, annas_screen, base)
    press(page, "Ctrl+3")
    assert page.place() == "2"
    again = open_page(qtbot, annas_screen, base)
    again.return_to(page.place())
    assert again.section is again.sections[2]


def test_a_case_file_that_is_not_here_offers_nothing_to_type_into(
    qtbot: QtBot, annas_screen: ScreenContext, anna: Session
) -> None:
    page = CaseFilePage(annas_screen, Dot(7, 7, 7))
    qtbot.addWidget(page)
    assert not page.stack.isEnabled(), "not before it was read"
    page.show()
    settle(annas_screen.lanes)
    assert page.notice.text.splitlines()[0] == "What you asked for is not on this computer."
    assert [part.isVisible() for part in (page.header, page.list, page.stack)] == [False] * 3
    page.leave()
    page.keep_drafts()
    settle(annas_screen.lanes)
    assert anna.store.queries.drafts() == ()
