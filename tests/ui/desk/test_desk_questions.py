"""Questions of the desk beside two values of one register: deleted or kept, which family, keep both."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.domain.classes import RegisterClass
from app.domain.declarations import PERSON
from app.domain.dots import Context, Dot
from app.domain.records import Record, new_record
from app.services import cases, deleting
from app.services.ports import Session
from app.storage.store import SqlStore
from tests.support.desktop import carry, open_case, stored
from tests.support.screen import assert_named, settle
from ui.context import ScreenContext
from ui.pages.desk import DeskPage
from ui.pages.desk_parts.choice_view import ChoiceView


def open_desk(qtbot: QtBot, screen: ScreenContext) -> ChoiceView:
    page = DeskPage(screen)
    qtbot.addWidget(page)
    page.resize(1200, 680)
    page.show()
    settle(screen.lanes)
    assert page.view is not None
    assert_named(page)
    return page.view


def decide(view: ChoiceView, screen: ScreenContext) -> None:
    view.reason.setText("asked both")
    view.decide()
    settle(screen.lanes)


@pytest.fixture
def contested(
    anna: Session, ben: Session, annas_store: SqlStore, bens_store: SqlStore, sinas_store: SqlStore
) -> Record:
    """A person whom Anna deleted while Ben wrote a nationality."""
    base = open_case(anna)
    entry = cases.save_record(anna, None, new_record(PERSON, base.id, label="Person 1")).record
    carry(annas_store, bens_store)
    deleting.delete_record(anna, entry, "Entered twice")
    theirs = stored(ben, entry)
    cases.save_record(ben, theirs, theirs.edited(nationality="Syrien"))
    carry(annas_store, sinas_store)
    carry(bens_store, sinas_store)
    return entry


def test_deleting_against_editing_shows_both_sides_in_words(
    qtbot: QtBot, sinas_screen: ScreenContext, contested: Record
) -> None:
    view = open_desk(qtbot, sinas_screen)
    texts = [label.text() for label in view.table.findChildren(QLabel)]
    assert texts[1] == "Shown for now\nWrote meanwhile: Nationality. Nationality: Syrien"
    assert [text for text in texts if text in ("Kept", "Deleted", "Entered twice")] == [
        "Kept",
        "Deleted",
        "Entered twice",
    ]
    assert not view.third.isVisible()
    assert not view.both.isVisible()


@pytest.mark.parametrize(("place", "left"), [(0, 1), (1, 0)])
def test_whoever_decides_keeps_or_deletes_it(
    qtbot: QtBot,
    sinas_screen: ScreenContext,
    sina: Session,
    contested: Record,
    place: int,
    left: int,
) -> None:
    view = open_desk(qtbot, sinas_screen)
    view.take(place)
    decide(view, sinas_screen)
    assert contested.case is not None
    assert len(sina.store.queries.records("Person", contested.case)) == left
    assert sina.store.queries.conflicts(5) == ()


def test_two_notes_are_kept_both(
    qtbot: QtBot,
    sinas_screen: ScreenContext,
    sina: Session,
    anna: Session,
    ben: Session,
    annas_store: SqlStore,
    bens_store: SqlStore,
    sinas_store: SqlStore,
) -> None:
    base = open_case(anna)
    carry(annas_store, bens_store)
    cases.save_record(anna, base, base.edited(concern="Wohnung"))
    cases.save_record(ben, base, base.edited(concern="Arbeit"))
    carry(annas_store, sinas_store)
    carry(bens_store, sinas_store)
    view = open_desk(qtbot, sinas_screen)
    assert view.both.isVisible()
    view.both.click()
    decide(view, sinas_screen)
    assert sorted(stored(sina, base).text("concern").split("\n\n")) == ["Arbeit", "Wohnung"]


def test_two_who_merged_at_once_are_shown_which_case_files(
    qtbot: QtBot, sinas_screen: ScreenContext, sina: Session
) -> None:
    one, two, three = (open_case(sina) for _ in range(3))
    with sina.store.unit_of_work() as work:
        for source, into in ((one, two), (three, one)):
            work.save(source, source.edited(alias_into=into.id, alias_reason="same address"))
    view = open_desk(qtbot, sinas_screen)
    numbers = [item.text("number") for item in (one, two, three)]
    texts = [label.text() for label in view.table.findChildren(QLabel)]
    said = [text for text in texts if text.startswith("Wrote meanwhile")]
    assert said in (
        [
            f"Wrote meanwhile: {numbers[2]}: Same family as another case file. "
            f"Same family as: {numbers[0]}; Reason: same address"
        ],
        [
            f"Wrote meanwhile: {numbers[0]}: Same family as another case file. "
            f"Same family as: {numbers[1]}; Reason: same address"
        ],
    )


def test_of_a_conflict_that_is_not_for_a_person_only_the_number_is_told(
    qtbot: QtBot, annas_screen: ScreenContext, anna: Session, annas_store: SqlStore
) -> None:
    base = open_case(anna, concern="Wohnung")
    with annas_store.unit_of_work() as work:
        heads = list(work.log.changes("register = 'concern'", (), 5))
        sensitive = replace(
            heads[0], dot=Dot(7, 7, 7), author=3, cls=RegisterClass.SENSITIVE, context=Context(), hlc=1
        )
        work.apply([sensitive])
    page = DeskPage(annas_screen)
    qtbot.addWidget(page)
    page.show()
    settle(annas_screen.lanes)
    assert page.view is None
    assert page.hidden.text() == "1 more is open that is not for you."
    assert stored(anna, base).text("concern") == "Wohnung"
