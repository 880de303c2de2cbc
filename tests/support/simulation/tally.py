"""Many histories: counted, added up over processes, told in one line."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cache, wraps
from hashlib import sha256
from inspect import getattr_static
from multiprocessing import get_context
from multiprocessing.util import Finalize
from types import FunctionType
from typing import Any
from unittest.mock import patch

from tests.support.simulation.bugs import BUGS
from tests.support.simulation.history import Histories, Lived
from tests.support.simulation.world import DEVICES
from tests.support.sqlite_memory import count_no_memory

_CHUNK = 50
_ALLOCATIONS = 200_000
_UNFIT = ("TypeError", "AttributeError", "RecursionError")
"""What a bug that was made for an older engine ends in: it shows nothing."""
_FIRST_FEW = 3
"""So many failures are shortened and shown; each costs some hundred histories."""


@dataclass(frozen=True)
class Tally:
    """What histories came to: how many had something lost, hidden, and so on."""

    histories: int = 0
    lost: int = 0
    hidden: int = 0
    phantom: int = 0
    diverged: int = 0
    misread: int = 0
    broken: int = 0
    seconds: float = 0.0
    """Of one core."""
    wrong: tuple[int, ...] = ()
    """Seeds of the histories in which something was wrong."""
    digest: str = ""
    """Over the traces, in the order of their seeds."""

    def __add__(self, other: Tally) -> Tally:
        """Add another part, whose seeds come after."""
        return Tally(
            self.histories + other.histories,
            self.lost + other.lost,
            self.hidden + other.hidden,
            self.phantom + other.phantom,
            self.diverged + other.diverged,
            self.misread + other.misread,
            self.broken + other.broken,
            self.seconds + other.seconds,
            self.wrong + other.wrong,
            sha256((self.digest + other.digest).encode()).hexdigest(),
        )

    def __str__(self) -> str:
        """The one line."""
        return (
            f"{self.histories} histories, {self.lost} lost, {self.hidden} hidden, {self.phantom} phantom,"
            f" {self.diverged} diverged, {self.misread} read by the wrong device"
            + (f"; {self.broken} BROKEN" if self.broken else "")
        )


def of_history(lived: Lived, seconds: float) -> Tally:
    """Give the tally of one history."""
    verdict = lived.verdict
    found: dict[str, Any] = {kind: int(kind in verdict.kinds) for kind in vars(verdict)}
    wrong = (lived.plan.seed,) if verdict.sentences else ()
    return replace(Tally(1, seconds=seconds, wrong=wrong, digest=lived.digest), **found)


def seeds_of(seed: int, histories: int) -> range:
    """Give the seeds of the histories of a run: runs of different seeds have none in common."""
    return range(seed * 10_000_000, seed * 10_000_000 + histories)


def live_through(seeds: Iterable[int]) -> Tally:
    """Live through the histories of some seeds in this process."""
    total = Tally()
    histories = of_this_process()
    with _seldom_collecting():
        for seed in seeds:
            begun = time.process_time()
            lived = histories.live(seed)
            total += of_history(lived, time.process_time() - begun)
    return total


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    """Look for cycles seldom, and not among what was loaded before: a history leaves few behind."""
    before = gc.get_threshold()
    gc.set_threshold(_ALLOCATIONS, *before[1:])
    if not gc.get_freeze_count():
        gc.freeze()
    try:
        yield
    finally:
        gc.set_threshold(*before)


@cache
def of_this_process() -> Histories:
    """Give what lives through histories here: the districts in which they begin are built once."""
    histories = Histories()
    Finalize(histories, histories.__exit__, exitpriority=10)  # a pool's processes run no atexit
    return histories


def in_processes(seeds: range, jobs: int) -> Iterator[Tally]:
    """Live through histories in `jobs` processes; gives the tallies of parts, in the order of seeds."""
    parts = [seeds[at : at + _CHUNK] for at in range(0, len(seeds), _CHUNK)]
    if jobs == 1:
        yield from map(live_through, parts)
        return
    with ProcessPoolExecutor(jobs, get_context("spawn"), count_no_memory) as pool:
        yield from pool.map(live_through, parts)


def explained(seeds: Iterable[int], most: int = _FIRST_FEW) -> str:
    """Give the shortened traces of the first few of some failed histories."""
    histories = of_this_process()
    told = [str(histories.shortened(histories.live(seed))) for seed in tuple(seeds)[:most]]
    return "\n\n".join(told)


@dataclass(frozen=True)
class Found:
    """In which history a bug showed for the first time, counted from 1, and as what."""

    histories: int
    as_what: str


def bugs_shown(names: Sequence[str], part: range) -> dict[str, Found]:
    """Live through a part of the histories with each of some bugs until one shows it; gives those that did.

    Each history is lived through without a bug first: what goes wrong then tells nothing of any, and a bug
    whose place in the engine it never passes makes no difference to it.
    """
    histories, shown = of_this_process(), dict[str, Found]()
    for size in DEVICES:
        histories.prepare(size)
    with _seldom_collecting():
        for at, seed in zip(part, seeds_of(3, part.stop)[part.start :], strict=True):
            hidden = [name for name in names if name not in shown]
            with _noting_places(hidden) as passed:
                right = bool(hidden) and not histories.live(seed, real=False).verdict.kinds
            for name in (name for name in hidden if right and name in passed):
                if kinds := _kinds_with(histories, name, seed):
                    shown[name] = Found(at + 1, ", ".join(sorted(kinds)))
    return shown


def _kinds_with(histories: Histories, name: str, seed: int) -> frozenset[str]:
    with BUGS[name].held():
        verdict = histories.live(seed, real=False).verdict
    if any(told.startswith(_UNFIT) for told in verdict.broken):
        raise AssertionError(f"{name} does not fit the engine: {verdict.broken}")
    return verdict.kinds


@contextmanager
def _noting_places(names: Iterable[str]) -> Iterator[set[str]]:
    """Note the bugs whose places in the engine are passed; what is no plain function always is."""
    passed = set[str]()
    with ExitStack() as stack:
        for name in names:
            for where, attribute, _ in BUGS[name].patches():
                there = getattr_static(where, attribute)
                if isinstance(there, FunctionType):
                    stack.enter_context(patch.object(where, attribute, _noting(there, name, passed)))
                else:
                    passed.add(name)
        yield passed


def _noting(there: Callable[..., Any], name: str, passed: set[str]) -> Callable[..., Any]:
    @wraps(there)
    def noted(*given: Any, **more: Any) -> Any:
        passed.add(name)
        return there(*given, **more)

    return noted
