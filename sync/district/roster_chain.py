"""Which roster may follow which: an unbroken, signed chain from the first one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from app.domain.audience import Member, Role
from sync.encoding.signing import Kind, suite_of, tagged
from sync.errors import (
    RosterChangeError,
    RosterExpiredError,
    RosterForkError,
    RosterGapError,
    RosterRollbackError,
    RosterSignaturesError,
    WrongDistrictError,
)
from sync.roster import SAFE, Device, DeviceState, Roster, keeper_keys_now

_ENROLLED_BY_ONE: Final = frozenset({Role.CASE_MANAGER, Role.COORDINATOR, Role.ADMINISTRATION})
_FEW_KEYS: Final = 2
_ALL_ELSE: Final = 2


def verify_chain(known: Roster | None, rosters: Iterable[Roster]) -> Roster | None:
    """Give the newest roster of a chain that follows `known` (None: that begins with a first roster).

    Versions before the known one are passed over; raises what `verify_successor` raises.
    """
    for roster in rosters:
        if known is None:
            verify_first(roster)
            known = roster
        elif roster.version >= known.version:
            verify_successor(known, roster)
            known = roster
    return known


def verify_first(roster: Roster) -> None:
    """Raise unless this is a first roster that a keeper named in it has signed."""
    if roster.version != 1:
        raise RosterGapError(known=0, offered=roster.version)
    if roster.previous or roster.first:
        raise RosterForkError(version=roster.version)
    if roster.keeper_keys != keeper_keys_now(roster):
        raise RosterChangeError(reason="keeper_keys")
    _check_signatures(roster, roster, 1)


def verify_successor(known: Roster, new: Roster) -> None:
    """Raise unless `new` is the known roster or may follow it.

    RosterRollbackError, RosterGapError, RosterForkError, RosterChangeError, RosterExpiredError,
    RosterSignaturesError, WrongDistrictError for a roster of another district.
    """
    if new.district != known.district:
        raise WrongDistrictError
    if new.version < known.version:
        raise RosterRollbackError(known=known.version, offered=new.version)
    if new.version > known.version + 1:
        raise RosterGapError(known=known.version, offered=new.version)
    if new.version == known.version:
        if new.hash != known.hash:
            raise RosterForkError(version=new.version)
        return
    if new.previous[:1] != (known.hash,) or new.previous[1:] == (known.hash,):
        raise RosterForkError(version=new.version)
    _check_lasting(known, new)
    if new.made > known.expires and _takes_in(known, new):
        raise RosterExpiredError(version=known.version)
    _check_signatures(known, new, signatures_needed(known, new))


def signatures_needed(old: Roster, new: Roster) -> int:
    """Give how many keepers must sign the step: one or two (design: protection, Roles).

    One while no more than two keeper keys were ever named; then one keeper still enrols a case
    manager, coordinator or administration, and suspends anyone; all else needs two.
    """
    ends_a_fork = len(new.previous) > 1
    return 1 if not ends_a_fork and _one_keeper_suffices(old, new) else needed_for_all_else(old)


def needed_for_all_else(old: Roster) -> int:
    """Give how many keepers must sign what one alone may not do; a suspension never lowers it."""
    return 1 if len(old.keeper_keys) <= _FEW_KEYS else _ALL_ELSE


def keepers_signed(old: Roster, new: Roster) -> frozenset[int]:
    """Give the keepers of `old` (member ids, SAFE for the offline key) whose signature under `new` counts.

    A suspended keeper's counts only beside another key, for a step that lifts that suspension and
    does nothing else than suspend others.
    """
    suite = suite_of(new.suite)
    message = tagged(Kind.ROSTER, new.content)
    found: set[int] = set()
    lifting: set[int] = set()
    for signer, signature in new.signatures:
        keeper, key, active = _keeper_key(old, signer)
        if key is not None and suite.verify(key, signature, message):
            (found if active else lifting).add(keeper)
    if found:
        found |= {keeper for keeper in lifting if _lifts_only(old, new, keeper)}
    return frozenset(found)


def _check_signatures(old: Roster, new: Roster, needed: int) -> None:
    valid = len(keepers_signed(old, new))
    if valid < needed:
        raise RosterSignaturesError(needed=needed, valid=valid)


def _keeper_key(roster: Roster, signer: int) -> tuple[int, bytes | None, bool]:
    """Give whose signature it is, the key that proves it, and whether the device is not suspended."""
    if signer == SAFE:
        return SAFE, roster.offline_key, True
    device = roster.device(signer)
    if device is None or device.state is DeviceState.REVOKED or device.member not in roster.keepers:
        return SAFE, None, False
    member = roster.member(device.member)
    key = device.public_key if member is not None and member.active else None
    return device.member, key, device.state is DeviceState.ACTIVE


def _lifts_only(old: Roster, new: Roster, keeper: int) -> bool:
    """Tell whether a step lifts suspensions of this keeper's own devices and, at most, suspends others."""
    if (_rest(old), old.members) != (_rest(new), new.members) or len(old.devices) != len(new.devices):
        return False
    lifted = False
    for device in old.devices:
        after = new.device(device.index)
        if after is None or after == device:
            continue
        if device.state is DeviceState.SUSPENDED and after == replace(
            device, state=DeviceState.ACTIVE, accepted=()
        ):
            if device.member != keeper:
                return False
            lifted = True
        elif not _device_by_one(old, new, after):
            return False
    return lifted


def _check_lasting(old: Roster, new: Roster) -> None:
    if new.code != old.code:
        raise RosterChangeError(reason="district_code")
    if new.keeper_keys != old.keeper_keys | keeper_keys_now(new):
        raise RosterChangeError(reason="keeper_keys")
    if new.made < old.made:
        raise RosterChangeError(reason="made")
    if new.suite < old.lowest_suite:
        raise RosterChangeError(reason="suite")
    if new.lowest_suite < old.lowest_suite or new.lowest_version < old.lowest_version:
        raise RosterChangeError(reason="lowered")
    if not {member.id for member in old.members} <= {member.id for member in new.members}:
        raise RosterChangeError(reason="member_gone")
    if any(member.id in new.keepers and member.role is not Role.SUPERVISOR for member in new.members):
        raise RosterChangeError(reason="keeper_role")
    _check_devices(old, new)


def _check_devices(old: Roster, new: Roster) -> None:
    for device in old.devices:
        kept = new.device(device.index)
        if kept is None or _bound(kept) != _bound(device):
            raise RosterChangeError(reason="device_changed")
        if device.state is DeviceState.REVOKED and kept.state is not DeviceState.REVOKED:
            raise RosterChangeError(reason="revocation_lifted")
    first_new = max((device.index for device in old.devices), default=-1) + 1
    if any(device.index < first_new for device in new.devices if old.device(device.index) is None):
        raise RosterChangeError(reason="index_reused")


def _bound(device: Device) -> tuple[int, bytes]:
    return device.member, device.public_key


def _takes_in(old: Roster, new: Roster) -> bool:
    """Tell whether a step enrols anybody or anything, or changes what a member may do."""
    indexes = {device.index for device in old.devices}
    enrols = any(device.index not in indexes for device in new.devices)
    return (
        enrols
        or new.members != old.members
        or (old.keepers, old.offline_key) != (new.keepers, new.offline_key)
    )


def _one_keeper_suffices(old: Roster, new: Roster) -> bool:
    if _rest(old) != _rest(new):
        return False
    members = all(_enrolled_by_one(old, new, member) for member in new.members)
    return members and all(_device_by_one(old, new, device) for device in new.devices)


def _rest(roster: Roster) -> tuple[object, ...]:
    return (
        roster.name,
        roster.expires,
        roster.relays,
        roster.keepers,
        roster.offline_key,
        roster.lowest_suite,
        roster.lowest_version,
        roster.suite,
    )


def _enrolled_by_one(old: Roster, new: Roster, member: Member) -> bool:
    known = old.member(member.id)
    if known is not None:
        return known == member
    return _by_one(member, new)


def _by_one(member: Member, new: Roster) -> bool:
    return member.role in _ENROLLED_BY_ONE and not member.cleared and member.id not in new.keepers


def _device_by_one(old: Roster, new: Roster, device: Device) -> bool:
    known = old.device(device.index)
    if known is None:
        owner = new.member(device.member)
        return owner is not None and _by_one(owner, new)
    if known == device:
        return True
    suspended = known.state is DeviceState.ACTIVE and device.state is DeviceState.SUSPENDED
    return suspended and known.slot == device.slot
