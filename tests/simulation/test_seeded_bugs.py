"""Bugs put into the engine by the test: the oracle finds each of them, so its silence means something."""

from __future__ import annotations

import pytest

from tests.support.simulation.bugs import BUGS
from tests.support.simulation.tally import bugs_shown

QUICK = {
    "alias_stays": 15,
    "audience_computed_once": 4,
    "clearance_not_asked": 2,
    "conflict_not_noted": 2,
    "consent_not_asked": 4,
    "covers_what_was_never_shown": 2,
    "cursor_by_number_alone": 11,
    "cursor_kept_too_early": 1,
    "days_not_asked": 3,
    "decision_covers_one_value": 3,
    "edit_brings_back": 7,
    "figures_with_text": 1,
    "first_come_wins": 2,
    "form_reads_its_base_again": 2,
    "held_parcel_dropped": 8,
    "identity_sent_as_base": 2,
    "last_writer_wins": 2,
    "rows_not_made_again": 6,
    "second_device_forgotten": 1,
    "sensitive_sent_as_base": 3,
    "settled_too_early": 1,
    "still_told_after_leaving": 15,
    "unknown_not_stored": 2,
}
"""What shows soon, and in which history it did last time; `make bugs` looks for all, from the first on."""
MORE = 60


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.parametrize("name", QUICK)
def test_bug_is_found(name: str) -> None:
    """An engine that does things in another order shows it in another history: more are tried."""
    assert bugs_shown((name,), range(QUICK[name] - 1, QUICK[name] - 1 + MORE))


@pytest.mark.parametrize("name", sorted(BUGS))
def test_bug_still_has_its_place_in_the_engine(name: str) -> None:
    """What it stands in for is there by that name, else whoever moved it moves the bug along."""
    with BUGS[name].held():
        pass


def test_bugs_are_at_least_as_many_as_the_design_asks_for() -> None:
    assert len(BUGS) >= 25
