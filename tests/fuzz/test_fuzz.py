"""Every reader of what comes from outside, for a while: known errors, little time, little memory."""

from __future__ import annotations

import math
import secrets

import pytest

from tests.fuzz.fuzzing import FuzzError, fuzz, seconds_for
from tests.fuzz.targets import Target, targets

TARGETS = targets()
PART = 15.0
"""Seconds of one test: several parts, each with its own seed, share a reader's time out among workers."""


@pytest.mark.parametrize("name", sorted(set(TARGETS) - {"exchange", "folder manifest", "prekey", "roster"}))
def test_samples_are_read(name: str) -> None:
    target = TARGETS[name]
    for sample in target.samples:
        target.take(sample)


def _parts() -> list[tuple[str, int, int]]:
    many = {name: math.ceil(seconds_for(target) / PART) for name, target in TARGETS.items()}
    return [(name, part, count) for name, count in many.items() for part in range(count)]


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize(("name", "part", "parts"), _parts())
def test_reader_raises_only_known_errors(name: str, part: int, parts: int) -> None:
    target = TARGETS[name]
    found = fuzz(target, secrets.randbits(32), seconds_for(target) / parts)
    assert found.inputs > 100


def test_a_reader_that_fails_is_told_with_its_input() -> None:
    def take(data: bytes) -> object:
        return data[5000]

    broken = Target("broken", 1.0, (b"sample",), take, lambda _chance: b"sample")
    with pytest.raises(FuzzError, match=r"broken, seed 1, number \d+: IndexError(.|\n)+[0-9a-f]+$"):
        fuzz(broken, 1, 0.5)
