"""Stand-ins: a supervisor names them, for days that were, are or will be; whoever sees one may end it."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import TYPE_CHECKING

from app.domain.audience import Role
from app.domain.declarations import STAND_IN
from app.domain.dots import Dot
from app.domain.records import Record, new_record
from app.services import stand_ins
from tests.support.simulation.acts.registry import act

if TYPE_CHECKING:
    from tests.support.simulation.device import SimDevice
    from tests.support.simulation.world import World

_FROM_TODAY = (-9, -2, 0, 0, 0, 1, 3)
_DAYS = (1, 2, 6, 12, 60, None)
_ALL = 100_000
_REGISTER = STAND_IN.registers[0].name
_FOR_ALL = 0.3
"""How often somebody is named for all case files of a case manager."""


@act(0.35)
def name_stand_in(world: World, device: SimDevice, chance: random.Random) -> str:
    """A supervisor names a case manager who works in a case file beside its own."""
    for one in world.beginning_with(device):
        record = world.pick(one, chance) if one.person.role is Role.SUPERVISOR else None
        if record is not None:
            return _name(world, one, record, chance)
    return "-"


@act(0.3)
def end_stand_in(world: World, device: SimDevice, chance: random.Random) -> str:
    """Somebody ends a stand-in's time at once."""
    for one in world.beginning_with(device):
        known = {dot: name for name, dot in world.terms.items()}
        standing = [item for item in one.open.handovers.stand_ins() if item.stands and item.entry.id in known]
        if standing:
            entry = chance.choice(standing).entry
            return _end(world, one, entry, known[_id(entry)])
    return "-"


def _name(world: World, device: SimDevice, record: Record, chance: random.Random) -> str:
    leads = record.number("responsible") or 0
    members = device.session.members.members()
    others = [item for item in members if item.role is Role.CASE_MANAGER and item.active and item.id != leads]
    if not others:
        return "-"
    chosen, since = chance.choice(others), _today(device) + timedelta(days=chance.choice(_FROM_TODAY))
    days = chance.choice(_DAYS)
    until = None if days is None else since + timedelta(days=days - 1)
    told = since.isoformat(), until.isoformat() if until else "", "holiday"
    before = _said(world, device)
    if chance.random() < _FOR_ALL:
        entry = new_record(
            STAND_IN,
            stand_in=chosen.id,
            stand_in_since=told[0],
            stand_in_until=told[1] or None,
            stand_in_reason=told[2],
        )
        stand_ins.name_for_all(device.session, leads, entry, lambda _done, _all: None, lambda: False)
    else:
        stand_ins.name_stand_in(device.session, _id(record), chosen.id, *told)
    made = {dot: entry for dot, entry in _said(world, device).items() if dot not in before}
    words = [_note(world, device, dot, made[dot], (chosen.name, since, until)) for dot in sorted(made)]
    return f"{device.name} {chosen.name} {told[0]} to {told[1] or 'for good'}: {' '.join(words) or '-'}"


def _note(world: World, device: SimDevice, made: Dot, entry: Dot, term: tuple[str, date, date | None]) -> str:
    token, record = world.oracle.token(), device.queries.record(STAND_IN.name, entry)
    assert record is not None
    assert record.case is not None
    case = world.name_of(record.case)
    world.terms[token] = entry
    world.oracle.stand_ins.name(token, case, *term)
    world.oracle.wrote(device.by, (case, token), token, ())
    world.named[made] = token
    return f"{case} {token}"


def _end(world: World, device: SimDevice, entry: Record, name: str) -> str:
    context = entry.shown[_REGISTER]
    shown = [word for dot, word in world.named.items() if dot in context]
    before, last = _said(world, device), _today(device) - timedelta(days=1)
    stand_ins.end_early(device.session, entry)
    (made,) = _said(world, device).keys() - before.keys()
    token, case = world.oracle.token(), world.oracle.stand_ins.terms[name].case
    world.oracle.stand_ins.end(token, name, last)
    world.oracle.wrote(device.by, (case, name), token, shown)
    world.named[made] = token
    return f"{device.name} {case} {name} {world.oracle.stand_ins.terms[name].person} until {last}: {token}"


def _said(world: World, device: SimDevice) -> dict[Dot, Dot]:
    """Give every change that a device has heard of by which somebody stands in, with its record."""
    told = (item for case in world.cases.values() for item in device.queries.history(case, _ALL))
    return {item.dot: item.record for item in told if item.register == _REGISTER}


def _today(device: SimDevice) -> date:
    return device.clock.now().astimezone().date()


def _id(record: Record) -> Dot:
    assert record.id is not None
    return record.id
