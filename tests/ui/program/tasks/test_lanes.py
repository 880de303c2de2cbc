"""The lanes: order, threads, cancelling, owners that are gone, failures."""

import gc
import threading
import time
from collections.abc import Iterator
from functools import partial

import pytest
from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from app.domain.errors import KimError, NotFoundError
from tests.support.screen import settle, wait_for
from ui.tasks import Cancelled, Lanes, Progress


@pytest.fixture
def lanes(qtbot: QtBot) -> Iterator[Lanes]:
    made = Lanes()
    yield made
    made.close()


def test_callbacks_come_in_the_screens_thread_and_jobs_run_in_order(lanes: Lanes) -> None:
    here = QObject()
    seen: list[tuple[int, bool]] = []
    threads: set[int] = set()

    def job(number: int) -> int:
        threads.add(threading.get_ident())
        return number

    def done(number: int) -> None:
        seen.append((number, threading.current_thread() is threading.main_thread()))

    for number in range(50):
        lanes.database(partial(job, number), done, owner=here)
    settle(lanes)
    assert seen == [(number, True) for number in range(50)]
    assert len(threads) == 1
    assert threads != {threading.get_ident()}


def test_reading_does_not_wait_for_a_long_write(lanes: Lanes) -> None:
    here, gate = QObject(), threading.Event()
    answers: list[str] = []
    lanes.database(lambda: gate.wait(10), lambda _ok: answers.append("written"), owner=here)
    lanes.reading(lambda: "row", answers.append, owner=here)
    wait_for(lambda: answers)
    assert answers == ["row"]
    gate.set()
    settle(lanes)
    assert answers == ["row", "written"]


def test_nothing_reaches_an_owner_that_is_gone(lanes: Lanes) -> None:
    owner, gate = QObject(), threading.Event()
    answers: list[bool] = []
    lanes.database(lambda: gate.wait(10), answers.append, owner=owner)
    delete(owner)
    gate.set()
    settle(lanes)
    assert answers == []


def test_a_dropped_task_gives_no_answer_and_a_waiting_one_never_runs(lanes: Lanes) -> None:
    here, gate = QObject(), threading.Event()
    answers: list[str | None] = []
    ran: list[str] = []
    lanes.reading(lambda: gate.wait(10), lambda _ok: None, owner=here)
    stale = lanes.reading(lambda: ran.append("stale"), answers.append, owner=here)
    stale.drop()
    lanes.reading(lambda: "fresh", answers.append, owner=here)
    gate.set()
    settle(lanes)
    assert (answers, ran) == (["fresh"], [])


def test_progress_and_cancel_reach_a_network_job(lanes: Lanes) -> None:
    here = QObject()
    steps: list[int] = []
    answers: list[int] = []

    def job(progress: Progress, cancelled: Cancelled) -> int:
        done = 0
        while not cancelled():
            done += 1
            progress(done, 0)
            time.sleep(0.005)
        return done

    task = lanes.network(job, answers.append, owner=here)
    task.progressed.connect(lambda done, _of: steps.append(done))
    wait_for(lambda: len(steps) >= 3)
    task.cancel()
    settle(lanes)
    assert len(answers) == 1
    assert steps == list(range(steps[0], answers[0] + 1))


def test_an_expected_failure_goes_to_the_caller_or_else_to_the_window(lanes: Lanes) -> None:
    here = QObject()
    own: list[str] = []
    window: list[KimError] = []
    lanes.failed.connect(window.append)

    def fail() -> None:
        raise NotFoundError(record_type="CaseFile")

    def taken(error: KimError) -> None:
        own.append(error.error_id)

    lanes.database(fail, lambda _none: None, taken, owner=here)
    lanes.database(fail, lambda _none: None, owner=here)
    settle(lanes)
    assert own == ["not_found"]
    assert [error.error_id for error in window] == ["not_found"]


def test_an_unexpected_failure_is_reported_and_the_lane_goes_on(lanes: Lanes) -> None:
    here = QObject()
    crashes: list[BaseException] = []
    answers: list[str] = []
    lanes.crashed.connect(crashes.append)
    lanes.database(lambda: str(1 // 0), answers.append, owner=here)
    lanes.database(lambda: "next", answers.append, owner=here)
    settle(lanes)
    assert [type(error) for error in crashes] == [ZeroDivisionError]
    assert answers == ["next"]


def count_for_a_while() -> int:
    total, end = 0, time.monotonic() + 0.3
    while time.monotonic() < end:
        total += 1
    return total


def test_the_screen_is_served_while_the_lanes_work(lanes: Lanes) -> None:
    here, ticks = QObject(), []
    timer = QTimer(here, interval=5)
    timer.timeout.connect(lambda: ticks.append(1))
    timer.start()
    answers: list[int] = []
    lanes.database(count_for_a_while, answers.append, owner=here)
    lanes.reading(count_for_a_while, answers.append, owner=here)
    settle(lanes)
    assert len(answers) == 2
    assert len(ticks) >= 3


def test_closed_lanes_begin_nothing_when_a_timer_still_rings(lanes: Lanes) -> None:
    here = QObject()
    answers: list[str] = []
    QTimer.singleShot(20, here, lambda: lanes.database(lambda: "late", answers.append, owner=here))
    rung: list[bool] = []
    QTimer.singleShot(40, here, lambda: rung.append(True))
    lanes.close()
    wait_for(lambda: rung)
    assert answers == []
    assert not lanes.busy()


def test_nothing_is_collected_by_itself_while_windows_are_taken_down(qtbot: QtBot) -> None:
    """Found in a demo that hung: a window was collected while Qt held a lock for the one it destroyed."""
    del qtbot
    gc.enable()
    made = Lanes()
    assert not gc.isenabled()
    made.close()
    assert not gc.isenabled()
