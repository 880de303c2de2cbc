"""A case file that was handed over: readable, said so, and no longer written in."""

import os
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.declarations import CONTACT
from app.domain.records import new_record
from app.domain.stand_in import StandInTimeError
from app.services import cases, handovers
from app.services.first_talk import SHEET
from app.services.handovers import Terms
from app.services.ports import Draft, Session
from app.storage.store import SqlStore
from tests.support.case_pages import entries, form_dialog, matters, open_page, overview, type_text
from tests.support.desktop import carry, open_case, stored
from tests.support.ports import BEN
from tests.support.screen import assert_named, make_active, settle
from ui.context import ScreenContext
from ui.dialogs.form_dialog import FormDialog
from ui.pages.case_sections.attachments import AttachmentsSection
from ui.pages.case_sections.banner_list import Matter, banners
from ui.pages.case_sections.case_data import draft_key, read_case


def handed_over(anna: Session, ben: Session, annas_store: SqlStore, bens_store: SqlStore) -> None:
    (row,) = anna.store.queries.case_page(None, 10).rows
    assert row.id is not None
    asked = handovers.ask(anna, row.id, Terms(BEN.id, "area", client_agreed=True)).record
    carry(annas_store, bens_store)
    handovers.accept(ben, asked)
    carry(bens_store, annas_store)


def test_the_giver_reads_it_as_text_and_what_was_typed_before_is_kept(
    qtbot: QtBot,
    annas_screen: ScreenContext,
    anna: Session,
    ben: Session,
    annas_store: SqlStore,
    bens_store: SqlStore,
) -> None:
    record = open_case(anna)
    page = open_page(qtbot, annas_screen, record)
    make_active(page)
    type_text(overview(page), "municipality", "Brilon")
    handed_over(anna, ben, annas_store, bens_store)
    page.reload()
    settle(annas_screen.lanes)
    section = overview(page)
    assert Matter.READ_ONLY in matters(page)
    assert section.stack.currentWidget() is section.closed
    assert section.closed.view.texts["municipality"] == "Olpe"
    assert "Olpe" in section.closed.view.accessibleDescription()
    assert section.closed.view.hasFocus(), "the keyboard stays in what is read"
    assert section.closed.draft_text.text().endswith("Municipality: Brilon")
    page.section.save()
    page.leave()
    settle(annas_screen.lanes)
    assert stored(anna, record).text("municipality") == "Olpe"
    assert_named(page)


def test_a_draft_of_a_closed_case_file_is_copied_and_discarded(
    qtbot: QtBot,
    annas_screen: ScreenContext,
    anna: Session,
    ben: Session,
    annas_store: SqlStore,
    bens_store: SqlStore,
) -> None:
    record = open_case(anna)
    fresh = new_record(CONTACT, record.id, contact_note="Kommt am Freitag wieder")
    cases.keep_draft(anna, Draft(draft_key(fresh), new_record(CONTACT, record.id), dict(fresh.values)))
    handed_over(anna, ben, annas_store, bens_store)
    page = open_page(qtbot, annas_screen, record)
    section = entries(page, "Contact")
    settle(annas_screen.lanes)
    assert section.title == "Contacts, draft"
    assert not section.add_button.isEnabled()
    section.closed.copy_button.click()
    assert QApplication.clipboard().text() == "Note: Kommt am Freitag wieder"
    section.closed.discard_button.click()
    settle(annas_screen.lanes)
    assert not section.closed.draft_text.isVisible()
    assert anna.store.queries.drafts() == ()


def test_nothing_is_offered_that_is_refused_later(
    qtbot: QtBot,
    annas_screen: ScreenContext,
    anna: Session,
    ben: Session,
    annas_store: SqlStore,
    bens_store: SqlStore,
) -> None:
    record = open_case(anna)
    handed_over(anna, ben, annas_store, bens_store)
    page = open_page(qtbot, annas_screen, record)
    section = entries(page, "Handover")
    settle(annas_screen.lanes)
    assert section.title == "Handovers (2)"
    assert not section.add_button.isEnabled()
    header = page.header
    steps = (header.hand_over_action, header.merge_action, header.restrict_action, header.erase_action)
    assert [step.isEnabled() for step in (*steps, header.steps)] == [False] * 5
    (attached,) = [item for item in page.sections if isinstance(item, AttachmentsSection)]
    assert not attached.add_button.isEnabled()
    page.note_given(SHEET, "handed")
    assert not page.findChildren(FormDialog)


def test_a_stand_in_is_told_when_the_time_was_over(anna: Session) -> None:
    error = StandInTimeError(until="2026-10-31")
    record = open_case(anna)
    assert record.id is not None
    data = replace(read_case(anna, record.id), closed_by=error)
    (banner,) = [item for item in banners(data, anna.members) if item.matter is Matter.READ_ONLY]
    assert "ended on 31 Oct 2026" in banner.text
    early = replace(data, closed_by=StandInTimeError(until="2099-01-01"))
    (banner,) = [item for item in banners(early, anna.members) if item.matter is Matter.READ_ONLY]
    assert "has not begun" in banner.text


def test_handing_over_says_first_what_follows(
    qtbot: QtBot, annas_screen: ScreenContext, anna: Session
) -> None:
    page = open_page(qtbot, annas_screen, open_case(anna))
    page.hand_over()
    dialog = form_dialog(page)
    assert dialog.intro.text().startswith("Until they accept, the new case manager sees only the number")
    assert_named(dialog)
    if os.environ.get("KIM_PICTURES"):
        dialog.grab().save(str(Path(os.environ["KIM_PICTURES"]) / "hand-over-dialog.png"))
