"""Work beside the screen's thread: one lane writes, one reads, one talks to the network.

Each lane is serial. Callbacks come back in the screen's thread, and none reaches an owner that
is gone. Expected failures (KimError) go to the caller or to `failed`; all else to `crashed`.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal, Slot
from shiboken6 import isValid

from app.domain.errors import KimError

T = TypeVar("T")
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

    def deliver(self, future: Future[Any]) -> BaseException | None:
        """Call back with the answer; gives the failure that nobody here takes."""
        if self.dropped or future.cancelled() or not isValid(self._owner):
            return None
        error = future.exception()
        if error is None:
            self._done(future.result())
        elif isinstance(error, KimError) and self._failed is not None:
            self._failed(error)
        else:
            return error
        return None


class Lanes(QObject):
    """The three serial lanes.

    `failed` carries a KimError that nobody else takes, `crashed` what was never expected.
    """

    failed = Signal(object)
    crashed = Signal(object)
    _arrived = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        """Start with empty lanes."""
        super().__init__(parent)
        self._write = ThreadPoolExecutor(1, "database")
        self._read = ThreadPoolExecutor(1, "reading")
        self._net = ThreadPoolExecutor(1, "network")
        self._under_way: set[Task] = set()
        self._arrived.connect(self._on_arrived)

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
        """Ask all work to stop, let the steps under way finish, and take no more; blocks until they have."""
        for task in self._under_way:
            task.cancel()
        self._net.shutdown(wait=True, cancel_futures=True)
        self._read.shutdown(wait=True, cancel_futures=True)
        self._write.shutdown(wait=True)

    def _submit(self, lane: ThreadPoolExecutor, task: Task, job: Callable[[], T]) -> Task:
        self._under_way.add(task)
        future = lane.submit(_unless_dropped, task, job)
        future.add_done_callback(lambda answer: self._arrived.emit(task, answer))
        return task

    @Slot(object, object)
    def _on_arrived(self, task: Task, future: Future[Any]) -> None:
        self._under_way.discard(task)
        error = task.deliver(future)
        task.finished.emit()
        if isinstance(error, KimError):
            self.failed.emit(error)
        elif error is not None:
            self.crashed.emit(error)


def _unless_dropped(task: Task, job: Callable[[], T]) -> T | None:
    return None if task.dropped else job()
