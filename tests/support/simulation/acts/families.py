"""Families: two case files put together and taken apart, persons who leave for a case file of their own."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from app.domain.declarations import CASE_SPLIT, CONSENT, PERSON
from app.domain.dots import Dot
from app.domain.records import Record, new_record
from app.services import case_merging, case_splitting, cases
from tests.support.simulation.acts.registry import act
from tests.support.simulation.screens import words_of_place
from tests.support.simulation.ties import ALIAS, BELONGS

if TYPE_CHECKING:
    from tests.support.simulation.device import SimDevice
    from tests.support.simulation.world import World

_ALL = 100_000


@act(0.9)
def put_together(world: World, device: SimDevice, chance: random.Random) -> str:
    """Say that two case files are the same family, after it was shown who then reads what."""
    found = [one for one in world.beginning_with(device) if len(_read_apart(world, one)) > 1]
    if not found:
        return "-"
    device = found[0]
    source, into = chance.sample(_read_apart(world, device), 2)
    token, joined = world.oracle.token(), device.open.joined_files
    shown = _aliases_shown(world, device, (source, into))
    joined.merge(joined.plan(_id(source), _id(into)), token)
    return _say_alias(world, device, source, world.name_of(_id(into)), token, shown)


@act(0.6)
def take_apart(world: World, device: SimDevice, chance: random.Random) -> str:
    """Take a case file out of the one under which it is read."""
    for one in world.beginning_with(device):
        merged = [record for case in _read_apart(world, one) for record in _merged(one, _id(case))]
        if merged:
            source, token = chance.choice(merged), world.oracle.token()
            into = source.reference("alias_into")
            other = None if into is None else world.case_file(one, into)
            shown = _aliases_shown(world, one, (source, other) if other else (source,))
            case_merging.part_case_files(one.session, source, token)
            return _say_alias(world, one, source, "", token, shown)
    return "-"


@act(0.7)
def leave(world: World, device: SimDevice, chance: random.Random) -> str:
    """Somebody leaves a household, into a case file with sheet and consents of its own."""
    record = world.pick(device, chance)
    persons = [] if record is None else list(device.queries.records(PERSON.name, record.id))
    if record is None or len(persons) < 2:
        return "-"
    leaving, token = [_id(chance.choice(persons))], world.oracle.token()
    shown, before = _moves_shown(world, device), moves_of(world, device)
    done = case_splitting.split_case_file(device.session, _id(record), leaving, {}, token)
    name = _new_case(world, device, done.case_file)
    moved = _note_moves(world, device, done.moved, name, shown, before)
    _note_split(world, device, record, token)
    for kind, values in (("sheet", {}), ("consent", {"supervision_item": "yes", "stand_in_item": "yes"})):
        day = device.clock.now().date().isoformat()
        entry = new_record(CONSENT, done.case_file.id, consent_kind=kind, given_on=day, consent_form="oral")
        cases.save_record(device.session, None, entry.edited(text_version="1.0", **values))
    return f"{device.name} {record.text('number')} -> {name}: {token}, {' '.join(moved)}"


@act(0.5)
def return_home(world: World, device: SimDevice, chance: random.Random) -> str:
    """Undo a split: who had left belongs where they were again."""
    for one in world.beginning_with(device):
        for case in _read_apart(world, one):
            told = one.queries.records(CASE_SPLIT.name, _id(case))
            left = [entry for entry in told if entry.text("split_kind") == "left"]
            if left:
                return _take_back(world, one, case, chance.choice(left))
    return "-"


def _take_back(world: World, device: SimDevice, case: Record, entry: Record) -> str:
    token, shown, before = world.oracle.token(), _moves_shown(world, device), moves_of(world, device)
    moved = case_splitting.take_back(device.session, _id(case), entry, token)
    name = world.name_of(_id(case))
    tokens = _note_moves(world, device, moved, name, shown, before)
    _note_split(world, device, case, token)
    return f"{device.name} -> {name}: {token}, {' '.join(tokens)}"


def moves_of(world: World, device: SimDevice) -> dict[Dot, Dot]:
    """Give every change of where something belongs that a device has heard of, with its record."""
    told = [item for case in world.cases.values() for item in device.queries.history(case, _ALL)]
    return {item.dot: item.record for item in told if item.register == BELONGS}


def note_move(
    world: World, device: SimDevice, record: Dot, case: str, shown: Iterable[str], before: Collection[Dot]
) -> str:
    """Give a change of where a record belongs a token of its own: the one that was not there before."""
    now = moves_of(world, device)
    made = next((dot for dot, moved in now.items() if moved == record and dot not in before), None)
    if made is None:
        return "-"
    entry, token = _entry(world, record), world.oracle.token()
    world.oracle.ties.say(token, entry, BELONGS, case, shown)
    place = (world.oracle.ties.made_in[entry], f"{entry}.{BELONGS}")
    world.oracle.wrote(device.by, place, token, shown, entry=entry)
    world.named[made] = token
    return token


def _note_moves(
    world: World,
    device: SimDevice,
    moved: Iterable[Record],
    case: str,
    shown: dict[Dot, frozenset[str]],
    before: Collection[Dot],
) -> list[str]:
    known = {*world.persons.values(), *world.notes.values()}
    ids = [_id(record) for record in moved if record.id in known]
    return [note_move(world, device, one, case, shown.get(one, frozenset()), before) for one in ids]


def _moves_shown(world: World, device: SimDevice) -> dict[Dot, frozenset[str]]:
    """Give, for each entry, the words by which it is where it is shown, before anybody moves it again."""
    found = {}
    for kind, entries in ((PERSON.name, world.persons), ("Contact", world.notes)):
        for dot in entries.values():
            record = device.queries.record(kind, dot)
            found[dot] = words_of_place(world, record) if record else frozenset()
    return found


def _new_case(world: World, device: SimDevice, record: Record) -> str:
    name = record.text("number")
    while name in world.cases:  # a disk that was set back gives a number twice
        name += "'"
    world.cases[name] = _id(record)
    members = device.session.members
    world.oracle.makers[name] = device.person.name
    for field, who in (("responsible", world.oracle.responsible), ("supervision", world.oracle.supervision)):
        member = members.member(record.number(field) or 0)
        who[name] |= {member.name} if member else set()
    return name


def _note_split(world: World, device: SimDevice, case: Record, token: str) -> None:
    name = world.name_of(_id(case))
    world.oracle.wrote(device.by, (name, token), token, (), sensitive=True)


def _say_alias(
    world: World, device: SimDevice, source: Record, says: str, token: str, shown: frozenset[str]
) -> str:
    name, own = world.name_of(_id(source)), source.text("alias_reason")
    world.oracle.ties.say(token, name, ALIAS, says, shown)
    # It covers what was shown and all that this had covered, also by way of the other case file.
    world.oracle.wrote(device.by, (name, ALIAS), token, [own, *world.oracle.ties.before(token)])
    return f"{device.name} {name} -> {says or 'apart'}: {token} over {' '.join(sorted(shown))}"


def _aliases_shown(world: World, device: SimDevice, files: Iterable[Record]) -> frozenset[str]:
    """Give the words for it that are shown of all case files that are one with these."""
    group = {case for record in files for case in device.queries.case_group(_id(record))}
    heads = [world.case_file(device, case) for case in group]
    words = {head.text("alias_reason") for head in heads if head is not None}
    return frozenset(words & world.oracle.ties.words.keys())


def _read_apart(world: World, device: SimDevice) -> list[Record]:
    """Give the case files that a device lists."""
    shown = [world.case_file(device, case) for _, case in sorted(world.cases.items())]
    return [item for item in shown if item and device.queries.canonical_case(_id(item)) == item.id]


def _merged(device: SimDevice, case: Dot) -> list[Record]:
    found = case_merging.merged_files(device.session, case)
    return [record for record in found if record.reference("alias_into") is not None]


def _entry(world: World, record: Dot) -> str:
    return next(name for name, dot in (*world.persons.items(), *world.notes.items()) if dot == record)


def _id(record: Record) -> Dot:
    assert record.id is not None
    return record.id
