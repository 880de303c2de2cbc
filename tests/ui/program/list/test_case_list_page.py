"""The list's page: search as one types, chips, keys, empty states."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QMenu, QToolButton

from app.domain.records import Record
from tests.support.desktop import two_minds
from tests.support.invented.people import ANNA, SINA
from tests.support.screen import Screen, make_active, wait_for
from ui.pages.case_list import CaseListPage
from ui.windows.places import CASE, CASES, NEW_CASE


def page_of(screen: Screen) -> CaseListPage:
    page = screen.window.frame.page
    assert isinstance(page, CaseListPage)
    return page


def search(screen: Screen, typed: str) -> CaseListPage:
    page = page_of(screen)
    page.search.clear()
    QTest.keyClicks(page.search, typed)
    wait_for(lambda: page.model.typed == typed)
    screen.settle()
    return page


def test_typing_searches_and_clearing_shows_all_again(screen: Screen) -> None:
    screen.unlock(ANNA)
    page = page_of(screen)
    rows = page.model.rowCount()
    assert rows >= 2
    number = str(page.model.data(page.model.index(1, 0)))
    search(screen, number.lower())
    assert page.model.rowCount() == 1
    search(screen, "")
    assert page.model.rowCount() == rows


def test_what_finds_nothing_says_what_to_do(screen: Screen) -> None:
    screen.unlock(ANNA)
    page = search(screen, "zzzz")
    assert page.empty_text == (
        "No case file with “zzzz”. Beginnings of words are enough; fewer letters find more."
    )


def test_enter_opens_the_chosen_case_file_and_back_returns_to_its_row(screen: Screen) -> None:
    window = screen.unlock(ANNA)
    make_active(window)
    page = page_of(screen)
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Down)
    wanted = page.model.case_at(page.table.currentIndex().row())
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    screen.settle()
    assert (window.place().page, window.place().case) == (CASE, wanted)
    window.back()
    screen.settle()
    assert page_of(screen).model.case_at(page_of(screen).table.currentIndex().row()) == wanted


def test_a_phase_chip_shows_that_phase_alone(screen: Screen) -> None:
    screen.unlock(ANNA)
    page = page_of(screen)
    phases = {
        str(page.model.data(page.model.index(row, len(page.model.columns) - 1)))
        for row in range(page.model.rowCount())
    }
    wanted = min(phases)
    chip = next(item for item in page.chips.findChildren(QAbstractButton) if item.text() == wanted)
    chip.click()
    screen.settle()
    shown = {
        str(page.model.data(page.model.index(row, len(page.model.columns) - 1)))
        for row in range(page.model.rowCount())
    }
    assert shown == {wanted}


def test_columns_are_hidden_and_remembered(screen: Screen) -> None:
    screen.unlock(ANNA)
    page = page_of(screen)
    button = next(item for item in page.findChildren(QToolButton) if item.accessibleName() == "Columns")
    menu = button.menu()
    assert isinstance(menu, QMenu)
    entry = next(item for item in menu.actions() if item.text() == "Municipality")
    entry.setChecked(False)
    assert "municipality" not in page.model.columns
    screen.program.lock()
    screen.settle()
    screen.unlock(ANNA)
    assert "municipality" not in page_of(screen).model.columns


def test_a_supervisor_begins_no_case_files(screen: Screen) -> None:
    window = screen.unlock(SINA)
    texts = [item.text() for item in page_of(screen).findChildren(QAbstractButton)]
    assert "New case file" not in texts
    make_active(window)
    QTest.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert window.place().page == CASES


def test_a_case_manager_begins_one_by_button_or_key(screen: Screen) -> None:
    window = screen.unlock(ANNA)
    texts = [item.text() for item in page_of(screen).findChildren(QAbstractButton)]
    assert "New case file" in texts
    make_active(window)
    QTest.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert window.place().page == NEW_CASE


def test_the_mark_of_a_conflict_does_not_cut_the_case_number(screen: Screen) -> None:
    screen.unlock(ANNA)
    page = page_of(screen)
    case = stored_case(screen)
    two_minds(screen.session, screen.session, case, "Wenden", "Kirchhundem", "municipality")
    assert case.id is not None
    screen.context.changes.records_changed.emit(frozenset({(case.type, case.id, None)}))
    screen.settle()
    assert page.model.data(page.model.index(0, 0), Qt.ItemDataRole.DecorationRole) is not None
    assert page.table.columnWidth(0) >= page.table.sizeHintForColumn(0)


def stored_case(screen: Screen) -> Record:
    """Give the case file of the first row."""
    found = screen.session.store.queries.record("CaseFile", page_of(screen).model.case_at(0))
    assert found is not None
    return found
