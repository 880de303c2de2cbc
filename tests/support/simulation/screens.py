"""What a device shows of entries that can be deleted or moved, and of case files that are one."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from app.domain.declarations import PERSON, STAND_IN
from app.domain.dots import Dot
from app.domain.records import Record
from app.services.ports import Conflict
from tests.support.simulation.ties import ALIAS, BELONGS, STANDING

if TYPE_CHECKING:
    from tests.support.simulation.device import SimDevice
    from tests.support.simulation.world import World
    from tests.support.simulation.written import Place

PARTS = {"label": "household", "nationality": "nationality", "representative": "representative"}
"""Fields of a person that are written, each with its register."""
_SAID = {STANDING: "standing_reason", ALIAS: "alias_reason"}
"""Registers that say what hangs together, each with the field that holds the word for it."""
Shown = dict["Place", frozenset[str]]


def held(world: World, device: SimDevice) -> frozenset[str]:
    """Give the case files that a device has."""
    return frozenset(name for name, case in world.cases.items() if world.case_file(device, case))


def persons_listed(world: World, device: SimDevice, case: Dot) -> frozenset[str]:
    """Give the persons whom a device lists in a case file."""
    return _names(world, device.queries.records(PERSON.name, case))


def persons_deleted(world: World, device: SimDevice, case: Dot) -> frozenset[str]:
    """Give the persons whom a device lists as deleted in a case file."""
    return _names(world, device.queries.deleted_records(case))


def entries_shown(world: World, device: SimDevice) -> Shown:
    """Give what a device shows of persons, and the words that say what hangs together."""
    found: Shown = {}
    listed, known = set[str](), set[str]()
    for name in sorted(held(world, device)):
        case = world.cases[name]
        listed |= persons_listed(world, device, case)
        known |= persons_deleted(world, device, case)
        record = world.case_file(device, case)
        if record is not None:
            found[name, ALIAS] = words_shown(world, device, record, ALIAS)
        found |= stand_ins_shown(world, device, case) if world.oracle.stand_ins.words() else {}
    for name in sorted(listed | known):
        record = device.queries.record(PERSON.name, world.persons[name])
        if record is not None:
            case_name = world.oracle.ties.made_in[name]
            found[case_name, f"{name}.{STANDING}"] = words_shown(world, device, record, STANDING)
            for item in PARTS if name in listed else ():
                found[case_name, f"{name}.{item}"] = _values(world, device, record, item)
    return found


def stand_ins_shown(world: World, device: SimDevice, case: Dot) -> Shown:
    """Give the words by which a device shows who stands in when: of each entry all that stand."""
    entries = {entry.id: entry for entry in device.queries.records(STAND_IN.name, case)}
    names = {dot: name for name, dot in world.terms.items() if dot in entries}
    found: dict[str, set[str]] = defaultdict(set)
    for item in world.history(device, case) if names else ():
        if item.register == "stand_in" and item.standing and item.dot in world.named:
            found[names[item.record]].add(world.named[item.dot])
    return {
        (world.oracle.stand_ins.terms[name].case, name): frozenset(words) for name, words in found.items()
    }


def words_shown(world: World, device: SimDevice, record: Record, register: str) -> frozenset[str]:
    """Give the words of such a register that a device shows: all, where they are in conflict."""
    found: set[object] = {record.get(_SAID[register])}
    conflict = device.queries.conflict(record.id, register) if record.id else None
    if conflict is not None:
        found = {head.values.get(_SAID[register]) for head in conflict.heads if head.wrote is None}
    return frozenset(str(word) for word in found if word in world.oracle.written)


def words_of_place(world: World, record: Record) -> frozenset[str]:
    """Give the words by which an entry is where it was shown."""
    context = record.shown.get(BELONGS)
    found = {token for at, token in world.named.items() if context and at in context}
    return frozenset(found & world.oracle.ties.words.keys())


def words_on(world: World, page: Conflict) -> frozenset[str]:
    """Give all words that are on a question's page, of whatever register."""
    values = [value for head in page.heads for value in head.values.values()]
    values += [value for head in page.heads if head.wrote for value in head.wrote.values.values()]
    moves = {world.named[head.dot] for head in page.heads if head.dot in world.named}
    return frozenset(str(value) for value in values if value in world.oracle.written) | moves


def _values(world: World, device: SimDevice, record: Record, item: str) -> frozenset[str]:
    values: set[object] = {record.get(item)}
    if PARTS[item] in record.conflicts and record.id is not None:
        conflict = device.queries.conflict(record.id, PARTS[item])
        values = {head.values.get(item) for head in conflict.heads} if conflict else values
    return frozenset(str(value) for value in values if value in world.oracle.written)


def _names(world: World, records: tuple[Record, ...]) -> frozenset[str]:
    found = {record.id for record in records}
    return frozenset(name for name, person in world.persons.items() if person in found)
