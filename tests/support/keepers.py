"""Rosters with three keeper keys, and chains drawn at random; every key is that of a name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from app.domain.audience import Member, Role
from sync.roster import SAFE, Device, DeviceState, Roster, first_roster, sign_roster, successor
from tests.support.ports import ANNA, SINA
from tests.support.wire import EXPIRES, key_of, public_of

RUTH = Member(5, "Ruth Arend", "kreis", Role.SUPERVISOR)
SINAS, ANNAS, RUTHS = 0, 1, 2
"""Roster indexes of the three devices."""
NAMES = {SINAS: "sina", ANNAS: "anna", RUTHS: "ruth", SAFE: "safe"}
MADE = date(2026, 11, 2)


def signed(roster: Roster, *signers: int) -> Roster:
    """Let devices (or SAFE) sign, each with the key of its name."""
    for signer in signers:
        roster = sign_roster(roster, signer, key_of(NAMES[signer]).sign)
    return roster


def two_keepers_and_a_safe() -> tuple[Roster, Roster]:
    """Sina founds with a key in the safe; then Ruth is made a keeper and Anna gets a device."""
    first = first_roster(
        "HSK", "Hochsauerland", EXPIRES, SINA, public_of("sina"), offline_key=public_of("safe"), made=MADE
    )
    first = signed(first, SINAS)
    devices = (
        *first.devices,
        Device(ANNAS, ANNA.id, public_of("anna"), 1),
        Device(RUTHS, RUTH.id, public_of("ruth"), 2),
    )
    keepers = frozenset({SINA.id, RUTH.id})
    second = successor(first, members=(ANNA, SINA, RUTH), devices=devices, keepers=keepers)
    return first, signed(second, SINAS)


def with_state(roster: Roster, states: dict[int, DeviceState], **more: object) -> Roster:
    """Give the unsigned next roster in which devices have other states."""
    rows = tuple(
        replace(device, state=states.get(device.index, device.state), accepted=())
        if device.index in states
        else device
        for device in roster.devices
    )
    return successor(roster, devices=rows, **more)


def cleared(roster: Roster, member: int) -> Roster:
    """Give the unsigned next roster in which a member is cleared."""
    rows = tuple(replace(item, cleared=True) if item.id == member else item for item in roster.members)
    return successor(roster, members=rows)


def longer(roster: Roster, days: int = 30) -> Roster:
    """Give the unsigned next roster that expires later."""
    return successor(roster, expires=roster.expires + timedelta(days=days))
