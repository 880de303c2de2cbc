"""Histories in which something was wrong once, shortened: they stay."""

from __future__ import annotations

import pytest

from tests.support.simulation.history import Histories
from tests.support.simulation.world import Plan, Step

FOUND = {
    # What was put on a stick and then taken back was sealed again for nobody.
    "taken back from a stick": Plan(
        30_000_002,
        8,
        False,
        (
            Step("note", 5, 2112396605),
            Step("exchange_by_stick", 5, 2621186014),
            Step("withdraw", 5, 2350201608),
        ),
        (0.0,) * 8,
        1,
    ),
    # A person's second device received nothing that the first one wrote.
    "second device": Plan(2, 6, False, (Step("open_form", 5, 7), Step("save_form", 5, 7)), (0.0,) * 6, 1),
}


@pytest.mark.parametrize("name", FOUND)
def test_history_that_once_failed_is_well(histories: Histories, name: str) -> None:
    assert histories.follow(FOUND[name]).verdict.sentences == []
