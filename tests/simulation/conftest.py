"""What histories need: the districts in which they begin, built once in a process."""

from __future__ import annotations

import pytest

from tests.support.simulation.history import Histories
from tests.support.simulation.tally import of_this_process


@pytest.fixture
def histories() -> Histories:
    """Lives through histories, with grounds that all tests of this process share."""
    return of_this_process()
