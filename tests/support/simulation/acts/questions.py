"""Open questions over what stands, where it belongs and what is one: looked at, decided then or later."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from app.domain.declarations import PERSON
from app.services import merging
from app.services.ports import Conflict
from tests.support.simulation.acts.families import moves_of, note_move
from tests.support.simulation.acts.registry import act
from tests.support.simulation.screens import words_on
from tests.support.simulation.ties import ALIAS, BELONGS, DELETED, PRESENT, STANDING

if TYPE_CHECKING:
    from tests.support.simulation.device import SimDevice
    from tests.support.simulation.world import World

_SHOWN = 50
_KINDS = (STANDING, BELONGS, ALIAS)


@act(1)
def look_at_question(world: World, device: SimDevice, chance: random.Random) -> str:
    """Open such a question's page and leave it open."""
    for one in world.beginning_with(device):
        found = [item for item in one.queries.conflicts(_SHOWN) if item.register in _KINDS]
        if found and not one.questions:
            one.questions.append(chance.choice(found))
            return f"{one.name} {one.questions[-1].register} of {one.questions[-1].case_number}"
    return "-"


@act(2)
def answer_question(world: World, device: SimDevice, chance: random.Random) -> str:
    """Decide one: it covers what was on its page, and nothing else."""
    if not any(one.questions for one in world.devices):
        look_at_question(world, device, chance)
    device = next((one for one in world.beginning_with(device) if one.questions), device)
    if not device.questions:
        return "-"
    page = device.questions.pop()
    answers = {STANDING: _whether_it_stands, BELONGS: _where_it_belongs, ALIAS: _what_is_one}
    return f"{device.name} {answers[page.register](world, device, page, chance)}"


def _whether_it_stands(world: World, device: SimDevice, page: Conflict, chance: random.Random) -> str:
    name = next(one for one, known in world.persons.items() if known == page.record)
    says, token, shown = chance.choice((DELETED, PRESENT)), world.oracle.token(), words_on(world, page)
    merging.decide(device.session, page, {"standing": says, "standing_reason": token}, "asked")
    world.oracle.ties.say(token, name, STANDING, says, shown | world.oracle.gone(shown))
    place = (world.oracle.ties.made_in[name], f"{name}.{STANDING}")
    replaced = [one for one in shown if world.oracle.written[one].place == place]
    world.oracle.wrote(device.by, place, token, replaced, entry=name)
    return f"{name} {says}: {token} over {' '.join(sorted(shown))}"


def _where_it_belongs(world: World, device: SimDevice, page: Conflict, chance: random.Random) -> str:
    known = {*world.persons.values(), *world.notes.values()}
    shown, head = words_on(world, page), chance.choice(page.heads)
    cases = {case: name for name, case in world.cases.items()}
    into = head.values.get("case_file")
    if page.record not in known or into not in cases:
        return "-"
    before = moves_of(world, device)
    merging.decide(device.session, page, head.values, "asked")
    token = note_move(world, device, page.record, cases[into], shown, before)
    kind = PERSON.name if page.type == PERSON.name else "note"
    return f"{kind} belongs to {cases[into]}: {token} over {' '.join(sorted(shown))}"


def _what_is_one(world: World, device: SimDevice, page: Conflict, chance: random.Random) -> str:
    own = [head for head in page.heads if head.wrote is None]
    token, shown, name = world.oracle.token(), words_on(world, page), world.name_of(page.record)
    values = chance.choice([*(head.values for head in own), {}])
    into = values.get("alias_into")
    merging.decide(device.session, page, {**values, "alias_reason": token}, "asked")
    says = "" if into is None else next(one for one, case in world.cases.items() if case == into)
    world.oracle.ties.say(token, name, ALIAS, says, shown)
    mine = [one for one in shown if world.oracle.written[one].place == (name, ALIAS)]
    world.oracle.wrote(device.by, (name, ALIAS), token, mine)
    return f"{name} -> {says or 'apart'}: {token} over {' '.join(sorted(shown))}"
