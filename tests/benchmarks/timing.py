"""Times that hold up on a machine with other work: interleaved, and compared by their medians."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from statistics import median
from time import perf_counter


@contextmanager
def quiet() -> Iterator[None]:
    """Collect garbage before, not while something is measured."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def seconds(work: Callable[[], object]) -> float:
    """Give how long something takes."""
    start = perf_counter()
    work()
    return perf_counter() - start


def interleaved(pairs: Sequence[tuple[Callable[[], object], Callable[[], object]]]) -> tuple[float, float]:
    """Give the median seconds of the first and of the second of each pair, run by turns."""
    ours: list[float] = []
    theirs: list[float] = []
    with quiet():
        for number, (own, other) in enumerate(pairs):
            if number % 2:
                theirs.append(seconds(other))
                ours.append(seconds(own))
            else:
                ours.append(seconds(own))
                theirs.append(seconds(other))
    return median(ours), median(theirs)


def percentile(values: Sequence[float], share: float) -> float:
    """Give the value that this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
