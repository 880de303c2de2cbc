"""From unlocking to locking: place, drafts, language, size, colours, faults, names."""

import gc
import weakref

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton
from shiboken6 import isValid

from app.domain.errors import NotFoundError
from app.i18n import language
from app.services import cases
from app.services.restored import note_disk_set_back
from app.settings import Settings
from sync.taking.asking import want_state
from tests.support.invented.people import ANNA, BEN, SINA, Invented
from tests.support.keepers import cleared
from tests.support.screen import Screen, assert_large_enough, assert_named, make_active, wait_for
from ui.dialogs.last_round import LastRoundDialog
from ui.error_dialog import CrashDialog, ErrorDialog
from ui.pages.case_list import CaseListPage
from ui.pages.new_case import NewCasePage
from ui.shortcuts import SHORTCUTS
from ui.theme import is_dark
from ui.windows.places import (
    BACKUPS,
    CASE,
    CASES,
    DESK,
    HANDOVERS,
    MEMBERS,
    NEW_CASE,
    ORDERS,
    PARCELS,
    READ_LOG,
    SYNC,
    Place,
)

LAPTOP = QSize(1366, 728)
"""A 14-inch screen without the bar of its system."""


def list_page(screen: Screen) -> CaseListPage:
    page = screen.window.frame.page
    assert isinstance(page, CaseListPage)
    return page


def new_case_page(screen: Screen) -> NewCasePage:
    page = screen.window.frame.page
    assert isinstance(page, NewCasePage)
    return page


def municipality(page: NewCasePage) -> QLineEdit:
    line = page.before.editor("municipality").input
    assert isinstance(line, QLineEdit)
    return line


def _windows() -> list[str]:
    """Names of what stands on the screen; what the pointer rests on may tell its name at any moment."""
    shown = (item for item in QApplication.topLevelWidgets() if item.isVisible())
    return [type(item).__name__ for item in shown if item.windowType() is not Qt.WindowType.ToolTip]


def test_a_disk_that_turns_out_to_be_set_back_shows_only_syncing_until_it_was_told(screen: Screen) -> None:
    window = screen.unlock(ANNA)
    list_page(screen).open_current()
    screen.settle()
    with screen.context.workplace._engine.office.transaction() as post:
        note_disk_set_back(post.records, 1)
        want_state(post, "restored")
    screen.context.workplace.backups.note_orders_taken()
    window._on_round_ended(None)
    screen.settle()
    assert window.place() == Place(SYNC)
    window.go(Place(CASES))
    assert window.place() == Place(SYNC)


def test_a_lock_leads_back_to_the_same_case_file(screen: Screen) -> None:
    screen.unlock(ANNA)
    list_page(screen).open_current()
    screen.settle()
    before = screen.window.place()
    old = screen.program.work
    screen.program.lock()
    assert screen.program.work is None
    screen.settle()
    assert _windows() == ["DoorWindow"]
    screen.unlock(ANNA)
    assert screen.program.work is not old
    assert screen.window.place() == before


def test_what_was_typed_survives_a_lock_as_a_draft(screen: Screen) -> None:
    screen.unlock(ANNA)
    screen.window.go(Place(NEW_CASE))
    screen.settle()
    QTest.keyClicks(municipality(new_case_page(screen)), "Werl")
    screen.program.lock()
    screen.settle()
    screen.unlock(ANNA)
    assert municipality(new_case_page(screen)).text() == "Werl"
    assert screen.session.store.queries.case_count() == len(
        screen.session.store.queries.case_page(None, 100).rows
    )


def test_the_language_changes_while_running_and_keeps_place_and_text(screen: Screen) -> None:
    screen.unlock(ANNA)
    screen.window.go(Place(NEW_CASE))
    screen.settle()
    QTest.keyClicks(municipality(new_case_page(screen)), "Werl")
    screen.program.switch_language()
    screen.settle()
    assert language() == "de"
    assert screen.window.place().page == NEW_CASE
    assert municipality(new_case_page(screen)).text() == "Werl"
    assert municipality(new_case_page(screen)).accessibleName() == "Fallakte: Gemeinde"
    assert Settings.load().language == "de"


def test_text_at_200_per_cent_keeps_every_target_large_enough(screen: Screen) -> None:
    window = screen.unlock(ANNA)
    normal = window.fontMetrics().height()
    screen.program.set_text_scale(200)
    screen.settle()
    assert screen.window.fontMetrics().height() >= 1.9 * normal
    for page in (CASES, NEW_CASE, SYNC):
        screen.window.go(Place(page))
        screen.settle()
        assert_large_enough(screen.window)


def test_dark_is_dark_and_light_is_light_whatever_the_platform(screen: Screen) -> None:
    screen.unlock(ANNA)
    screen.program.set_appearance("dark")
    assert is_dark(QApplication.palette())
    screen.program.set_appearance("light")
    assert not is_dark(QApplication.palette())
    assert Settings.load().appearance == "light"


def test_every_page_names_what_takes_the_focus(screen: Screen) -> None:
    screen.unlock(SINA)
    for page in (CASES, DESK, MEMBERS, SYNC):
        screen.window.go(Place(page))
        screen.settle()
        assert_named(screen.window)
        assert_large_enough(screen.window)


def test_pages_of_a_case_manager_name_what_takes_the_focus(screen: Screen) -> None:
    screen.unlock(BEN)
    screen.window.go(Place(NEW_CASE))
    screen.settle()
    assert_named(screen.window)
    assert_large_enough(screen.window)


def test_no_title_carries_a_case_number(screen: Screen) -> None:
    screen.unlock(ANNA)
    list_page(screen).open_current()
    screen.settle()
    titles = {item.windowTitle() for item in QApplication.topLevelWidgets() if item.windowTitle()}
    assert titles == {"KIM mobil"}


def test_a_fault_is_shown_without_values_and_the_program_goes_on(screen: Screen) -> None:
    window = screen.unlock(ANNA)

    def fail() -> None:
        raise RuntimeError("Anna's client lives in Olpe")

    screen.lanes.database(fail, lambda _none: None, owner=window)
    screen.settle()
    (report,) = screen.crashes
    screen.crashes.clear()
    assert report.splitlines()[0] == "builtins.RuntimeError"
    assert "Olpe" not in report
    dialog = next(item for item in window.findChildren(CrashDialog) if item.isVisible())
    assert_named(dialog)
    copy = next(item for item in dialog.findChildren(QPushButton) if item.text() == "Copy report")
    copy.click()
    assert QGuiApplication.clipboard().text() == report
    dialog.reject()
    window.go(Place(SYNC))
    screen.settle()
    assert window.place().page == SYNC


def test_an_expected_failure_that_nobody_takes_is_explained(screen: Screen) -> None:
    window = screen.unlock(ANNA)

    def fail() -> None:
        raise NotFoundError(record_type="CaseFile")

    screen.lanes.database(fail, lambda _none: None, owner=window)
    screen.settle()
    dialog = next(item for item in window.findChildren(ErrorDialog) if item.isVisible())
    assert_named(dialog)
    dialog.accept()


def test_a_wrong_passphrase_after_a_lock_opens_nothing(screen: Screen) -> None:
    screen.unlock(ANNA)
    screen.program.lock()
    screen.settle()
    screen.type_passphrase("not the passphrase at all")
    assert screen.program.work is None
    assert screen.program.door is not None


def test_back_leads_to_the_page_before(screen: Screen) -> None:
    window = screen.unlock(ANNA)
    window.go(Place(SYNC))
    window.back()
    screen.settle()
    assert window.place().page == CASES


def test_a_case_file_saved_elsewhere_appears_in_the_list(screen: Screen) -> None:
    screen.unlock(ANNA)
    rows = list_page(screen).model.rowCount()
    saved = cases.open_case_file(
        screen.session, cases.new_case_file(screen.session).edited(municipality="Brilon")
    )
    screen.context.changes.note_saved(saved.record)
    screen.settle()
    assert list_page(screen).model.rowCount() == rows + 1


def test_no_keys_are_given_twice_in_one_place() -> None:
    everywhere = [item.keys for item in SHORTCUTS if item.group == "Everywhere"]
    for group in {item.group for item in SHORTCUTS}:
        keys = [item.keys for item in SHORTCUTS if item.group == group]
        keys += everywhere if group != "Everywhere" else []
        assert len(keys) == len(set(keys))


def test_the_lock_key_and_the_table_of_shortcuts_work_by_keyboard(screen: Screen) -> None:
    window = screen.unlock(ANNA)
    make_active(window)
    QTest.keyClick(window, Qt.Key.Key_F1)
    screen.settle()
    table = QApplication.activeModalWidget()
    assert table is not None
    assert_named(table)
    QTest.keyClick(table, Qt.Key.Key_Escape)
    make_active(window)
    QTest.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    wait_for(lambda: screen.program.work is None)
    screen.settle()


def test_the_lock_key_works_while_a_dialog_stands_before_the_window(screen: Screen) -> None:
    window = screen.unlock(ANNA)
    window.show_shortcuts()
    screen.settle()
    table = QApplication.activeModalWidget()
    assert table is not None
    make_active(table)
    QTest.keyClick(table.windowHandle(), Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    wait_for(lambda: screen.program.work is None)
    screen.settle()
    assert _windows() == ["DoorWindow"]


def test_quitting_with_changes_that_wait_offers_a_last_round(screen: Screen) -> None:
    window = screen.unlock(ANNA)
    form = cases.new_case_file(screen.session).edited(municipality="Brilon")
    screen.context.changes.note_saved(cases.open_case_file(screen.session, form).record)
    screen.settle()
    window.close()
    (dialog,) = window.findChildren(LastRoundDialog)
    assert_named(dialog)
    dialog.sync_button.click()
    wait_for(lambda: dialog.notice.text)
    assert dialog.notice.text.splitlines()[0] == "The KI's relay does not answer."
    assert screen.program.work is not None
    dialog.quit_button.click()
    assert screen.program.work is None


def test_quitting_while_a_lock_is_under_way_ends_after_it(screen: Screen) -> None:
    screen.unlock(ANNA)
    screen.program.lock()
    screen.program.quit()
    wait_for(lambda: screen.program.ended)
    assert screen.program.door is None
    assert not screen.lanes.busy()


@pytest.mark.parametrize("person", [ANNA, SINA], ids=lambda person: person.name)
def test_every_page_fits_a_14_inch_screen_in_german_at_200_per_cent(screen: Screen, person: Invented) -> None:
    screen.unlock(person)
    if language() != "de":
        screen.program.switch_language()
    screen.program.set_text_scale(200)
    screen.settle()
    case = screen.session.store.queries.case_page(None, 1).rows[0].id
    too_wide = {}
    for page in (CASES, CASE, DESK, HANDOVERS, ORDERS, MEMBERS, PARCELS, READ_LOG, SYNC, BACKUPS):
        screen.window.go(Place(page, case if page == CASE else None))
        screen.settle()
        wanted = screen.window.minimumSizeHint()
        if wanted.width() > LAPTOP.width() or wanted.height() > LAPTOP.height():
            too_wide[page] = (wanted.width(), wanted.height())
    assert too_wide == {}


def test_who_may_read_more_or_less_is_told_and_locks_when_nobody_is_interrupted(screen: Screen) -> None:
    screen.unlock(ANNA)
    notice, place = screen.window.clearance_notice, screen.context.workplace
    assert notice.isHidden()
    place._engine.roster = cleared(place.roster, screen.session.me)
    screen.context.changes.records_changed.emit(frozenset())
    assert notice.isVisible()
    assert notice.notice.text == (
        "You may read sensitive entries now. They appear once you have locked and unlocked."
    )
    assert_named(screen.window)
    notice.go_button.click()
    screen.settle()
    assert screen.program.work is None


def test_pages_that_were_left_ask_for_nothing_any_more(screen: Screen) -> None:
    screen.unlock(SINA)
    visited = []
    for page in (DESK, HANDOVERS, ORDERS, MEMBERS, PARCELS, READ_LOG, SYNC, BACKUPS, CASES):
        screen.window.go(Place(page))
        screen.settle()
        visited.append(weakref.ref(screen.window.frame.page))
    gc.collect()
    # What still calls a page keeps it.
    kept = [item for item in (known() for known in visited) if item is not None and not isValid(item)]
    assert [type(item).__name__ for item in kept] == []
