"""A case file that one reads no more: the banner says why and since when; nothing new is written in it."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.domain.declarations import CONSENT, CONTACT
from app.domain.dots import Dot
from app.domain.records import Record, new_record
from app.i18n import set_language
from app.services import case_merging, cases
from app.services.case_merging import MergePlan
from app.services.ended_reading import Ended, Why, put_leaving
from app.services.ports import Draft, Session
from app.storage.store import SqlStore
from tests.support.case_pages import entries, matters, open_page, overview
from tests.support.desktop import carry, make_context, open_case, stored
from tests.support.ports import ANNA, BEN, SINA
from tests.support.screen import assert_named, settle
from ui.context import ScreenContext
from ui.pages.case_list import CaseListPage
from ui.pages.case_sections.banner_list import Matter, banners
from ui.pages.case_sections.case_data import draft_key, read_case
from ui.tasks import Lanes


@pytest.fixture(autouse=True)
def direction() -> Iterator[None]:
    yield
    set_language("en")
    QApplication.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


@pytest.fixture
def bens_screen(ben: Session, screen_lanes: Lanes) -> ScreenContext:
    return make_context(ben, screen_lanes)


@pytest.fixture
def parted(
    anna: Session,
    ben: Session,
    sina: Session,
    annas_store: SqlStore,
    bens_store: SqlStore,
    sinas_store: SqlStore,
) -> Record:
    """Anna's case file, which Ben read while it was one with his."""
    annas, bens = open_case(anna, concern="Wohnung"), open_case(ben)
    carry(annas_store, sinas_store)
    carry(bens_store, sinas_store)
    readers = (frozenset({ANNA.id, SINA.id}), frozenset({BEN.id, SINA.id}))
    plan = MergePlan(stored(sina, annas), stored(sina, bens), *readers)
    case_merging.merge_case_files(sina, plan, "One household")
    carry(sinas_store, bens_store)
    fresh = new_record(CONTACT, annas.id, contact_note="Kommt am Freitag wieder")
    cases.keep_draft(ben, Draft(draft_key(fresh), new_record(CONTACT, annas.id), dict(fresh.values)))
    case_merging.part_case_files(sina, stored(sina, annas), "Two households")
    carry(sinas_store, bens_store)
    assert annas.id is not None
    with bens_store.unit_of_work() as work:
        put_leaving(work, {annas.id: Ended(Why.FAMILY, "2026-11-02", "2026-11-16")})
    return annas


def keep_picture(widget: QWidget, name: str) -> None:
    if os.environ.get("KIM_PICTURES"):
        widget.grab().save(str(Path(os.environ["KIM_PICTURES"]) / f"{name}.png"))


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("way", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_the_page_says_that_it_is_read_no_more_and_takes_nothing_new(
    qtbot: QtBot, bens_screen: ScreenContext, parted: Record, language: str, way: Qt.LayoutDirection
) -> None:
    set_language(language)
    QApplication.setLayoutDirection(way)
    page = open_page(qtbot, bens_screen, parted)
    (banner,) = page.banners.shown
    assert banner.matter is Matter.READ_ONLY
    told = {
        "en": ("Since 2 Nov 2026 you no longer read", "one family", "on 16 Nov 2026, or later"),
        "de": ("Seit dem 02.11.2026 lesen Sie", "dieselbe Familie", "am 16.11.2026 oder später"),
    }[language]
    assert [part for part in told if part not in banner.text] == []
    (label,) = [item for item in page.banners.findChildren(QLabel) if item.text() == banner.text]
    assert label.isVisible()
    assert overview(page).stack.currentWidget() is overview(page).closed
    section = entries(page, "Contact")
    settle(bens_screen.lanes)
    assert not section.add_button.isEnabled()
    assert "Kommt am Freitag wieder" in section.closed.draft_text.text(), "a draft is there to be copied"
    assert not page.header.hand_over_action.isEnabled()
    assert_named(page)
    keep_picture(page, f"read-no-more-{language}-{way.name}")


def test_the_list_marks_it_with_words(qtbot: QtBot, bens_screen: ScreenContext, parted: Record) -> None:
    page = CaseListPage(bens_screen)
    qtbot.addWidget(page)
    page.show()
    settle(bens_screen.lanes)
    settle(bens_screen.lanes)
    model = page.model
    texts = {model.case_at(row): model.index(row, 0) for row in range(model.rowCount())}
    marked = [case for case, index in texts.items() if "no longer read" in str(index.data())]
    assert marked == [parted.id]
    (index,) = [texts[case] for case in marked]
    assert "its page says why" in index.data(Qt.ItemDataRole.ToolTipRole)
    assert not index.data(Qt.ItemDataRole.DecorationRole).isNull()
    keep_picture(page, "list-read-no-more")


def test_a_supervisor_whom_the_client_refused_still_says_who_looks_after_it(
    qtbot: QtBot,
    sinas_screen: ScreenContext,
    anna: Session,
    annas_store: SqlStore,
    sinas_store: SqlStore,
) -> None:
    record = open_case(anna)
    refusal = new_record(
        CONSENT, record.id, consent_kind="consent", given_on="2026-11-02", consent_form="oral"
    )
    cases.save_record(anna, None, refusal.edited(supervision_item="no"))
    carry(annas_store, sinas_store)
    page = open_page(qtbot, sinas_screen, record)
    assert matters(page) == [Matter.READ_ONLY]
    assert "said no" in page.banners.shown[0].text
    header = page.header
    assert [header.hand_over_action.isEnabled(), header.stand_in_button.isEnabled()] == [True, True]
    assert [header.merge_action.isEnabled(), header.steps.isEnabled()] == [False, False]


def test_who_supervised_before_is_told_and_may_still_add(sina: Session, anna: Session) -> None:
    data = replace(read_case(anna, _id(open_case(anna))), ended=Ended(Why.SUPERVISION))
    (banner,) = [item for item in banners(data, anna.members) if item.matter is Matter.NOT_READ]
    assert banner.text.endswith("What you still add goes to those who read it now.")


def _id(record: Record) -> Dot:
    assert record.id is not None
    return record.id
