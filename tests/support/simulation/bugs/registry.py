"""Switches that put one plausible mistake each into the real engine, for as long as they are held."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

Patches = list[tuple[Any, str, Any]]
"""Where, which name, and what stands there instead."""


@dataclass(frozen=True)
class Bug:
    """A mistake that somebody might make; `told` says which, in one sentence."""

    name: str
    told: str
    patches: Callable[[], Patches]

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let the engine make the mistake."""
        with ExitStack() as stack:
            for where, name, new in self.patches():
                stack.enter_context(patch.object(where, name, new))
            yield


BUGS: dict[str, Bug] = {}


def bug(told: str) -> Callable[[Callable[[], Patches]], Callable[[], Patches]]:
    """Make a function known as a bug of its name."""

    def known(patches: Callable[[], Patches]) -> Callable[[], Patches]:
        BUGS[patches.__name__] = Bug(patches.__name__, told, patches)
        return patches

    return known
