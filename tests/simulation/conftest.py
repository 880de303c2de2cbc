"""What histories need: the districts in which they begin, built once in a process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.simulation.history import Histories


@pytest.fixture(scope="session")
def histories() -> Iterator[Histories]:
    """Lives through histories, with grounds that all tests of this process share."""
    with Histories() as made:
        yield made
