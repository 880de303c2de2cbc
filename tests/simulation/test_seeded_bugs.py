"""Bugs put into the engine by the test: the oracle finds each of them, so its silence means something."""

from __future__ import annotations

import pytest

from tests.support.simulation.bugs import BUGS
from tests.support.simulation.tally import bugs_shown

QUICK = (
    "alias_stays",
    "audience_computed_once",
    "clearance_not_asked",
    "conflict_not_noted",
    "consent_not_asked",
    "covers_what_was_never_shown",
    "cursor_by_number_alone",
    "cursor_kept_too_early",
    "decision_covers_one_value",
    "edit_brings_back",
    "figures_with_text",
    "first_come_wins",
    "form_reads_its_base_again",
    "held_parcel_dropped",
    "last_writer_wins",
    "rows_not_made_again",
    "second_device_forgotten",
    "sensitive_sent_as_base",
    "settled_too_early",
    "unknown_not_stored",
)
"""What shows within a dozen histories; `make bugs` looks for all."""


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.parametrize("name", QUICK)
def test_bug_is_found(name: str) -> None:
    assert bugs_shown((name,), range(60))


@pytest.mark.parametrize("name", sorted(BUGS))
def test_bug_still_has_its_place_in_the_engine(name: str) -> None:
    """What it stands in for is there by that name, else whoever moved it moves the bug along."""
    with BUGS[name].held():
        pass


def test_bugs_are_at_least_as_many_as_the_design_asks_for() -> None:
    assert len(BUGS) >= 25
