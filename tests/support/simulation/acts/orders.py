"""Orders: erasure and redaction by two signatures, restriction and its lifting by one."""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import TYPE_CHECKING

from app.domain.declarations import CONTACT, PERSON
from app.domain.dots import Dot
from app.domain.orders import OrderKind
from app.domain.records import Record
from app.services.ports import HistoryEntry
from tests.support.simulation.acts.registry import act
from tests.support.simulation.ordered import Ordered

if TYPE_CHECKING:
    from tests.support.simulation.device import SimDevice
    from tests.support.simulation.world import World

_ALL = 100_000
_REDACTED_OF = {"CaseFile": ("concern", "recognition", "safety"), CONTACT.name: ("talk",)}
"""Registers of which the history's page offers to redact a value; all of a person's."""


@act(0.15)
def order_erasure(world: World, device: SimDevice, chance: random.Random) -> str:
    """Ask for a case file to be erased: it counts once the responsible and a supervisor have signed."""
    record = world.pick(device, chance)
    if record is None or _may_forget(world, device):
        return "-"
    cases = _group(world, device, record)
    homes = _homes_shown(world, device)
    dots = {world.cases[name] for name in cases}
    here = frozenset(entry for entry, home in homes.items() if home in dots)
    item = Ordered(OrderKind.ERASE, cases, with_it=here, kept=frozenset(homes) - here)
    return _give(world, device, "client_wish", record, item)


@act(0.5)
def redact(world: World, device: SimDevice, chance: random.Random) -> str:
    """Ask for something that was written to be taken out; two signatures too."""
    record = world.pick(device, chance)
    if record is None or record.id is None or _may_forget(world, device):
        return "-"
    told = [item for item in device.queries.history(record.id, _ALL) if _word_of(world, item)]
    if not told:
        return "-"
    wrong = chance.choice(told)
    word = _word_of(world, wrong)
    item = Ordered(OrderKind.REDACT, _group(world, device, record), words=frozenset({word}))
    world.named[wrong.dot] = word
    return f"{_give(world, device, 'wrong_value', record, item, (wrong.dot,))} {word}"


@act(0.3)
def restrict(world: World, device: SimDevice, chance: random.Random) -> str:
    """Lock a case file: nothing is written into it until that is lifted."""
    record = world.pick(device, chance)
    if record is None or _may_forget(world, device):
        return "-"
    item = Ordered(OrderKind.RESTRICT, _group(world, device, record))
    return _give(world, device, "disputed", record, item)


@act(0.6)
def lift(world: World, device: SimDevice, chance: random.Random) -> str:
    """Unlock a case file: of all restrictions that count on this device."""
    for one in world.beginning_with(device):
        locked = [world.case_file(one, case) for case in one.open.orders.restricted_cases()]
        held = [record for record in locked if record is not None]
        if held and not _may_forget(world, one):
            record = chance.choice(held)
            cases = _group(world, one, record)
            counting = [item for item in one.open.orders.overview() if item.in_force and not item.missing]
            lifts = {item.id.hex() for item in counting if item.order.kind is OrderKind.RESTRICT}
            named = {order for order in lifts if world.oracle.orders.given[order].cases & cases}
            order = Ordered(OrderKind.LIFT, cases, lifts=frozenset(named))
            return _give(world, one, "settled", record, order)
    return "-"


@act(0.5)
def sign_orders(world: World, device: SimDevice, chance: random.Random) -> str:
    """Sign what waits for this person's signature."""
    if _may_forget(world, device) or device.person.name in world.oracle.left:
        return "-"
    waiting = [item for item in device.open.orders.overview() if item.mine and not item.in_force]
    for item in waiting:
        device.open.orders.sign(item.id)
        world.oracle.orders.sign(item.id.hex(), device.by)
    return f"{len(waiting)} signed"


def _give(
    world: World, device: SimDevice, basis: str, record: Record, item: Ordered, dots: Iterable[Dot] = ()
) -> str:
    assert record.id is not None
    order = device.open.orders.issue(item.kind, basis, record.id, dots=dots)
    world.oracle.orders.give(order.hex(), item, device.by)
    return f"{device.name} {item.kind} {' '.join(sorted(item.cases))}"


def _word_of(world: World, entry: HistoryEntry) -> str:
    """Give the word that an entry of the history says, where its page offers to take it out."""
    if entry.register not in _REDACTED_OF.get(entry.type, ()) and entry.type != PERSON.name:
        return ""
    words = [str(value) for value in entry.values.values() if value in world.oracle.written]
    return words[0] if words and words[0] not in world.oracle.ties.words else ""


def _group(world: World, device: SimDevice, record: Record) -> frozenset[str]:
    group = device.queries.case_group(record.id) if record.id else ()
    return frozenset(name for name, case in world.cases.items() if case in group)


def _homes_shown(world: World, device: SimDevice) -> dict[str, Dot | None]:
    """Give the case file in which a device shows each entry that it has, deleted ones too."""
    found = {}
    for kind, entries in ((PERSON.name, world.persons), (CONTACT.name, world.notes)):
        for name, dot in entries.items():
            record = device.queries.record(kind, dot)
            if record is not None:
                found[name] = record.case
    return found


def _may_forget(world: World, device: SimDevice) -> bool:
    """Tell whether this device's disk may be set back: what it signed may then never have been signed."""
    return device is world.devices[world.plan.set_back]
