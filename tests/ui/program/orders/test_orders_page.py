"""Orders through the windows: restricted, hidden, found again, lifted; an erasure signed by two."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.domain.declarations import WITHDRAWAL
from app.domain.dots import Dot
from app.domain.orders import OrderKind
from app.domain.records import new_record
from app.services import cases
from tests.support.case_pages import entries, matters
from tests.support.forks import ForkedRelay
from tests.support.invented.district import InventedDistrict, build_district
from tests.support.invented.people import ANNA, SINA
from tests.support.keys import CHEAP
from tests.support.screen import assert_named, settle, wait_for
from ui.dialogs.confirm import ConfirmDialog
from ui.dialogs.order import OrderDialog
from ui.pages.case_file import CaseFilePage
from ui.pages.case_sections.banner_list import Matter
from ui.pages.case_sections.history import HistorySection
from ui.pages.orders import OrdersPage
from ui.tasks import Lanes
from ui.windows.places import ORDERS, Place
from ui.work import Work


@pytest.fixture
def district(tmp_path: Path) -> Iterator[InventedDistrict]:
    with build_district(
        tmp_path / "d", "orders", case_files=1, who=(SINA, ANNA), cost=CHEAP, relay_server=ForkedRelay
    ) as made:
        yield made


@pytest.fixture
def work(district: InventedDistrict, lanes: Lanes, qapp: QApplication) -> Iterator[Work]:
    place = district.places.pop(ANNA, None) or district.laptops[ANNA].unlock()
    made = Work(place, lanes, qapp, 5)
    made.window.show()
    yield made
    left: list[bool] = []
    made.leave(lambda: left.append(True))
    wait_for(lambda: left)


def first_case(work: Work) -> Dot:
    (record,) = work.context.session.store.queries.case_page(None, 1).rows
    assert record.id is not None
    return record.id


def case_page(work: Work, case: Dot, lanes: Lanes) -> CaseFilePage:
    work.context.navigation.case_requested.emit(case)
    settle(lanes)
    page = work.window.frame.page
    assert isinstance(page, CaseFilePage)
    return page


def orders_page(work: Work, lanes: Lanes) -> OrdersPage:
    work.window.go(Place(ORDERS))
    settle(lanes)
    page = work.window.frame.page
    assert isinstance(page, OrdersPage)
    return page


def confirm(page: CaseFilePage, lanes: Lanes) -> None:
    dialog = next(item for item in page.findChildren(OrderDialog) if item.isVisible())
    assert_named(dialog)
    dialog.go_on.click()
    settle(lanes)


def rows(page: OrdersPage) -> list[list[str]]:
    table = page.table
    cells = [
        [table.item(row, column) for column in range(table.columnCount())] for row in range(table.rowCount())
    ]
    return [[cell.text() if cell else "" for cell in row] for row in cells]


def test_a_restricted_case_file_is_hidden_found_among_the_orders_and_lifted(work: Work, lanes: Lanes) -> None:
    case = first_case(work)
    page = case_page(work, case, lanes)
    page.header.restrict_requested.emit()
    confirm(page, lanes)
    assert Matter.RESTRICTED in matters(page)
    assert [entries(page, name).add_button.isEnabled() for name in ("Contact", "Withdrawal")] == [False, True]
    assert work.context.session.store.queries.case_page(None, 1).rows == ()
    orders = orders_page(work, lanes)
    assert_named(orders)
    assert [row[0] for row in rows(orders)] == ["Restrict"]
    orders.table.selectRow(0)
    assert (orders.open_button.isEnabled(), orders.sign_button.isEnabled()) == (True, False)
    orders.open_button.click()
    settle(lanes)
    page = case_page(work, case, lanes)
    page.banners.action_requested.emit(Matter.RESTRICTED)
    confirm(page, lanes)
    assert Matter.RESTRICTED not in matters(page)
    assert len(work.context.session.store.queries.case_page(None, 1).rows) == 1


def test_an_erasure_waits_for_the_supervisor_and_then_all_is_gone(
    work: Work, lanes: Lanes, district: InventedDistrict
) -> None:
    case = first_case(work)
    page = case_page(work, case, lanes)
    page.header.erase_requested.emit()
    confirm(page, lanes)
    orders = orders_page(work, lanes)
    assert [(row[2], row[3]) for row in rows(orders)] == [("a supervisor", "waits for signatures")]
    work.context.workplace.run_round(lambda _done, _total: None, lambda: False)
    sina = district.places.get(SINA) or district.laptops[SINA].unlock()
    sina.run_round(lambda _done, _total: None, lambda: False)
    (waiting,) = sina.orders.overview()
    sina.orders.sign(waiting.id)
    sina.run_round(lambda _done, _total: None, lambda: False)
    work.context.workplace.run_round(lambda _done, _total: None, lambda: False)
    sina.run_round(lambda _done, _total: None, lambda: False)
    orders.refresh()
    settle(lanes)
    assert "went from this computer" in orders.losses.text()
    orders.seen_button.click()
    settle(lanes)
    assert not orders.losses.isVisible()
    assert work.context.session.store.queries.record("CaseFile", case) is None


def test_signing_asks_first(work: Work, lanes: Lanes, district: InventedDistrict) -> None:
    case = first_case(work)
    sina = district.places.get(SINA) or district.laptops[SINA].unlock()
    sina.run_round(lambda _done, _total: None, lambda: False)
    sina.orders.issue(OrderKind.ERASE, "retention", case)
    sina.run_round(lambda _done, _total: None, lambda: False)
    work.context.workplace.run_round(lambda _done, _total: None, lambda: False)
    orders = orders_page(work, lanes)
    assert [row[2] for row in rows(orders)] == ["the case manager"]
    orders.table.selectRow(0)
    orders.sign_button.click()
    dialog = next(item for item in orders.findChildren(ConfirmDialog) if item.isVisible())
    dialog.go_on.click()
    settle(lanes)
    assert work.context.session.store.queries.record("CaseFile", case) is None


def test_what_went_is_said_above_every_page(work: Work, lanes: Lanes, district: InventedDistrict) -> None:
    case = first_case(work)
    order = work.context.workplace.orders.issue(OrderKind.ERASE, "client_wish", case)
    work.context.workplace.run_round(lambda _done, _total: None, lambda: False)
    sina = district.places.get(SINA) or district.laptops[SINA].unlock()
    sina.run_round(lambda _done, _total: None, lambda: False)
    sina.orders.sign(order)
    sina.run_round(lambda _done, _total: None, lambda: False)
    work.rounds.run()
    wait_for(lambda: not work.rounds.running)
    settle(lanes)
    told = work.window.order_notice
    assert told.isVisible()
    assert_named(told)
    told.go_button.click()
    settle(lanes)
    page = work.window.frame.page
    assert isinstance(page, OrdersPage)
    assert (told.isVisible(), page.losses.isVisible()) == (False, True), "said once, not twice"
    page.seen_button.click()
    settle(lanes)
    work.window.go(Place())
    told.refresh()
    settle(lanes)
    assert not told.isVisible()


def test_an_earlier_value_is_redacted_from_the_history(work: Work, lanes: Lanes) -> None:
    case = first_case(work)
    session = work.context.session
    shown = session.store.queries.record("CaseFile", case)
    assert shown is not None
    cases.save_record(session, shown, shown.edited(concern="Etwas ganz anderes"))
    page = case_page(work, case, lanes)
    history = next(item for item in page.sections if isinstance(item, HistorySection))
    page.go_to(page.sections.index(history))
    settle(lanes)
    earlier = [
        row
        for row, entry in enumerate(history._entries)
        if entry.register == "concern" and not entry.standing
    ]
    history.table.selectRow(earlier[0])
    assert history.redact_button.isEnabled()
    history.redact()
    dialog = next(item for item in history.findChildren(OrderDialog) if item.isVisible())
    dialog.go_on.click()
    settle(lanes)
    orders = work.window.frame.page
    assert isinstance(orders, OrdersPage)
    assert [row[0] for row in rows(orders)] == ["Redact"]
    (state,) = work.context.workplace.orders.overview()
    assert len(state.order.dots) == len(earlier)


def test_a_withdrawal_of_everything_restricts_at_once(work: Work, lanes: Lanes) -> None:
    case = first_case(work)
    page = case_page(work, case, lanes)
    entry = new_record(WITHDRAWAL, case, withdrawn_on="2026-11-20", withdrawn=("all",))
    work.context.changes.note_saved(cases.save_record(work.context.session, None, entry).record)
    settle(lanes)
    settle(lanes)
    assert Matter.RESTRICTED in matters(page)
