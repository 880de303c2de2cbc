"""The list over a real store: pages, phases, search, changes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, QObject, Qt
from pytestqt.modeltest import ModelTester

from app.i18n import set_language
from app.services import cases
from app.services.ports import Session
from app.storage.store import SqlStore
from tests.support.ports import MEMBERS
from tests.support.screen import settle, wait_for
from tests.support.stores import make_session, make_store
from ui.models.case_list import FIRST_PAGE, CaseListModel
from ui.tasks import Lanes

TOP = QModelIndex()


@pytest.fixture
def store(tmp_path: Path, lanes: Lanes) -> Iterator[SqlStore]:
    made = make_store(tmp_path / "store.db")
    yield made
    settle(lanes)
    made.close()


@pytest.fixture
def session(store: SqlStore) -> Session:
    return make_session(store)


@pytest.fixture
def owner() -> QObject:
    return QObject()


@pytest.fixture
def model(store: SqlStore, lanes: Lanes, owner: QObject) -> CaseListModel:
    return CaseListModel(store, MEMBERS, lanes, owner)


def open_cases(session: Session, count: int, town: str = "Olpe", phase: str = "access") -> None:
    with session.store.unit_of_work():
        for _number in range(count):
            form = cases.new_case_file(session).edited(municipality=town, phase=phase, phase_reason="x")
            cases.open_case_file(session, form)


def texts(model: CaseListModel, column: int) -> list[str]:
    return [model.data(model.index(row, column)) for row in range(model.rowCount())]


def test_pages_are_fetched_until_the_end_and_each_row_once(
    model: CaseListModel, session: Session, lanes: Lanes, qtmodeltester: ModelTester
) -> None:
    open_cases(session, 350)
    model.ask("", None)
    settle(lanes)
    assert model.rowCount() == FIRST_PAGE
    while model.canFetchMore(TOP):
        model.fetchMore(TOP)
        settle(lanes)
    assert model.rowCount() == 350
    assert len(set(texts(model, 0))) == 350
    qtmodeltester.check(model)


def test_one_phase_is_shown_alone(model: CaseListModel, session: Session, lanes: Lanes) -> None:
    open_cases(session, 3, "Olpe", "access")
    open_cases(session, 2, "Hamm", "clearing")
    model.ask("", "clearing")
    settle(lanes)
    assert texts(model, 2) == ["Hamm", "Hamm"]


def test_search_shows_the_answer_to_the_last_question_only(
    model: CaseListModel, session: Session, lanes: Lanes
) -> None:
    open_cases(session, 3, "Olpe")
    open_cases(session, 2, "Hamm")
    for typed in ("o", "ol", "h", "ha"):
        model.ask(typed, None)
    settle(lanes)
    assert texts(model, 2) == ["Hamm", "Hamm"]
    model.ask("", None)
    wait_for(lambda: model.rowCount() == 5)


def test_a_changed_case_file_is_shown_in_its_row_and_a_new_one_comes_in(
    model: CaseListModel, session: Session, lanes: Lanes
) -> None:
    open_cases(session, 3)
    model.ask("", None)
    settle(lanes)
    case = model.case_at(1)
    record = session.store.queries.record("CaseFile", case)
    assert record is not None
    cases.save_record(session, record, record.edited(municipality="Werl"))
    model.update_cases(frozenset({case}))
    settle(lanes)
    assert texts(model, 2) == ["Olpe", "Werl", "Olpe"]
    open_cases(session, 1, "Hamm")
    newest = session.store.queries.case_page(None, 1).rows[0].id
    assert newest is not None
    model.update_cases(frozenset({newest}))
    settle(lanes)
    assert texts(model, 2) == ["Hamm", "Olpe", "Werl", "Olpe"]


def test_columns_are_chosen_and_the_number_stays(
    model: CaseListModel, session: Session, lanes: Lanes
) -> None:
    open_cases(session, 1)
    model.ask("", None)
    settle(lanes)
    model.choose_columns(["phase"])
    assert model.columns == ("number", "phase")
    set_language("de")
    headers = [model.headerData(place, Qt.Orientation.Horizontal) for place in range(2)]
    assert headers == ["Fallnummer", "Phase"]
    assert model.data(model.index(0, 1)) == "Zugang"
