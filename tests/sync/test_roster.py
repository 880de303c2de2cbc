"""The roster: its bytes, its chain, and who must sign which step."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from app.domain.audience import Member, Role
from sync.district.roster_chain import (
    keepers_signed,
    signatures_needed,
    verify_chain,
    verify_first,
    verify_successor,
)
from sync.encoding import wire
from sync.encoding.wire import WireError
from sync.errors import (
    LacksRosterError,
    RosterChangeError,
    RosterForkError,
    RosterGapError,
    RosterRollbackError,
    RosterSignaturesError,
    WrongDistrictError,
    WrongSenderError,
)
from sync.roster import (
    SAFE,
    Accepted,
    Device,
    DeviceState,
    Roster,
    decode_roster,
    device_id,
    encode_roster,
    find_sender,
    first_roster,
    sign_roster,
    successor,
)
from tests.support.ports import ANNA, BEN, CORA, SINA
from tests.support.wire import ANNAS, EXPIRES, KEEPER, key_of, public_of, roster_chain

RUTH = Member(5, "Ruth Arend", "kreis", Role.SUPERVISOR)
ODA = Member(6, "Oda Klein", "verein", Role.CASE_MANAGER)


def founding(**more: object) -> Roster:
    roster = first_roster("HSK", "Hochsauerlandkreis", EXPIRES, SINA, public_of("sina"), **more)  # type: ignore[arg-type]  # keywords are the function's own
    return sign_roster(roster, KEEPER, key_of("sina").sign)


def by_sina(roster: Roster) -> Roster:
    return sign_roster(roster, KEEPER, key_of("sina").sign)


def with_three_keeper_keys() -> Roster:
    """Sina, Ruth and the key in the safe are named; Anna has a device."""
    first = founding(offline_key=public_of("safe"))
    ruth = successor(
        first,
        members=(ANNA, SINA, RUTH),
        devices=(
            *first.devices,
            Device(1, ANNA.id, public_of("anna"), 1),
            Device(2, RUTH.id, public_of("ruth"), 2),
        ),
        keepers=frozenset({SINA.id, RUTH.id}),
    )
    verify_successor(first, by_sina(ruth))
    return by_sina(ruth)


def test_decode_gives_the_roster_again() -> None:
    for roster in (*roster_chain(), with_three_keeper_keys()):
        read = decode_roster(encode_roster(roster))
        assert (read, read.hash) == (roster, roster.hash)


def test_lookups_find_members_and_active_devices() -> None:
    roster = roster_chain()[-1]
    anna = roster.device(ANNAS)
    assert anna is not None
    assert roster.member_of_device(ANNAS) == ANNA
    assert roster.device_by_id(device_id(public_of("anna"))) == anna
    assert roster.devices_of(ANNA.id) == (anna,)
    assert [device.index for device in roster.devices_of_all({CORA.id, ANNA.id})] == [1, 3]
    assert roster.member_of_device(9) is None
    suspended = replace(roster, devices=(replace(anna, state=DeviceState.SUSPENDED),))
    assert suspended.devices_of(ANNA.id) == ()
    assert suspended.device(ANNAS) is not None


def test_district_is_the_hash_of_the_first_roster() -> None:
    chain = roster_chain()
    assert {roster.district for roster in chain} == {chain[0].hash}


def test_verify_chain_gives_the_newest() -> None:
    chain = roster_chain()
    assert verify_chain(None, chain) == chain[-1]
    assert verify_chain(chain[1], chain) == chain[-1]
    assert verify_chain(chain[-1], ()) == chain[-1]
    assert verify_chain(None, ()) is None


def test_verify_successor_same_roster_is_fine() -> None:
    last = roster_chain()[-1]
    verify_successor(last, last)


def test_verify_successor_older_is_a_rollback() -> None:
    chain = roster_chain()
    with pytest.raises(RosterRollbackError) as caught:
        verify_successor(chain[2], chain[1])
    assert caught.value.params == {"known": 3, "offered": 2}


def test_verify_successor_with_versions_between_is_a_gap() -> None:
    chain = roster_chain()
    with pytest.raises(RosterGapError) as caught:
        verify_successor(chain[0], chain[2])
    assert caught.value.params == {"known": 1, "offered": 3}


def test_verify_successor_other_roster_of_same_version_is_a_fork() -> None:
    chain = roster_chain()
    other = by_sina(successor(chain[2], name="Another name"))
    with pytest.raises(RosterForkError):
        verify_successor(chain[3], other)


def test_verify_successor_of_an_unknown_roster_is_a_fork() -> None:
    chain = roster_chain()
    other = by_sina(successor(chain[0], name="Another name"))
    with pytest.raises(RosterForkError):
        verify_successor(chain[1], by_sina(successor(other)))


def test_verify_successor_of_another_district_refused() -> None:
    chain = roster_chain()
    elsewhere = by_sina(first_roster("OEK", "Olpe", EXPIRES, SINA, public_of("sina")))
    with pytest.raises(WrongDistrictError):
        verify_successor(chain[0], by_sina(successor(elsewhere)))


@pytest.mark.parametrize(("signer", "name"), [(ANNAS, "anna"), (KEEPER, "anna"), (SAFE, "sina"), (9, "sina")])
def test_verify_successor_wrong_signer_refused(signer: int, name: str) -> None:
    chain = roster_chain()
    following = sign_roster(successor(chain[-1]), signer, key_of(name).sign)
    with pytest.raises(RosterSignaturesError) as caught:
        verify_successor(chain[-1], following)
    assert caught.value.params == {"needed": 1, "valid": 0}


def test_verify_successor_signature_over_other_content_refused() -> None:
    chain = roster_chain()
    good = by_sina(successor(chain[-1]))
    with pytest.raises(RosterSignaturesError):
        verify_successor(chain[-1], replace(good, name="Altered"))


def test_verify_first_needs_its_keepers_signature() -> None:
    unsigned = first_roster("HSK", "Hochsauerlandkreis", EXPIRES, SINA, public_of("sina"))
    with pytest.raises(RosterSignaturesError):
        verify_first(unsigned)
    with pytest.raises(RosterGapError):
        verify_first(roster_chain()[1])


def without_anna(roster: Roster) -> Roster:
    return successor(roster, members=(SINA, BEN, CORA), devices=roster.devices[:1])


def with_other_key(roster: Roster) -> Roster:
    changed = (roster.devices[0], replace(roster.devices[1], public_key=public_of("x")), *roster.devices[2:])
    return successor(roster, devices=changed)


def with_other_owner(roster: Roster) -> Roster:
    changed = (roster.devices[0], replace(roster.devices[1], member=BEN.id), *roster.devices[2:])
    return successor(roster, devices=changed)


def with_forgotten_keeper_key(roster: Roster) -> Roster:
    return replace(successor(roster), keeper_keys=frozenset())


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (without_anna, "member_gone"),
        (with_other_key, "device_changed"),
        (with_other_owner, "device_changed"),
        (with_forgotten_keeper_key, "keeper_keys"),
        (lambda roster: successor(roster, code="OEK"), "district_code"),
    ],
)
def test_verify_successor_what_lasts_may_not_change(change: Callable[[Roster], Roster], reason: str) -> None:
    last = roster_chain()[-1]
    with pytest.raises(RosterChangeError) as caught:
        verify_successor(last, by_sina(change(last)))
    assert caught.value.reason == reason


def test_verify_successor_unused_index_below_the_highest_refused() -> None:
    first = founding()
    spread = by_sina(
        successor(first, members=(ANNA, SINA), devices=(*first.devices, Device(5, 1, public_of("anna"), 1)))
    )
    verify_successor(first, spread)
    filled = successor(spread, devices=(first.devices[0], Device(2, 1, public_of("x"), 2), spread.devices[1]))
    with pytest.raises(RosterChangeError) as caught:
        verify_successor(spread, by_sina(filled))
    assert caught.value.reason == "index_reused"


def test_revocation_is_never_lifted() -> None:
    last = roster_chain()[-1]
    revoked = by_sina(
        successor(last, devices=(*last.devices[:3], replace(last.devices[3], state=DeviceState.REVOKED)))
    )
    verify_successor(last, revoked)
    with pytest.raises(RosterChangeError) as caught:
        verify_successor(revoked, by_sina(successor(revoked, devices=last.devices)))
    assert caught.value.reason == "revocation_lifted"


def suspended_anna(roster: Roster) -> Roster:
    anna = roster.device(1)
    assert anna is not None
    last = Accepted(7, b"channel!", 3, bytes(32))
    lost = replace(anna, state=DeviceState.SUSPENDED, accepted=(last,))
    return successor(
        roster, devices=tuple(lost if device.index == 1 else device for device in roster.devices)
    )


def enrolled_oda(roster: Roster) -> Roster:
    members = (*roster.members, ODA)
    return successor(
        roster, members=members, devices=(*roster.devices, Device(9, ODA.id, public_of("oda"), 9))
    )


def cleared_oda(roster: Roster) -> Roster:
    return successor(roster, members=(*roster.members, replace(ODA, cleared=True)))


def supervisors_second_device(roster: Roster) -> Roster:
    return successor(roster, devices=(*roster.devices, Device(9, RUTH.id, public_of("ruth 2"), 9)))


def moved_anna(roster: Roster) -> Roster:
    members = tuple(replace(m, role=Role.SUPERVISOR) if m == ANNA else m for m in roster.members)
    return successor(roster, members=members)


@pytest.mark.parametrize(
    ("change", "needed"),
    [
        (suspended_anna, 1),
        (enrolled_oda, 1),
        (cleared_oda, 2),
        (supervisors_second_device, 2),
        (moved_anna, 2),
        (lambda roster: successor(roster, expires=date(2030, 1, 1)), 2),
        (lambda roster: successor(roster, offline_key=None), 2),
        (lambda roster: successor(roster, keepers=frozenset({SINA.id})), 2),
        (lambda roster: successor(roster, relays=("https://elsewhere.example",)), 2),
    ],
)
def test_signatures_needed_follow_from_the_difference(
    change: Callable[[Roster], Roster], needed: int
) -> None:
    roster = with_three_keeper_keys()
    assert signatures_needed(roster, change(roster)) == needed


def test_signatures_needed_is_one_while_two_keeper_keys_were_named() -> None:
    few = founding(offline_key=public_of("safe"))
    assert len(few.keeper_keys) == 2
    assert signatures_needed(few, successor(few, expires=date(2030, 1, 1))) == 1


def test_two_signatures_must_come_from_two_keepers() -> None:
    roster = with_three_keeper_keys()
    following = by_sina(successor(roster, expires=date(2030, 1, 1)))
    with pytest.raises(RosterSignaturesError) as caught:
        verify_successor(roster, following)
    assert caught.value.params == {"needed": 2, "valid": 1}
    both = sign_roster(following, 2, key_of("ruth").sign)
    verify_successor(roster, both)
    with_safe = sign_roster(following, SAFE, key_of("safe").sign)
    verify_successor(roster, with_safe)
    assert keepers_signed(roster, with_safe) == {SINA.id, SAFE}


def test_suspended_keepers_signature_does_not_count_and_threshold_stays() -> None:
    roster = with_three_keeper_keys()
    sina = roster.devices[0]
    suspended = successor(roster, devices=(replace(sina, state=DeviceState.SUSPENDED), *roster.devices[1:]))
    suspended = sign_roster(suspended, 2, key_of("ruth").sign)
    verify_successor(roster, suspended)
    following = by_sina(sign_roster(successor(suspended, name="New"), 2, key_of("ruth").sign))
    with pytest.raises(RosterSignaturesError) as caught:
        verify_successor(suspended, following)
    assert caught.value.params == {"needed": 2, "valid": 1}


def rows(roster: Roster) -> list:
    return list(wire.decode_strict(encode_roster(roster), limit=wire.ROSTER_LIMIT))


@pytest.mark.parametrize(
    ("place", "value", "reason"),
    [
        (6, "hsk", "district_code"),
        (6, "HS", "district_code"),
        (5, -1, "number"),
        (8, "x", "array"),
        (9, [], "unknown_member"),
        (9, [[1, "", "", [], False, None, False, True]], "text"),
        (9, [[1, "", "", "king", False, None, False, True]], "role"),
        (11, [3, 3], "order"),
        (11, [77], "unknown_member"),
        (13, b"short", "bytes"),
    ],
)
def test_decode_malformed_refused(place: int, value: object, reason: str) -> None:
    fields, signatures = rows(roster_chain()[-1])
    fields[place] = value
    with pytest.raises(WireError) as caught:
        decode_roster(wire.encode([fields, signatures]))
    assert caught.value.reason == reason


@pytest.mark.parametrize(("place", "reason"), [(2, "doubled_key"), (3, "doubled_slot"), (0, "order")])
def test_decode_two_devices_alike_refused(place: int, reason: str) -> None:
    fields, signatures = rows(roster_chain()[-1])
    fields[10][1][place] = fields[10][0][place]
    with pytest.raises(WireError) as caught:
        decode_roster(wire.encode([fields, signatures]))
    assert caught.value.reason == reason


def test_find_sender_unknown_in_our_version_is_wrong_and_in_a_newer_one_held() -> None:
    roster = roster_chain()[1]
    with pytest.raises(WrongSenderError):
        find_sender(roster, 3, roster.version)
    with pytest.raises(LacksRosterError) as caught:
        find_sender(roster, 3, roster.version + 1)
    assert caught.value.params == {"known": 2, "named": 3}
