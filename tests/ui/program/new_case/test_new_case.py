"""A new case file by keyboard alone, the gate, and the draft."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit

from app.domain.records import Record
from tests.support.invented.people import ANNA
from tests.support.screen import Screen, make_active
from ui.pages.new_case import NewCasePage
from ui.windows.places import CASE, CASES, NEW_CASE, Place

KEYS_ALLOWED = 120
"""At two keys a second, a slow typist's minute."""


class Typist:
    """Types where the focus is, and counts."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self.keys = 0

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.keys += 1
        QTest.keyClick(self._focus(), key, modifier)
        QApplication.processEvents()

    def type(self, text: str) -> None:
        self.keys += len(text)
        QTest.keyClicks(self._focus(), text)
        QApplication.processEvents()

    def go_to(self, name: str) -> None:
        for _step in range(40):
            if self._focus().accessibleName() == name:
                return
            self.press(Qt.Key.Key_Tab)
        raise AssertionError(f"the tab key never comes to {name}")

    def _focus(self):  # type: ignore[no-untyped-def]  # whatever has the focus
        make_active(self._screen.window)
        widget = QApplication.focusWidget()
        assert widget is not None
        return widget


def page_of(screen: Screen) -> NewCasePage:
    page = screen.window.frame.page
    assert isinstance(page, NewCasePage)
    return page


def shown_case(screen: Screen) -> Record:
    place = screen.window.place()
    assert place.page == CASE
    assert place.case is not None
    record = screen.session.store.queries.record("CaseFile", place.case)
    assert record is not None
    return record


def test_a_case_file_is_made_by_keyboard_in_under_a_minute(screen: Screen) -> None:
    window = screen.unlock(ANNA)
    make_active(window)
    hand = Typist(screen)
    hand.press(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    screen.settle()
    hand.go_to("Case file: Municipality")
    hand.type("Olpe")
    hand.go_to("Case file: Speaks")
    hand.type("Ukr")
    hand.press(Qt.Key.Key_Return)
    hand.press(Qt.Key.Key_F5)
    hand.press(Qt.Key.Key_F8)
    hand.go_to("Case file: Concern in the client's words")
    hand.type("Looks for a school place")
    hand.press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    screen.settle()
    record = shown_case(screen)
    assert (record.text("municipality"), record.items("speaks")) == ("Olpe", ("uk",))
    assert record.text("concern") == "Looks for a school place"
    assert record.text("number").startswith("MUS-")
    entries = screen.session.store.queries.records("Consent", record.id)
    kinds = {
        (item.text("consent_kind"), item.text("consent_form"), item.text("text_language")) for item in entries
    }
    assert kinds == {("sheet", "handed", "uk"), ("consent", "signed", "uk")}
    assert hand.keys <= KEYS_ALLOWED
    assert screen.session.store.queries.drafts() == ()


def test_the_concern_waits_for_sheet_and_consent(screen: Screen) -> None:
    screen.unlock(ANNA)
    screen.window.go(Place(NEW_CASE))
    screen.settle()
    page = page_of(screen)
    concern = page.after.editor("concern").input
    assert isinstance(concern, QPlainTextEdit)
    assert not concern.isEnabled()
    page.sheet.take("shown")
    assert not concern.isEnabled()
    page.consent.take("oral")
    assert concern.isEnabled()
    concern.setPlainText("needs a doctor")
    page.sheet.chips.choose(None)
    page.sheet.changed.emit()
    before = screen.session.store.queries.case_count()
    fill(page, "municipality", "Olpe")
    page.save()
    screen.settle()
    assert screen.session.store.queries.case_count() == before
    assert page.notice.text.startswith("First note how the information sheet was given")


def test_nothing_is_saved_without_what_is_needed(screen: Screen) -> None:
    screen.unlock(ANNA)
    screen.window.go(Place(NEW_CASE))
    screen.settle()
    before = screen.session.store.queries.case_count()
    page_of(screen).save()
    screen.settle()
    assert screen.session.store.queries.case_count() == before
    assert screen.window.place().page == NEW_CASE


def test_a_draft_is_kept_with_its_entries_and_discarded_on_wish(screen: Screen) -> None:
    screen.unlock(ANNA)
    screen.window.go(Place(NEW_CASE))
    screen.settle()
    page = page_of(screen)
    fill(page, "municipality", "Werl")
    page.sheet.take("read_out")
    screen.window.go(Place(CASES))
    screen.settle()
    assert {item.key for item in screen.session.store.queries.drafts()} == {"new_case", "new_case/sheet"}
    screen.window.go(Place(NEW_CASE))
    screen.settle()
    again = page_of(screen)
    assert again.before.edited().text("municipality") == "Werl"
    assert again.sheet.form == "read_out"
    again.discard()
    screen.settle()
    assert screen.session.store.queries.drafts() == ()
    assert screen.window.place().page == CASES


def test_known_municipalities_are_offered(screen: Screen) -> None:
    screen.unlock(ANNA)
    screen.window.go(Place(NEW_CASE))
    screen.settle()
    line = page_of(screen).before.editor("municipality").input
    assert isinstance(line, QLineEdit)
    completer = line.completer()
    assert completer is not None
    model = completer.model()
    offered = {model.data(model.index(row, 0)) for row in range(model.rowCount())}
    rows = screen.session.store.queries.case_page(None, 100).rows
    assert offered == {row.text("municipality") for row in rows}


def fill(page: NewCasePage, name: str, text: str) -> None:
    line = page.before.editor(name).input
    assert isinstance(line, QLineEdit)
    line.clear()
    QTest.keyClicks(line, text)
