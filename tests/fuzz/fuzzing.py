"""Spoils samples for a while and watches: known errors only, and little time and memory for each."""

from __future__ import annotations

import os
import random
import resource
import time
from dataclasses import dataclass

from app.domain.errors import KimError
from tests.fuzz.mutation import spoiled
from tests.fuzz.targets import Target

SECONDS = "KIM_FUZZ_SECONDS"
SLOW = 2.0
"""Seconds of this process that no single input may take."""
LARGE_KIB = 256 * 1024
"""By so much may all inputs together make the process larger."""


@dataclass(frozen=True)
class Outcome:
    """What came of it: how many inputs, how many were read to the end, the slowest in seconds."""

    inputs: int
    read: int
    slowest: float
    grown_kib: int


class FuzzError(AssertionError):
    """A reader failed; the message holds target, seed, number and the input as hex."""


def spoil(target: Target, seed: int, number: int) -> bytes | None:
    """Give input `number` of a seed; None when a part was spoiled so that it cannot even be written."""
    chance = random.Random(f"{target.name}/{seed}/{number}")
    if chance.random() < 0.4:
        return spoiled(chance.choice(target.samples), chance)
    try:
        return target.rebuilt(chance)
    except KimError:
        return None


def seconds_for(target: Target) -> float:
    """Give how long a target is fuzzed: what the environment says, else what it asks for."""
    return float(os.environ.get(SECONDS, target.seconds))


def fuzz(target: Target, seed: int, seconds: float) -> Outcome:
    """Fuzz for so many seconds of this process; raises FuzzError at the first input that does harm."""
    begun, before = time.process_time(), _size()
    inputs = read = 0
    slowest = 0.0
    while time.process_time() - begun < seconds:
        inputs += 1
        data = spoil(target, seed, inputs)
        if data is None:
            continue
        at = time.process_time()
        read += _taken(target, data, f"{target.name}, seed {seed}, number {inputs}")
        slowest = max(slowest, time.process_time() - at)
        if slowest > SLOW:
            raise FuzzError(f"{target.name}, seed {seed}, number {inputs}: {slowest:.1f} s\n{data.hex()}")
    grown = _size() - before
    if grown > LARGE_KIB:
        raise FuzzError(f"{target.name}, seed {seed}: grew by {grown} KiB over {inputs} inputs")
    return Outcome(inputs, read, slowest, grown)


def _taken(target: Target, data: bytes, named: str) -> bool:
    try:
        target.take(data)
    except KimError:
        return False
    except BaseException as error:
        raise FuzzError(f"{named}: {type(error).__name__}: {error}\n{data.hex()}") from error
    return True


def _size() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
