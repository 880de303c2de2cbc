"""The supervisor's desk: both values with their authors, a decision with a reason, a decision revised."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from app.domain.records import Record
from app.services import cases
from app.services.ports import Session
from app.storage.store import SqlStore
from tests.support.desktop import carry, open_case, press, stored
from tests.support.ports import SteeredClock
from tests.support.screen import assert_large_enough, assert_named, settle
from ui.context import ScreenContext
from ui.pages.desk import DECIDED, DeskPage
from ui.pages.desk_parts.choice_view import ChoiceView


@pytest.fixture
def disputed(
    anna: Session,
    ben: Session,
    annas_store: SqlStore,
    bens_store: SqlStore,
    sinas_store: SqlStore,
    clock: SteeredClock,
) -> Record:
    """A case file on which Anna wrote one rule and Ben, an hour later, a more protective one."""
    base = open_case(anna, paper_home="yes")
    carry(annas_store, bens_store)
    cases.save_record(anna, base, base.edited(contact_rule="code_word"))
    clock.move(hours=1)
    cases.save_record(ben, base, base.edited(contact_rule="never", not_before="Ehemann"))
    carry(annas_store, sinas_store)
    carry(bens_store, sinas_store)
    return base


def open_desk(qtbot: QtBot, screen: ScreenContext) -> DeskPage:
    page = DeskPage(screen)
    qtbot.addWidget(page)
    page.resize(1200, 680)
    page.show()
    settle(screen.lanes)
    page.take_focus()
    return page


def view_of(page: DeskPage) -> ChoiceView:
    assert page.view is not None
    return page.view


def texts(view: ChoiceView) -> list[str]:
    return [label.text() for label in view.table.findChildren(QLabel)]


def test_desk_without_conflicts_says_so(qtbot: QtBot, sinas_screen: ScreenContext) -> None:
    page = open_desk(qtbot, sinas_screen)
    assert page.view is None
    assert page.tabs.tabText(0) == "To decide (0)"
    assert [label.text() for label in page.findChildren(QLabel) if label.text()] == [
        "Nothing to decide. When two people write different things, both values appear here."
    ]


def test_what_is_shown_at_the_desk_goes_into_the_read_log(
    qtbot: QtBot, sinas_screen: ScreenContext, disputed: Record
) -> None:
    open_desk(qtbot, sinas_screen)
    settle(sinas_screen.lanes)
    assert set(sinas_screen.workplace.read_log.acts) == {(disputed.id, "read")}  # type: ignore[attr-defined]  # what a test's store notes


def test_conflict_shows_both_values_authors_and_times(
    qtbot: QtBot, sinas_screen: ScreenContext, sina: Session, disputed: Record
) -> None:
    page = open_desk(qtbot, sinas_screen)
    number = stored(sina, disputed).text("number")
    assert page.open_list.item(0).text() == f"{number}\nSafety\nBen Kaya, Anna Berg"
    view = view_of(page)
    assert view.question.title == f"{number} · Safety"
    shown = texts(view)
    # Contact and "not in front of" differ, paper at home does not.
    assert shown == [
        "Ben Kaya, verein\n2 Nov 2026, 10:00",
        "Shown for now",
        "Anna Berg, kreis\n2 Nov 2026, 09:00",
        "Contact ≠",
        "Never",
        "With the code word only",
        "Paper at home",
        "Yes",
        "Yes",
        "Not in front of ≠",
        "Ehemann",
        "(empty)",
        "Never this interpreter",
        "(empty)",
        "(empty)",
    ]
    bold = [label.text() for label in view.table.findChildren(QLabel) if label.font().bold()]
    assert bold == [
        "Contact ≠",
        "Never",
        "With the code word only",
        "Not in front of ≠",
        "Ehemann",
        "(empty)",
    ]


def test_every_widget_of_the_desk_is_named(
    qtbot: QtBot, sinas_screen: ScreenContext, disputed: Record
) -> None:
    page = open_desk(qtbot, sinas_screen)
    view_of(page).third.click()
    assert_named(page)
    assert_large_enough(page)


def test_second_value_is_taken_by_keys_with_a_reason(
    qtbot: QtBot, sinas_screen: ScreenContext, sina: Session, disputed: Record
) -> None:
    page = open_desk(qtbot, sinas_screen)
    view = view_of(page)
    press(page, "Ctrl+2")
    assert view.table.place == 1
    view.decide_button.click()
    settle(sinas_screen.lanes)
    assert view.notice.text == "Please write a reason: it is kept with the decision."
    assert len(sina.store.queries.conflicts(5)) == 1

    QTest.keyClicks(view.reason, "beide gefragt")
    QTest.keyClick(view.reason, Qt.Key.Key_Return)
    settle(sinas_screen.lanes)
    record = stored(sina, disputed)
    assert (record.text("contact_rule"), record.text("not_before")) == ("code_word", "")
    assert record.conflicts == frozenset()
    (decision,) = sina.store.queries.decisions(5)
    assert decision.reason == "beide gefragt"
    assert page.tabs.tabText(0) == "To decide (0)"
    assert page.undo_button.text() == f"Undo: Safety, {record.text('number')}"


def test_third_value_is_written_with_an_offered_reason(
    qtbot: QtBot, sinas_screen: ScreenContext, sina: Session, disputed: Record
) -> None:
    page = open_desk(qtbot, sinas_screen)
    view = view_of(page)
    assert not view.decide_button.isEnabled()
    view.third.click()
    line = view.form.editor("not_before").input
    assert isinstance(line, QLineEdit)
    assert line.text() == "Ehemann"
    line.clear()
    QTest.keyClicks(line, "Ehemann und Schwager")
    phrase = next(item for item in view.findChildren(type(view.decide_button)) if "client" in item.text())
    phrase.click()
    view.decide()
    settle(sinas_screen.lanes)
    record = stored(sina, disputed)
    assert (record.text("contact_rule"), record.text("not_before")) == ("never", "Ehemann und Schwager")
    assert sina.store.queries.decisions(5)[0].reason == "The client confirmed it"


def test_decision_is_revised_and_the_earlier_values_are_offered(
    qtbot: QtBot, sinas_screen: ScreenContext, sina: Session, disputed: Record
) -> None:
    page = open_desk(qtbot, sinas_screen)
    view = view_of(page)
    view.take(1)
    view.reason.setText("geraten")
    view.decide()
    settle(sinas_screen.lanes)
    page.undo_button.click()
    settle(sinas_screen.lanes)
    assert page.tabs.currentIndex() == DECIDED
    again = view_of(page)
    rules = [candidate.values.get("contact_rule") for candidate in again.question.candidates]
    assert rules[0] == "code_word"
    assert again.question.candidates[0].note == "Decided: geraten"
    again.take(rules.index("never"))
    again.reason.setText("nachgefragt")
    again.decide()
    settle(sinas_screen.lanes)
    record = stored(sina, disputed)
    assert (record.text("contact_rule"), record.conflicts) == ("never", frozenset())
    assert [entry.reason for entry in sina.store.queries.decisions(5)] == ["nachgefragt", "geraten"]


def test_round_does_not_take_a_conflict_away_that_is_worked_on(
    qtbot: QtBot, sinas_screen: ScreenContext, sina: Session, disputed: Record
) -> None:
    page = open_desk(qtbot, sinas_screen)
    view = view_of(page)
    view.reason.setText("noch nicht fertig")
    sinas_screen.changes.note_saved(stored(sina, disputed))
    settle(sinas_screen.lanes)
    assert page.view is view
    assert view.reason.text() == "noch nicht fertig"


def test_value_that_came_while_deciding_stays_a_conflict(
    qtbot: QtBot,
    sinas_screen: ScreenContext,
    sina: Session,
    ben: Session,
    disputed: Record,
    bens_store: SqlStore,
    sinas_store: SqlStore,
) -> None:
    page = open_desk(qtbot, sinas_screen)
    now = stored(ben, disputed)
    cases.save_record(ben, now, now.edited(never_interpreter="Herr K. aus der Unterkunft"))
    carry(bens_store, sinas_store)
    view = view_of(page)
    view.take(1)
    view.reason.setText("beide gefragt")
    view.decide()
    settle(sinas_screen.lanes)
    # What the supervisor was never shown must not be decided away.
    assert stored(sina, disputed).conflicts == frozenset({"safety"})
