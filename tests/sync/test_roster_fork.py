"""Two valid successors of one roster: refused, shown, ended; the same whatever came first."""

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.district.roster_chain import verify_successor
from sync.district.roster_tree import Standing, resolve
from sync.errors import RosterForkError, RosterGapError, RosterRollbackError, RosterSignaturesError
from sync.roster import SAFE, Device, DeviceState, Roster, successor
from tests.support.keepers import (
    ANNAS,
    RUTHS,
    SINAS,
    cleared,
    longer,
    signed,
    two_keepers_and_a_safe,
    with_state,
)
from tests.support.ports import ANNA, BEN
from tests.support.wire import public_of

SUSPENDED = DeviceState.SUSPENDED
FIRST, SECOND = two_keepers_and_a_safe()
BY_SINA = signed(with_state(SECOND, {RUTHS: SUSPENDED}), SINAS)
BY_RUTH = signed(with_state(SECOND, {SINAS: SUSPENDED}), RUTHS)
ENDED = signed(replace(successor(BY_SINA), previous=(BY_SINA.hash, BY_RUTH.hash)), SINAS, SAFE)


def standing(*offered: Roster) -> Standing:
    return resolve((FIRST, SECOND), offered)


def test_two_successors_of_one_roster_are_both_refused_and_whoever_one_suspends_stays_out() -> None:
    found = standing(BY_SINA, BY_RUTH)
    assert found.path == (FIRST, SECOND)
    assert {rival.hash for rival in found.rivals} == {BY_SINA.hash, BY_RUTH.hash}
    states = [device.state for device in found.roster.devices]
    assert states == [SUSPENDED, DeviceState.ACTIVE, SUSPENDED]
    assert (found.roster.version, found.roster.district) == (SECOND.version, FIRST.hash)


def test_a_roster_that_names_both_ends_the_fork() -> None:
    found = standing(BY_SINA, BY_RUTH, ENDED)
    assert (found.roster, found.rivals) == (ENDED, ())


def test_the_order_of_arrival_decides_nothing() -> None:
    rosters = (SECOND, BY_SINA, BY_RUTH, ENDED)
    for count in range(1, 5):
        outcomes = set()
        for order in permutations(rosters, count):
            outcomes.add((frozenset(item.hash for item in order), resolve((FIRST,), order).roster.content))
        assert len({names for names, _ in outcomes}) == len(outcomes)


def test_a_fork_is_not_ended_by_one_keeper() -> None:
    lone = signed(replace(successor(BY_RUTH), previous=(BY_RUTH.hash, BY_SINA.hash)), RUTHS)
    found = standing(BY_SINA, BY_RUTH, lone)
    ((_, error),) = found.refused
    assert (type(error), error.params) == (RosterSignaturesError, {"needed": 2, "valid": 1})
    assert len(found.rivals) == 2


def test_a_roster_that_ends_a_fork_counts_where_only_its_own_branch_came() -> None:
    assert standing(BY_SINA, ENDED).roster == ENDED
    assert standing(BY_SINA, ENDED, BY_RUTH).roster == ENDED


def test_each_side_ends_the_fork_its_own_way_and_a_third_word_ends_that() -> None:
    other = signed(replace(successor(BY_RUTH), previous=(BY_RUTH.hash, BY_SINA.hash)), RUTHS, SAFE)
    found = standing(BY_SINA, BY_RUTH, ENDED, other)
    assert (found.path[-1], len(found.rivals)) == (SECOND, 2)
    last = signed(replace(successor(ENDED), previous=(ENDED.hash, other.hash)), SINAS, SAFE)
    assert standing(BY_SINA, BY_RUTH, ENDED, other, last).roster == last


def test_what_the_keepers_together_built_upon_is_not_undone_by_one_of_long_ago() -> None:
    third = signed(cleared(BY_SINA, ANNA.id), SINAS, SAFE)
    fourth = signed(longer(third), SINAS, SAFE)
    found = standing(BY_SINA, third, fourth, BY_RUTH)
    assert (found.roster, found.rivals) == (fourth, ())


def test_one_keeper_alone_does_not_make_a_branch_count_by_its_length() -> None:
    more = [BY_RUTH]
    for number in range(3):
        enrolled = Device(10 + number, ANNA.id, public_of(f"laptop {number}"), 10 + number)
        more.append(signed(successor(more[-1], devices=(*more[-1].devices, enrolled)), RUTHS))
    found = standing(BY_SINA, *more)
    assert (found.path[-1], len(found.rivals)) == (SECOND, 2)


def test_a_device_that_only_one_branch_names_goes_on_with_it() -> None:
    mine = public_of("ben")
    enrolled = successor(SECOND, members=(ANNA, BEN, *SECOND.members[1:]),
                         devices=(*SECOND.devices, Device(9, BEN.id, mine, 9)))  # fmt: skip
    taken = signed(enrolled, RUTHS)
    found = resolve((FIRST, SECOND), (taken, BY_SINA), mine)
    assert found.path[-1] == taken
    assert found.rivals == (BY_SINA,)
    assert found.roster.devices[RUTHS].state is SUSPENDED


def test_a_gap_waits_and_an_older_one_that_follows_nothing_is_a_rollback() -> None:
    third = signed(cleared(BY_SINA, ANNA.id), SINAS, SAFE)
    ((_, gap),) = standing(third).refused
    assert (type(gap), gap.params) == (RosterGapError, {"known": 2, "offered": 4})
    assert standing(third, BY_SINA).roster == third
    stray = signed(replace(successor(FIRST), previous=(bytes(32),)), SINAS)
    ((_, rollback),) = resolve((FIRST, SECOND, BY_SINA), [stray]).refused
    assert (type(rollback), rollback.params) == (RosterRollbackError, {"known": 3, "offered": 2})


def test_a_roster_does_not_refuse_the_one_that_it_follows() -> None:
    odd = signed(replace(successor(SECOND), previous=(SECOND.hash, SECOND.hash)), SINAS, RUTHS)
    with pytest.raises(RosterForkError):
        verify_successor(SECOND, odd)


SIGNERS = st.sets(st.sampled_from([SINAS, ANNAS, RUTHS, SAFE]), max_size=3)
STEPS = st.sampled_from(["suspend sina", "suspend ruth", "lift sina", "clear", "extend", "enrol", "forget"])


def step(roster: Roster, what: str) -> Roster:
    if what.startswith(("suspend", "lift")):
        verb, name = what.split()
        state = SUSPENDED if verb == "suspend" else DeviceState.ACTIVE
        return with_state(roster, {{"sina": SINAS, "ruth": RUTHS}[name]: state})
    if what == "enrol":
        index = len(roster.devices)
        row = Device(index, ANNA.id, public_of(f"device {index}"), index)
        return successor(roster, devices=(*roster.devices, row))
    if what == "forget":
        return successor(roster, offline_key=None)
    return cleared(roster, ANNA.id) if what == "clear" else longer(roster)


def widens(old: Roster, new: Roster) -> bool:
    """What may let somebody receive more, told independently of the rule under test."""
    states = [(a.state, b.state) for a, b in zip(old.devices, new.devices, strict=False)]
    lifted = any(before > after for before, after in states)
    return lifted or any(b.cleared > a.cleared for a, b in zip(old.members, new.members, strict=False))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(STEPS, SIGNERS), max_size=6))
def test_over_any_chain_one_key_never_widens_and_the_threshold_never_falls(
    steps: list[tuple[str, set[int]]],
) -> None:
    chain = [SECOND]
    for what, signers in steps:
        offered = signed(step(chain[-1], what), *signers)
        try:
            verify_successor(chain[-1], offered)
        except RosterSignaturesError as error:
            assert int(error.params["valid"]) < int(error.params["needed"])  # noqa: PT017 - of many steps
            continue
        assert signers - {ANNAS}
        assert len(signers - {ANNAS}) > 1 or not widens(chain[-1], offered)
        assert chain[-1].keeper_keys <= offered.keeper_keys
        chain.append(offered)
    assert resolve((FIRST,), chain).roster == chain[-1]
