"""What changed from one roster to the next, as facts that a screen turns into sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app.domain.audience import Member
from sync.district.roster_chain import keepers_signed
from sync.roster import SAFE, Device, DeviceState, Roster

_DEVICE_MOVES = {
    (DeviceState.ACTIVE, DeviceState.SUSPENDED): "device_suspended",
    (DeviceState.SUSPENDED, DeviceState.ACTIVE): "device_lifted",
    (DeviceState.ACTIVE, DeviceState.REVOKED): "device_revoked",
    (DeviceState.SUSPENDED, DeviceState.REVOKED): "device_revoked",
}
_DISTRICT = {
    "name": "district_renamed",
    "relays": "relays_changed",
    "lowest_suite": "floor_raised",
    "lowest_version": "floor_raised",
}


@dataclass(frozen=True)
class RosterFact:
    """One change: `kind` is stable; names, roles and days stand in `names`, as its sentence asks for them."""

    kind: str
    names: tuple[tuple[str, str], ...] = ()

    def get(self, name: str) -> str:
        """Give a value by name."""
        return dict(self.names)[name]


@dataclass(frozen=True)
class RosterNews:
    """What one version brought and who signed it (names; empty: the key in the safe)."""

    version: int
    made: date
    facts: tuple[RosterFact, ...]
    signers: tuple[str, ...]


def roster_news(old: Roster | None, new: Roster) -> RosterNews:
    """Give what a version brought against the one before (None: the first)."""
    before = new if old is None else old
    facts = (_fact("founded", name=new.name),) if old is None else difference(old, new)
    signers = tuple(_signer(before, member) for member in sorted(keepers_signed(before, new)))
    return RosterNews(new.version, new.made, facts, signers)


def difference(old: Roster, new: Roster) -> tuple[RosterFact, ...]:
    """Give every difference between two rosters, in the order members, devices, keepers, district."""
    parts = (_members(old, new), _devices(old, new), _keepers(old, new), _district(old, new))
    return tuple(fact for part in parts for fact in part)


def _members(old: Roster, new: Roster) -> Iterator[RosterFact]:
    for member in new.members:
        known = old.member(member.id)
        if known is None:
            kind = "enrolled_cleared" if member.cleared else "enrolled"
            yield _fact(kind, name=member.name, role=member.role.value, employer=member.employer)
        elif known != member:
            yield from _member(known, member, new)


def _member(old: Member, new: Member, roster: Roster) -> Iterator[RosterFact]:
    if old.name != new.name:
        yield _fact("renamed", before=old.name, name=new.name)
    if old.role is not new.role:
        yield _fact("role_changed", name=new.name, before=old.role.value, role=new.role.value)
    if old.cleared != new.cleared:
        yield _fact("cleared" if new.cleared else "uncleared", name=new.name)
    if old.employer != new.employer:
        yield _fact("employer_changed", name=new.name, employer=new.employer)
    if old.supervisor != new.supervisor:
        supervisor = None if new.supervisor is None else roster.member(new.supervisor)
        kind = "supervisor_changed" if supervisor else "supervisor_dropped"
        yield _fact(kind, name=new.name, supervisor=supervisor.name if supervisor else "")
    if old.immigration_duties != new.immigration_duties:
        yield _fact("immigration_begun" if new.immigration_duties else "immigration_ended", name=new.name)
    if old.active != new.active:
        yield _fact("returned" if new.active else "left", name=new.name)


def _devices(old: Roster, new: Roster) -> Iterator[RosterFact]:
    for device in new.devices:
        known, name = old.device(device.index), _owner(new, device)
        if known is None:
            yield _fact("device_added", name=name, number=str(device.index))
        elif known.state is not device.state:
            kind = _DEVICE_MOVES.get((known.state, device.state), "device_lifted")
            yield _fact(kind, name=name, number=str(device.index))


def _keepers(old: Roster, new: Roster) -> Iterator[RosterFact]:
    for member in new.members:
        if (member.id in old.keepers) != (member.id in new.keepers):
            yield _fact("keeper_made" if member.id in new.keepers else "keeper_ended", name=member.name)
    if old.offline_key != new.offline_key:
        if old.offline_key is None:
            yield _fact("offline_made")
        else:
            yield _fact("offline_dropped" if new.offline_key is None else "offline_replaced")


def _district(old: Roster, new: Roster) -> Iterator[RosterFact]:
    if old.expires != new.expires:
        kind = "extended" if new.expires > old.expires else "shortened"
        yield _fact(kind, day=new.expires.isoformat())
    kinds = (kind for name, kind in _DISTRICT.items() if getattr(old, name) != getattr(new, name))
    for kind in dict.fromkeys(kinds):
        yield _fact(kind, name=new.name)
    if len(new.previous) > 1:
        yield _fact("fork_ended")


def _owner(roster: Roster, device: Device) -> str:
    member = roster.member(device.member)
    return "" if member is None else member.name


def _signer(roster: Roster, signer: int) -> str:
    member = None if signer == SAFE else roster.member(signer)
    return "" if member is None else member.name


def _fact(kind: str, **names: str) -> RosterFact:
    return RosterFact(kind, tuple(names.items()))
