"""What one keeper alone may do, what a suspended one may, and that expiry stops taking in, never the rest."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.audience import Member, Role
from sync.district.roster_chain import keepers_signed, signatures_needed, verify_successor
from sync.errors import RosterChangeError, RosterExpiredError, RosterSignaturesError
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
from tests.support.ports import ANNA, BEN, SINA
from tests.support.wire import public_of

ACTIVE, SUSPENDED, REVOKED = DeviceState.ACTIVE, DeviceState.SUSPENDED, DeviceState.REVOKED


def refused(known: Roster, new: Roster, needed: int, valid: int) -> None:
    with pytest.raises(RosterSignaturesError) as caught:
        verify_successor(known, new)
    assert caught.value.params == {"needed": needed, "valid": valid}


def sina_alone() -> Roster:
    """Ruth gone bad has suspended every other keeper: she alone is left, with the key in the safe."""
    _, roster = two_keepers_and_a_safe()
    alone = signed(with_state(roster, {SINAS: SUSPENDED}), RUTHS)
    verify_successor(roster, alone)
    return alone


def test_a_keeper_who_suspends_the_rest_does_not_become_the_only_one() -> None:
    alone = sina_alone()
    refused(alone, signed(cleared(alone, ANNA.id), RUTHS), 2, 1)
    refused(alone, signed(successor(alone, keepers=frozenset({5})), RUTHS), 2, 1)
    refused(alone, signed(longer(alone), RUTHS), 2, 1)


def test_a_suspension_is_lifted_by_the_suspended_keeper_and_the_key_in_the_safe() -> None:
    alone = sina_alone()
    lifted = with_state(alone, {SINAS: ACTIVE})
    verify_successor(alone, signed(lifted, SINAS, SAFE))
    refused(alone, signed(lifted, SINAS), 2, 0)
    refused(alone, signed(lifted, SAFE), 2, 1)


def test_who_lifts_a_suspension_may_suspend_the_one_who_made_it_in_one_step() -> None:
    alone = sina_alone()
    turned = with_state(alone, {SINAS: ACTIVE, RUTHS: SUSPENDED})
    verify_successor(alone, signed(turned, SINAS, SAFE))


def test_a_suspended_keeper_counts_for_nothing_else() -> None:
    alone = sina_alone()
    lifted_and_more = replace(with_state(alone, {SINAS: ACTIVE}), members=cleared(alone, ANNA.id).members)
    refused(alone, signed(lifted_and_more, SINAS, SAFE), 2, 1)
    refused(alone, signed(longer(alone), SINAS, SAFE), 2, 1)
    refused(alone, signed(with_state(alone, {ANNAS: REVOKED}), SINAS, SAFE), 2, 1)


def test_a_suspended_keeper_does_not_lift_somebody_elses_suspension() -> None:
    alone = sina_alone()
    both = signed(with_state(alone, {ANNAS: SUSPENDED}), RUTHS)
    verify_successor(alone, both)
    others = with_state(both, {ANNAS: ACTIVE})
    refused(both, signed(others, SINAS, SAFE), 2, 1)
    verify_successor(both, signed(others, RUTHS, SAFE))


def test_a_revoked_keeper_counts_for_nothing() -> None:
    _, roster = two_keepers_and_a_safe()
    revoked = signed(with_state(roster, {SINAS: REVOKED}), RUTHS, SAFE)
    verify_successor(roster, revoked)
    assert keepers_signed(revoked, signed(with_state(revoked, {ANNAS: SUSPENDED}), SINAS)) == frozenset()


def test_a_clearance_is_not_raised_by_one_keeper_alone() -> None:
    _, roster = two_keepers_and_a_safe()
    refused(roster, signed(cleared(roster, ANNA.id), RUTHS), 2, 1)
    verify_successor(roster, signed(cleared(roster, ANNA.id), RUTHS, SINAS))


def test_one_keeper_lost_the_district_goes_on_with_the_key_in_the_safe() -> None:
    _, roster = two_keepers_and_a_safe()
    lost = signed(with_state(roster, {SINAS: SUSPENDED}), RUTHS)
    verify_successor(roster, lost)
    for step in (cleared(lost, ANNA.id), longer(lost), with_state(lost, {SINAS: REVOKED})):
        verify_successor(lost, signed(step, RUTHS, SAFE))


def test_the_threshold_of_a_district_with_a_founder_and_a_safe_stays_one_when_he_is_suspended() -> None:
    first, _ = two_keepers_and_a_safe()
    gone = signed(with_state(first, {SINAS: SUSPENDED}), SAFE)
    verify_successor(first, gone)
    refused(gone, signed(with_state(gone, {SINAS: ACTIVE}), SINAS), 1, 0)
    verify_successor(gone, signed(with_state(gone, {SINAS: ACTIVE}), SAFE))


def enrolled(roster: Roster, member: Member, name: str) -> Roster:
    members = tuple(sorted({*roster.members, member}, key=lambda item: item.id))
    return successor(
        roster, members=members, devices=(*roster.devices, Device(9, member.id, public_of(name), 9))
    )


def change_employer(roster: Roster) -> Roster:
    return successor(
        roster, members=tuple(replace(m, employer="x") if m == ANNA else m for m in roster.members)
    )


@pytest.mark.parametrize(
    ("change", "needed"),
    [
        (lambda roster: enrolled(roster, BEN, "ben"), 1),
        (lambda roster: enrolled(roster, ANNA, "anna 2"), 1),
        (lambda roster: enrolled(roster, replace(BEN, cleared=True), "ben"), 2),
        (lambda roster: enrolled(roster, SINA, "sina 2"), 2),
        (lambda roster: enrolled(roster, replace(BEN, role=Role.SUPERVISOR), "ben"), 2),
        (lambda roster: with_state(roster, {ANNAS: SUSPENDED, SINAS: SUSPENDED}), 1),
        (lambda roster: with_state(roster, {ANNAS: REVOKED}), 2),
        (change_employer, 2),
    ],
)
def test_what_one_keeper_alone_may_do(change: Callable[[Roster], Roster], needed: int) -> None:
    _, roster = two_keepers_and_a_safe()
    assert signatures_needed(roster, change(roster)) == needed


def test_a_device_of_a_cleared_case_manager_needs_two() -> None:
    _, roster = two_keepers_and_a_safe()
    wide = signed(cleared(roster, ANNA.id), RUTHS, SINAS)
    member = wide.member(ANNA.id)
    assert member is not None
    assert signatures_needed(wide, enrolled(wide, member, "anna 2")) == 2


def late(roster: Roster) -> Roster:
    return replace(roster, made=roster.expires + timedelta(days=40))


def test_an_expired_roster_takes_nobody_in_and_changes_no_role() -> None:
    _, roster = two_keepers_and_a_safe()
    for step in (enrolled(roster, BEN, "ben"), cleared(roster, ANNA.id)):
        with pytest.raises(RosterExpiredError) as caught:
            verify_successor(roster, signed(late(step), RUTHS, SINAS))
        assert caught.value.params == {"version": roster.version}


def test_an_expired_roster_is_extended_and_devices_are_suspended_and_come_back() -> None:
    _, roster = two_keepers_and_a_safe()
    suspended = signed(late(with_state(roster, {ANNAS: SUSPENDED})), RUTHS)
    verify_successor(roster, suspended)
    lifted = signed(with_state(suspended, {ANNAS: ACTIVE}), RUTHS, SINAS)
    verify_successor(suspended, lifted)
    extended = signed(longer(lifted, 400), RUTHS, SINAS)
    verify_successor(lifted, extended)
    verify_successor(extended, signed(enrolled(extended, BEN, "ben"), RUTHS))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda roster: replace(successor(roster), made=roster.made - timedelta(days=1)), "made"),
        (lambda roster: successor(roster, lowest_version=0), "lowered"),
        (lambda roster: successor(roster, lowest_suite=0), "lowered"),
        (lambda roster: successor(roster, keepers=frozenset({ANNA.id})), "keeper_role"),
    ],
)
def test_what_may_never_change(change: Callable[[Roster], Roster], reason: str) -> None:
    _, roster = two_keepers_and_a_safe()
    with pytest.raises(RosterChangeError) as caught:
        verify_successor(roster, signed(change(roster), SINAS, RUTHS))
    assert caught.value.reason == reason
