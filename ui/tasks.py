"""Work beside the screen's thread: one lane writes, one reads, one talks to the network.

Each lane is serial. Callbacks come back in the screen's thread, and none reaches an owner that
is gone. Expected failures (KimError) go to the caller or to `failed`; all else to `crashed`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count
from threading import Event
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot
from shiboken6 import isValid

from app.domain.errors import KimError
from ui.collector import Collector

T = TypeVar("T")
SWITCH_SECONDS = 0.001
"""How long a lane may keep the interpreter while the screen's thread waits for it; Python's own is 5 ms."""
Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]


class Task(QObject):
    """One piece of work under way; `finished` comes after its answer, whatever that was."""

    progressed = Signal(int, int)
    """Steps done, and steps in all (0: not known)."""
    finished = Signal()

    def __init__(
        self, done: Callable[[Any], None], failed: Callable[[KimError], None] | None, owner: QObject
    ) -> None:
        """Keep who is to be told; the task belongs to no parent, its lane holds it until the answer came."""
        super().__init__()
        self._done, self._failed, self._owner = done, failed, owner
        self._cancelled = Event()
        self.dropped = False

    def cancel(self) -> None:
        """Ask the work to stop; its answer (what it did until then) still comes."""
        self._cancelled.set()

    def drop(self) -> None:
        """Ask the work to stop and take no answer: a newer question replaced this one."""
        self.dropped = True
        self.cancel()

    def is_cancelled(self) -> bool:
        """Tell whether somebody asked to stop; called from the lane."""
        return self._cancelled.is_set()

    def deliver(self, work: Work) -> BaseException | None:
        """Call back with the answer; gives the failure that nobody here takes."""
        if self.dropped or not isValid(self._owner):
            return None
        error = work.error
        if error is None:
            self._done(work.answer)
        elif isinstance(error, KimError) and self._failed is not None:
            self._failed(error)
        else:
            return error
        return None


class Work:
    """A job and what came of it. The lane holds nothing else, and the job is let go in the screen's thread:

    whatever of Qt the job refers to must not die in a lane.
    """

    def __init__(self, job: Callable[[], Any]) -> None:
        """Keep the job until its answer was delivered."""
        self.job: Callable[[], Any] | None = job
        self.answer: Any = None
        self.error: BaseException | None = None

    def run(self, tell: Callable[[], object]) -> None:
        """Do it, in a lane; every failure is kept for the screen's thread, and `tell` called at the end."""
        try:
            self.answer = self.job() if self.job is not None else None
        except BaseException as error:  # the border of a thread: what passes here would vanish
            self.error = error
        tell()

    def let_go(self) -> None:
        """Drop the job and what came of it."""
        self.job = self.answer = self.error = None


class Lanes(QObject):
    """The three serial lanes.

    `failed` carries a KimError that nobody else takes, `crashed` what was never expected.
    """

    failed = Signal(object)
    crashed = Signal(object)
    _arrived = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        """Start with empty lanes."""
        super().__init__(parent)
        sys.setswitchinterval(SWITCH_SECONDS)
        self._write = ThreadPoolExecutor(1, "database")
        self._read = ThreadPoolExecutor(1, "reading")
        self._net = ThreadPoolExecutor(1, "network")
        self._under_way: dict[int, tuple[Task, Work]] = {}
        self._numbers = count()
        self._open = True
        self._collector = Collector(self)
        # Queued even when the job was quicker than its caller: an answer never comes before the call returns.
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)

    def database(
        self,
        job: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[KimError], None] | None = None,
        *,
        owner: QObject,
    ) -> Task:
        """Run `job` in the writing lane, in the order of asking."""
        return self._submit(self._write, Task(done, failed, owner), job)

    def reading(
        self,
        job: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[KimError], None] | None = None,
        *,
        owner: QObject,
    ) -> Task:
        """Run `job`, which only reads, beside the writing lane: lists and search never wait for a save."""
        return self._submit(self._read, Task(done, failed, owner), job)

    def network(
        self,
        job: Callable[[Progress, Cancelled], T],
        done: Callable[[T], None],
        failed: Callable[[KimError], None] | None = None,
        *,
        owner: QObject,
    ) -> Task:
        """Run `job` in the network lane; it is given a progress callback and a question whether to stop."""
        task = Task(done, failed, owner)
        return self._submit(self._net, task, lambda: job(task.progressed.emit, task.is_cancelled))

    def busy(self) -> bool:
        """Tell whether any work has not been answered yet."""
        return bool(self._under_way)

    def close(self) -> None:
        """Ask all work to stop, let the steps under way finish, and take no more; blocks until they have.

        What is asked of closed lanes is never begun and never answered.
        """
        self._open = False
        for task, _work in self._under_way.values():
            task.cancel()
        self._net.shutdown(wait=True, cancel_futures=True)
        self._read.shutdown(wait=True, cancel_futures=True)
        self._write.shutdown(wait=True)
        self._under_way.clear()
        self._collector.stop()

    def _submit(self, lane: ThreadPoolExecutor, task: Task, job: Callable[[], T]) -> Task:
        if not self._open:  # a timer of a page that is going away may still ring
            task.drop()
            return task
        number, work = next(self._numbers), Work(partial(_unless_dropped, task, job))
        self._under_way[number] = (task, work)
        lane.submit(work.run, partial(self._arrived.emit, number))
        return task

    @Slot(int)
    def _on_arrived(self, number: int) -> None:
        if number not in self._under_way:
            return  # the lanes were closed before this answer was served
        task, work = self._under_way.pop(number)
        error = task.deliver(work)
        work.let_go()
        task.finished.emit()
        if isinstance(error, KimError):
            self.failed.emit(error)
        elif error is not None:
            self.crashed.emit(error)


def _unless_dropped(task: Task, job: Callable[[], T]) -> T | None:
    return None if task.dropped else job()
