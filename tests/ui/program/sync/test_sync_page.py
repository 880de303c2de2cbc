"""Rounds by the button, over a real relay and over none."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.services import cases
from app.services.ports import Delivery
from sync.rounds.status import Gap, Parcel, RoundReport
from sync.taking.asking import want_state
from tests.support.forks import ForkedRelay
from tests.support.invented.district import InventedDistrict, build_district
from tests.support.invented.people import ANNA, SINA
from tests.support.keys import CHEAP
from tests.support.ports import MEMBERS
from tests.support.screen import assert_named, settle, wait_for
from ui.pages.sync_page import SyncPage
from ui.pages.sync_words import gap_text, parcel_text, wanted_text
from ui.tasks import Lanes
from ui.windows.state_line import delivery_text
from ui.work import Work


@pytest.fixture
def district(tmp_path: Path) -> Iterator[InventedDistrict]:
    with build_district(
        tmp_path / "d", "sync", case_files=1, who=(SINA, ANNA), cost=CHEAP, relay_server=ForkedRelay
    ) as made:
        yield made


@pytest.fixture
def work(district: InventedDistrict, lanes: Lanes, qapp: QApplication) -> Iterator[Work]:
    place = district.places.pop(ANNA, None) or district.laptops[ANNA].unlock()
    made = Work(place, lanes, qapp, 5)
    yield made
    left: list[bool] = []
    made.leave(lambda: left.append(True))
    wait_for(lambda: left)


@pytest.fixture
def page(work: Work, qtbot: QtBot, lanes: Lanes) -> SyncPage:
    made = SyncPage(work.context, work.rounds)
    qtbot.addWidget(made)
    made.show()
    settle(lanes)
    return made


def write_something(work: Work) -> None:
    session = work.context.session
    record = session.store.queries.case_page(None, 1).rows[0]
    full = session.store.queries.record("CaseFile", record.id)  # type: ignore[arg-type]  # a listed one has its id
    assert full is not None
    saved = cases.save_record(session, full, full.edited(municipality="Brilon"))
    work.context.changes.note_saved(saved.record)


def test_what_is_saved_waits_goes_out_and_reaches_the_ki(
    work: Work, page: SyncPage, lanes: Lanes, district: InventedDistrict
) -> None:
    write_something(work)
    settle(lanes)
    state = work.window.state_line
    assert "waiting" in state.text
    assert page.state.text() == state.text
    page.run_row.run_button.click()
    assert not page.run_row.run_button.isEnabled()
    assert page.run_row.cancel_button.isEnabled()
    wait_for(lambda: not work.rounds.running)
    settle(lanes)
    assert "at the relay" in state.text
    assert "waiting" not in state.text
    district.run_rounds([SINA])
    page.run_row.run_button.click()
    wait_for(lambda: not work.rounds.running)
    settle(lanes)
    assert "with the KI" in state.text
    assert page.rounds_table.rowCount() >= 2
    assert_named(page)


def test_without_a_relay_nothing_is_lost_and_it_is_said(
    work: Work, page: SyncPage, lanes: Lanes, district: InventedDistrict
) -> None:
    district.relay.stop()
    write_something(work)
    settle(lanes)
    page.run_row.run_button.click()
    wait_for(lambda: not work.rounds.running)
    settle(lanes)
    assert page.run_row.notice.text.splitlines()[0] == "The KI's relay does not answer."
    settle(lanes)
    assert "waiting" in work.window.state_line.text
    assert "at the relay" not in work.window.state_line.text
    assert page.run_row.run_button.isEnabled()


def test_a_round_that_a_person_stops_is_no_failure(work: Work, page: SyncPage, lanes: Lanes) -> None:
    failures: list[object] = []
    work.rounds.failed.connect(failures.append)
    page.run_row.run_button.click()
    page.run_row.cancel_button.click()
    wait_for(lambda: not work.rounds.running)
    settle(lanes)
    assert failures == []
    assert work.rounds.last_error is None


def test_the_state_is_told_step_by_step() -> None:
    assert delivery_text(Delivery()) == "Saved here"
    assert delivery_text(Delivery(waiting=3, at_relay=1, with_ki=2)) == (
        "Saved here · 3 waiting · 1 at the relay · with the KI"
    )


def test_gaps_and_parcels_are_told_in_sentences() -> None:
    assert gap_text(Gap(2, 1), MEMBERS) == "1 parcel missing from Ben Kaya"
    held = parcel_text(Parcel(2, "lacks_grant", 0, "held"), MEMBERS)
    assert held.startswith("A parcel from Ben Kaya waits (")
    assert held.endswith("this computer has not been given its key yet.")
    assert parcel_text(Parcel(None, "never_heard_of", 0, "quarantined"), MEMBERS).startswith(
        "A parcel from an unknown computer was refused ("
    )


def test_absent_device_is_told_that_others_bring_it_up_to_date(
    work: Work, page: SyncPage, lanes: Lanes, district: InventedDistrict
) -> None:
    engine = work.context.workplace._engine
    with engine.office.transaction() as post:
        want_state(post, "absent")
        post.rounds.put_report(RoundReport(1_793_606_400_000, requests=2, states=3))
    page.refresh()
    settle(lanes)
    told = [page.aside.item(row).text() for row in range(page.aside.count())]
    assert told == [wanted_text("absent")]
    assert "3 case files" in page.last.text()
    assert page.last.text().startswith("Last synced")
