"""Living through histories: grounds built once in a process, plans shortened when something was wrong."""

from __future__ import annotations

import os
import shutil
import signal
import traceback
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import mkdtemp

from app.domain.errors import KimError
from app.storage.connection import DatabaseError
from tests.support.simulation.beginning import begin
from tests.support.simulation.disk import MemoryDisk
from tests.support.simulation.district import Ground, build_ground, suite, taking_over
from tests.support.simulation.programs import Program, run
from tests.support.simulation.verdict import Verdict, judge
from tests.support.simulation.world import OVER_BOTH, Plan, plan

STEPS = 45
REAL_EVERY = 20
STUCK_SECONDS = 8
BREAKS = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
    DatabaseError,
    KimError,
)
"""What ends a history: a failure of the program, and a refusal where nobody is there to read it."""


@dataclass(frozen=True)
class Lived:
    """A history and what came of it."""

    plan: Plan
    verdict: Verdict
    trace: tuple[str, ...]
    digest: str

    def __str__(self) -> str:
        """Tell the history and what was wrong, line by line."""
        kind = "real" if self.plan.real else "cheap"
        head = f"seed {self.plan.seed}, {self.plan.devices} devices, {kind} cryptography"
        return "\n".join((head, *self.trace, *self.verdict.sentences))


class Histories:
    """Lives through histories in one process; use it as a context."""

    def __init__(self) -> None:
        """Make the folder, in memory where the system offers that."""
        shared = Path("/dev/shm")
        self._folder = Path(mkdtemp(prefix="kim-", dir=shared if os.access(shared, os.W_OK) else None))
        self._grounds: dict[tuple[int, bool, str], Ground] = {}
        self._count = 0

    def __enter__(self) -> Histories:
        """Give itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Remove every file."""
        for ground in self._grounds.values():
            ground.relay.close()
            ground.disk.clear()
        shutil.rmtree(self._folder)

    def prepare(self, devices: int) -> None:
        """Build a district before something is done to the engine."""
        with suite(real=False):
            for over_both in ("", *OVER_BOTH):
                self._ground(devices, over_both, real=False)

    def live(self, seed: int, *, real: bool | None = None) -> Lived:
        """Live through the history of a seed; every 20th with the real cryptography, disk and relay."""
        return self.follow(plan(seed, steps=STEPS, real=seed % REAL_EVERY == 0 if real is None else real))

    def follow(self, told: Plan) -> Lived:
        """Live through a plan."""
        self._count += 1
        folder = self._folder / f"history-{self._count}"
        with suite(real=told.real):
            ground = self._ground(told.devices, told.over_both, real=told.real)
            with _world_folder(folder), ExitStack() as stack:
                return self._follow(told, ground, folder, stack)

    def shortened(self, lived: Lived, most: int = 150) -> Lived:
        """Leave out what does not matter: give the shortest history found that is wrong as well."""
        size = max(len(lived.plan.steps) // 2, 1)
        while size >= 1 and most > 0:
            shorter = False
            for steps in _without(lived.plan, size):
                most -= 1
                tried = self.follow(steps)
                if lived.verdict.kinds <= tried.verdict.kinds:
                    lived, shorter = tried, True
                    break
                if most <= 0:
                    break
            size = size if shorter else size // 2
        return lived

    def _follow(self, told: Plan, ground: Ground, folder: Path, stack: ExitStack) -> Lived:
        disk = MemoryDisk() if isinstance(ground.disk, MemoryDisk) else ground.disk
        stack.enter_context(taking_over(disk))
        world = begin(told, ground, folder, disk)
        stack.callback(world.close)
        stack.callback(run, Program.TODAY)
        try:
            with _in_time():
                world.live()
                world.settle()
                verdict = judge(world)
        except BREAKS as error:
            broken = Verdict(broken=[f"{type(error).__name__}: {error}"])
            return Lived(told, broken, (*world.trace, traceback.format_exc(limit=-6)), "")
        return Lived(told, verdict, tuple(world.trace), world.digest())

    def _ground(self, devices: int, over_both: str, *, real: bool) -> Ground:
        kind = devices, real, over_both
        if kind not in self._grounds:
            folder = self._folder / f"ground-{devices}-{real}-{over_both}"
            self._grounds[kind] = build_ground(folder, devices, real=real, over_both=over_both)
        return self._grounds[kind]


class StuckError(RuntimeError):
    """A history does not end."""


@contextmanager
def _in_time() -> Iterator[None]:
    """Stop what takes a hundred times as long as a history does."""

    def stop(*_: object) -> None:
        raise StuckError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, STUCK_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@contextmanager
def _world_folder(folder: Path) -> Iterator[None]:
    folder.mkdir()
    try:
        yield
    finally:
        shutil.rmtree(folder)


def _without(told: Plan, size: int) -> Iterator[Plan]:
    for at in range(0, len(told.steps), size):
        yield replace(told, steps=told.steps[:at] + told.steps[at + size :])
