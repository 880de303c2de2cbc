"""Gate, safety rule, phases, stand-ins, conflicts and history on the page of a case file."""

import cbor2
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit
from pytestqt.qtbot import QtBot

from app.domain.classes import RegisterClass
from app.domain.declarations import CONTACT
from app.domain.dots import Context, Dot
from app.domain.merge import Change
from app.domain.records import Record, new_record
from app.services import cases, stand_ins
from app.services.first_talk import AGREED, SHEET
from app.services.ports import Session
from app.storage.store import SqlStore
from tests.support.case_pages import entries, form_dialog, matters, open_page, overview
from tests.support.desktop import carry, open_case, press, stored, two_minds
from tests.support.ports import BEN, SINA, SteeredClock
from tests.support.screen import assert_large_enough, assert_named, settle
from ui.context import ScreenContext
from ui.dialogs.decision import DecisionDialog
from ui.dialogs.reason import ReasonDialog
from ui.pages.case_sections.banner_list import Matter
from ui.pages.case_sections.history import HistorySection


def test_closed_gate_locks_what_speaks_about_the_person(
    qtbot: QtBot, annas_screen: ScreenContext, anna: Session
) -> None:
    page = open_page(qtbot, annas_screen, open_case(anna, gate=False))
    assert matters(page) == [Matter.SHEET]
    form = overview(page).editor.form
    assert not form.editor("concern").isEnabled()
    assert form.editor("municipality").isEnabled()
    assert not entries(page, "Person").add_button.isEnabled()
    assert entries(page, "Consent").add_button.isEnabled()


def test_noting_sheet_and_consent_opens_the_gate(
    qtbot: QtBot, annas_screen: ScreenContext, anna: Session
) -> None:
    base = open_case(anna, gate=False)
    page = open_page(qtbot, annas_screen, base)
    press(page, "F6")
    form_dialog(page).save_button.click()
    settle(annas_screen.lanes)
    assert matters(page) == [Matter.CONSENT]
    (sheet,) = anna.store.queries.records("Consent", base.id)
    assert (sheet.text("consent_kind"), sheet.text("consent_form")) == (SHEET, "shown")
    assert (sheet.text("text_language"), sheet.text("text_version")) == ("uk", "1.0")
    assert sheet.text("given_on") == "2026-11-02"

    page.note_given(AGREED, "signed")
    form_dialog(page).save_button.click()
    settle(annas_screen.lanes)
    assert matters(page) == []
    assert overview(page).editor.form.editor("concern").isEnabled()


def test_safety_rule_is_the_first_banner_and_says_what_to_do(
    qtbot: QtBot,
    annas_screen: ScreenContext,
    anna: Session,
    sina: Session,
    annas_store: SqlStore,
    sinas_store: SqlStore,
) -> None:
    base = open_case(anna, contact_rule="never", paper_home="none", not_before="Ehemann")
    carry(annas_store, sinas_store)
    case = stored(anna, base)
    two_minds(anna, sina, case, "Birke", "Linde", "recognition_word")
    assert base.id is not None
    stand_ins.name_stand_in(sina, base.id, BEN.id, "2026-11-02", "2026-11-16", "holiday")
    carry(sinas_store, annas_store)
    page = open_page(qtbot, annas_screen, base)
    assert matters(page) == [Matter.SAFETY, Matter.PROVISIONAL, Matter.STAND_IN]
    text = page.banners.shown[0].text
    assert text.startswith("Contact: Never. Paper: No paper at home. Not in front of: Ehemann.")


def test_two_safety_rules_are_both_to_be_kept_until_one_is_decided(
    qtbot: QtBot,
    annas_screen: ScreenContext,
    anna: Session,
    ben: Session,
    annas_store: SqlStore,
    bens_store: SqlStore,
) -> None:
    base = open_case(anna, contact_rule="code_word")
    carry(annas_store, bens_store)
    two_minds(anna, ben, stored(anna, base), "never", "in_person", "contact_rule")
    carry(bens_store, annas_store)
    page = open_page(qtbot, annas_screen, base)
    assert page.banners.shown[0].text == (
        "Contact: Never. Two rules were written; keep to both until it is decided."
    )


def test_dialogs_of_the_page_are_named(
    qtbot: QtBot,
    sinas_screen: ScreenContext,
    anna: Session,
    annas_store: SqlStore,
    sinas_store: SqlStore,
) -> None:
    base = open_case(anna, gate=False)
    carry(annas_store, sinas_store)
    page = open_page(qtbot, sinas_screen, base)
    for wish in (
        lambda: page.note_given(SHEET, "handed"),
        lambda: page.note_given(AGREED, "signed"),
        page.name_stand_in,
        page.header.steps.buttons["linking"].click,
    ):
        wish()
        settle(sinas_screen.lanes)
        dialog = next(item for item in page.findChildren(QDialog) if item.isVisible())
        assert_named(dialog)
        assert_large_enough(dialog)
        dialog.reject()


def test_stand_in_that_ended_is_no_banner(
    qtbot: QtBot, annas_screen: ScreenContext, anna: Session, clock: SteeredClock
) -> None:
    base = open_case(anna)
    assert base.id is not None
    stand_ins.name_stand_in(anna, base.id, BEN.id, "2026-11-02", "2026-11-16", "holiday")
    clock.move(days=15)
    assert matters(open_page(qtbot, annas_screen, base)) == []


def test_value_withheld_is_said_in_list_and_view(
    qtbot: QtBot, annas_screen: ScreenContext, anna: Session
) -> None:
    base = open_case(anna)
    note = new_record(
        CONTACT, base.id, at=0, contact_kind="client", topics=("health",), contact_note="Diagnose"
    )
    saved = cases.save_record(anna, None, note).record
    page = open_page(qtbot, annas_screen, base)
    section = entries(page, "Contact")
    values = {name: value for name, value in saved.values.items() if name not in ("topics", "contact_note")}
    hidden = Record(saved.type, saved.id, saved.case, values, withheld=frozenset({"talk"}))
    section.show_record(hidden)
    assert section.view.texts["topics"] == "Not for you to see"
    assert section.view.texts["contact_note"] == "Not for you to see"


def test_next_phase_is_taken_at_once_and_can_be_undone(
    qtbot: QtBot, annas_screen: ScreenContext, anna: Session
) -> None:
    base = open_case(anna)
    page = open_page(qtbot, annas_screen, base)
    page.header.steps.buttons["clearing"].click()
    settle(annas_screen.lanes)
    moved = stored(anna, base)
    assert (moved.text("phase"), moved.text("phase_since")) == ("clearing", "2026-11-02")
    assert page.undo.text() == "Undo: Phase"
    page.undo.click()
    settle(annas_screen.lanes)
    assert stored(anna, base).text("phase") == "access"


def test_skipping_a_phase_needs_a_reason(qtbot: QtBot, annas_screen: ScreenContext, anna: Session) -> None:
    base = open_case(anna)
    page = open_page(qtbot, annas_screen, base)
    page.header.steps.buttons["linking"].click()
    settle(annas_screen.lanes)
    assert stored(anna, base).text("phase") == "access"
    dialog = page.findChild(ReasonDialog)
    assert dialog is not None
    assert not dialog.go_on.isEnabled()
    QTest.keyClicks(dialog.reason, "war schon im Jobcenter")
    dialog.go_on.click()
    settle(annas_screen.lanes)
    moved = stored(anna, base)
    assert (moved.text("phase"), moved.text("phase_reason")) == ("linking", "war schon im Jobcenter")
    assert page.header.steps.buttons["linking"].text() == "● Linking"


def test_history_says_whose_word_alone_an_entry_is(
    qtbot: QtBot, annas_screen: ScreenContext, anna: Session
) -> None:
    base = open_case(anna)
    assert base.id is not None
    told = Change(
        Dot(4242, 1, 1),
        base.id,
        base.id,
        "CaseFile",
        "concern",
        RegisterClass.BASE,
        cbor2.dumps({"concern": "vom Stellvertreter"}, canonical=True),
        Context(),
        base.updated_hlc + 1,
        BEN.id,
        1,
    )
    with anna.store.unit_of_work() as work:
        work.apply([told], SINA.id)
    page = open_page(qtbot, annas_screen, base)
    page.go_to(len(page.sections) - 1)
    settle(annas_screen.lanes)
    history = page.section
    assert isinstance(history, HistorySection)
    writers = {_cell(history, row, 1) for row in range(history.table.rowCount())}
    assert writers == {"Anna Berg", "Ben Kaya (attested by Sina Vogt)"}


def test_earlier_value_is_written_again_from_the_history(
    qtbot: QtBot, annas_screen: ScreenContext, anna: Session
) -> None:
    base = open_case(anna)
    cases.save_record(anna, base, base.edited(municipality="Wenden"))
    page = open_page(qtbot, annas_screen, base)
    page.go_to(len(page.sections) - 1)
    settle(annas_screen.lanes)
    history = page.section
    assert isinstance(history, HistorySection)
    rows = [row for row in range(history.table.rowCount()) if _cell(history, row, 2) == "Opening (earlier)"]
    history.table.setCurrentCell(rows[0], 0)
    assert history.undo_button.isEnabled()
    history.undo_button.click()
    settle(annas_screen.lanes)
    assert stored(anna, base).text("municipality") == "Olpe"
    assert overview(page).editor.form.edited().text("municipality") == "Olpe"


def test_supervisor_names_a_stand_in(
    qtbot: QtBot,
    sinas_screen: ScreenContext,
    sina: Session,
    anna: Session,
    annas_store: SqlStore,
    sinas_store: SqlStore,
) -> None:
    base = open_case(anna)
    carry(annas_store, sinas_store)
    page = open_page(qtbot, sinas_screen, base)
    page.header.stand_in_button.click()
    dialog = form_dialog(page)
    dialog.form.editor("stand_in").show_value(BEN.id)
    until = dialog.form.editor("stand_in_until").input
    assert isinstance(until, QLineEdit)
    QTest.keyClicks(until, "16.11.26")
    dialog.save_button.click()
    settle(sinas_screen.lanes)
    (entry,) = sina.store.queries.records("StandIn", base.id)
    assert (entry.number("stand_in"), entry.text("stand_in_until")) == (BEN.id, "2026-11-16")
    assert matters(page) == [Matter.STAND_IN]


def test_case_manager_names_no_stand_in(qtbot: QtBot, annas_screen: ScreenContext, anna: Session) -> None:
    page = open_page(qtbot, annas_screen, open_case(anna))
    assert not page.header.stand_in_button.isVisible()
    assert not entries(page, "StandIn").add_button.isEnabled()


def test_provisional_value_is_decided_from_its_banner(
    qtbot: QtBot,
    annas_screen: ScreenContext,
    anna: Session,
    ben: Session,
    annas_store: SqlStore,
    bens_store: SqlStore,
) -> None:
    base = open_case(anna)
    carry(annas_store, bens_store)
    two_minds(anna, ben, stored(anna, base), "Birke", "Linde", "recognition_word")
    carry(bens_store, annas_store)
    page = open_page(qtbot, annas_screen, base)
    page.banners.action_requested.emit(Matter.PROVISIONAL)
    settle(annas_screen.lanes)
    dialog = page.findChild(DecisionDialog)
    assert dialog is not None
    assert dialog.view is not None
    assert_named(dialog)
    words = [candidate.values["recognition_word"] for candidate in dialog.view.question.candidates]
    dialog.view.take(words.index("Linde"))
    dialog.view.reason.setText("Am Telefon gefragt")
    dialog.view.decide_button.click()
    settle(annas_screen.lanes)
    record = stored(anna, base)
    assert (record.text("recognition_word"), record.conflicts) == ("Linde", frozenset())
    assert matters(page) == []


def test_titles_never_hold_client_data(qtbot: QtBot, annas_screen: ScreenContext, anna: Session) -> None:
    base = open_case(anna, recognition_word="Sonnenblume")
    page = open_page(qtbot, annas_screen, base)
    page.open_papers()
    page.note_given(SHEET, "handed")
    page.header.steps.buttons["linking"].click()
    settle(annas_screen.lanes)
    titles = {window.windowTitle() for window in QApplication.topLevelWidgets()}
    number = stored(anna, base).text("number")
    assert not [title for title in titles if number in title or "Sonnenblume" in title]
    assert "Papers" in titles


def _cell(history: HistorySection, row: int, column: int) -> str:
    item = history.table.item(row, column)
    return item.text() if item else ""
