"""A case file that was handed over: readable, said so, and no longer written in."""

import os
from pathlib import Path

from pytestqt.qtbot import QtBot

from app.services import handovers
from app.services.handovers import Terms
from app.services.ports import Session
from app.storage.store import SqlStore
from tests.support.case_pages import entries, form_dialog, matters, open_page, overview, type_text
from tests.support.desktop import carry, open_case
from tests.support.ports import BEN
from tests.support.screen import assert_named, settle
from ui.context import ScreenContext
from ui.pages.case_sections.attachments import AttachmentsSection
from ui.pages.case_sections.banner_list import Matter


def handed_over(anna: Session, ben: Session, annas_store: SqlStore, bens_store: SqlStore) -> None:
    (row,) = anna.store.queries.case_page(None, 10).rows
    assert row.id is not None
    asked = handovers.ask(anna, row.id, Terms(BEN.id, "area", client_agreed=True)).record
    carry(annas_store, bens_store)
    handovers.accept(ben, asked)
    carry(bens_store, annas_store)


def test_the_giver_is_told_that_it_can_only_be_read(
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
    assert Matter.READ_ONLY in matters(page)
    type_text(overview(page), "municipality", "Brilon")
    overview(page).save()
    settle(annas_screen.lanes)
    told = overview(page).editor.notice.text.splitlines()[0]
    assert told == "This case file is not yours to write in or to give: another case manager has it."
    section = entries(page, "Handover")
    settle(annas_screen.lanes)
    assert section.title == "Handovers (2)"
    assert not section.add_button.isEnabled()
    assert not page.header.hand_over_action.isEnabled()
    (attached,) = [item for item in page.sections if isinstance(item, AttachmentsSection)]
    assert not attached.add_button.isEnabled()
    assert_named(page)
    if os.environ.get("KIM_PICTURES"):
        page.grab().save(str(Path(os.environ["KIM_PICTURES"]) / "handed-over.png"))


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
