"""What was wrong at the end of a history, counted as the issue counts it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from app.domain.attachment import ATTACHMENT
from app.domain.declarations import CONTACT, PERSON
from app.domain.dots import Dot
from app.services import cases
from tests.support.simulation.acts.consents import ITEMS
from tests.support.simulation.device import SimDevice
from tests.support.simulation.expected import Expected, judge_ties
from tests.support.simulation.programs import Program
from tests.support.simulation.screens import PARTS
from tests.support.simulation.ties import ALIAS, STANDING
from tests.support.simulation.tokens import tokens_in
from tests.support.simulation.waiting import awaited
from tests.support.simulation.world import World
from tests.support.simulation.written import NO, Place

Shown = dict[Place, frozenset[str]]


@dataclass
class Verdict:
    """Sentences by kind; all empty when all is well."""

    lost: list[str] = field(default_factory=list)
    """A value vanished that nobody replaced who was shown it."""
    hidden: list[str] = field(default_factory=list)
    """A standing value is not shown to somebody who is to have it."""
    phantom: list[str] = field(default_factory=list)
    """A value is shown that was rightly replaced or ended."""
    diverged: list[str] = field(default_factory=list)
    """Two who may read the same are shown different things, or things never come to rest."""
    misread: list[str] = field(default_factory=list)
    """A value lies in the store of somebody who never was to have it."""

    broken: list[str] = field(default_factory=list)
    """The program failed without a sentence."""

    @property
    def kinds(self) -> frozenset[str]:
        """What sort of thing was wrong."""
        return frozenset(kind for kind, found in vars(self).items() if found)

    @property
    def sentences(self) -> list[str]:
        """All that was wrong."""
        named = vars(self).items()
        return [f"{kind}: {sentence}" for kind, found in named for sentence in found]


def judge(world: World) -> Verdict:
    """Look at every screen and into every store."""
    verdict = Verdict()
    older = _judge_older(world, verdict)
    world.bring_up_to_date()
    known = {device.name: world.known(device) for device in world.devices}
    shown = {device.name: world.shown(device) for device in world.devices}
    everywhere = frozenset().union(*known.values())
    at_work = frozenset().union(*(known[name] for name in known if name != world.oracle.suspended))
    on_screens = frozenset().union(*(tokens for seen in shown.values() for tokens in seen.values()))
    for token in sorted(world.oracle.must_exist(everywhere) - everywhere):
        verdict.lost.append(f"{token} of {world.oracle.written[token].device} is nowhere")
    offered = frozenset(
        token
        for device in world.devices
        for token in known[device.name]
        if device.name != world.oracle.suspended and world.oracle.brings(*device.by, token, everywhere)
    )
    for device in world.devices:
        _judge_screen(world, verdict, device, known[device.name], shown[device.name], on_screens)
        _judge_reach(world, verdict, device, known[device.name], everywhere, offered)
        _judge_items(world, verdict, device, known[device.name])
        _judge_rule(world, verdict, device, shown[device.name])
        _judge_rider(world, verdict, device, shown[device.name])
        _judge_list(world, verdict, device, shown[device.name])
        _judge_search(world, verdict, device, shown[device.name])
        _judge_store(world, verdict, device, known[device.name])
        _judge_attachments(world, verdict, device)
        if device.name not in older:
            _judge_leavings(world, verdict, device, known[device.name], everywhere)
        for lacking in awaited(world, device, at_work):
            verdict.diverged.append(f"{device.name} waits for ever: {lacking}")
        for kind, sentence in judge_ties(Expected(world, device, known[device.name])):
            getattr(verdict, kind).append(sentence)
    _judge_backups(world, verdict, known)
    there = [device for device in world.devices if device.name != world.oracle.suspended]
    unsure = (Expected(world, device, known[device.name]).unsure for device in there)
    verdict.diverged += _differences(world, shown, everywhere, frozenset().union(*unsure))
    if world.restless:
        verdict.diverged.append("rounds never come to rest")
    return verdict


def _judge_older(world: World, verdict: Verdict) -> frozenset[str]:
    """Look at the screens of those who still have the older program: what it knows, it shows as any does.

    Gives the names of their computers.
    """
    older = [device for device in world.devices if device.program is Program.BEFORE]
    for device in older:
        shown, known = world.shown(device), world.known(device)
        _judge_screen(world, verdict, device, known, shown, world.oracle.written.keys())
        _judge_items(world, verdict, device, known)
        _judge_list(world, verdict, device, shown)
    return frozenset(device.name for device in older)


def _judge_screen(
    world: World,
    verdict: Verdict,
    device: SimDevice,
    known: frozenset[str],
    shown: Shown,
    on_screens: Collection[str],
) -> None:
    """Compare what a device shows with what follows from what it knows."""
    follows = Expected(world, device, known)
    expected, unsure = follows.shown(), follows.unsure
    for place in sorted(expected.keys() | shown.keys()):
        wanted, found = expected.get(place, frozenset()) - unsure, shown.get(place, frozenset()) - unsure
        if wanted != found and follows.is_open(place):
            continue
        for token in sorted(wanted - found):
            kind = verdict.hidden if token in on_screens else verdict.lost
            kind.append(f"{device.name} does not show {token} in {place}")
        for token in sorted(found - wanted):
            verdict.phantom.append(f"{device.name} shows {token} in {place}")


def _judge_reach(
    world: World,
    verdict: Verdict,
    device: SimDevice,
    known: frozenset[str],
    everywhere: frozenset[str],
    offered: frozenset[str],
) -> None:
    """Tell which standing values never came to somebody who is to have them."""
    if device.name == world.oracle.suspended:
        return
    standing = frozenset().union(*world.oracle.standing(everywhere).values())
    standing -= world.oracle.fallen()
    for token in sorted(standing - known):
        item = world.oracle.written[token]
        excused = item.place in world.oracle.places_in_doubt() or _hangs_elsewhere(
            world, device, token, everywhere
        )
        if token in offered and not excused and world.oracle.may_read(device.person.name, token, everywhere):
            verdict.hidden.append(f"{device.name} never got {token} of {world.oracle.written[token].device}")


def _hangs_elsewhere(world: World, device: SimDevice, token: str, everywhere: frozenset[str]) -> bool:
    """Tell whether a word joins, parts or moves what a device has never seen, and is not to see now."""
    ties, name = world.oracle.ties, device.person.name
    word = ties.words.get(token)
    if word is None or word.what == STANDING:
        return False
    if word.what == ALIAS:
        # Who was shut out is told nothing any more, but that what they know as one is so no more.
        told = ties.before(token) & world.known(device)
        return not told and not world.oracle.reads(name, word.about, everywhere)
    dot = {**world.persons, **world.notes}[word.about]
    has = any(device.queries.record(kind, dot) for kind in (PERSON.name, CONTACT.name))
    return not has and not all(
        world.oracle.reads(name, home, everywhere) for home in ties.homes(word.about, everywhere)
    )


def _judge_store(world: World, verdict: Verdict, device: SimDevice, known: frozenset[str]) -> None:
    """Look through every byte of a store for what may not be there: others' values, and erased ones."""
    gone = world.oracle.fallen(Expected(world, device, known).judged)
    for token in sorted(world.stored(device) & world.oracle.written.keys()):
        if not world.oracle.may_lie_on(device.by, token):
            verdict.misread.append(f"{token} lies on {device.name}")
        # A suspended computer is told nothing any more, orders neither: the case files on it are listed.
        if token in gone and device.name != world.oracle.suspended:
            verdict.phantom.append(f"{token} lies on {device.name}, though an order took it out")


def _judge_backups(world: World, verdict: Verdict, known: dict[str, frozenset[str]]) -> None:
    """Look through the backups that a store knows of for what was erased; copies elsewhere age out."""
    device = world.devices[world.plan.set_back]
    if device.backups is None or world.plan.real or device.name == world.oracle.suspended:
        return
    gone = world.oracle.fallen(Expected(world, device, known[device.name]).judged)
    status = device.open.backups.status()
    for path in device.backups.there() if status.folder and not status.debts else ():
        for token in sorted(tokens_in(path.read_bytes()) & gone):
            verdict.phantom.append(f"{token} lies in {path.name}, though an order took it out")


def _judge_attachments(world: World, verdict: Verdict, device: SimDevice) -> None:
    """Tell which attachments are in a list without the file that was added."""
    for case in world.cases.values():
        for record in device.queries.records(ATTACHMENT.name, case):
            word = record.text("attachment_name")
            there = device.queries.contents.part(record.id, 0) if record.id else None
            if not there or word.encode() not in there:
                verdict.lost.append(f"{device.name} has not the file {word}")


def _wrote_alone(
    world: World, device: SimDevice, case: str, known: frozenset[str], everywhere: frozenset[str]
) -> bool:
    """Tell whether something stands in a case file that was written at a device and is for nobody else."""
    oracle, person = world.oracle, device.person.name
    others = oracle.people.keys() - {person}
    return any(
        oracle.written[token].device == device.name
        and oracle.written[token].case == case
        and not any(oracle.may_read(other, token, everywhere) for other in others)
        for token in frozenset().union(*oracle.standing(known).values())
    )


def _waits_for_absent(
    world: World, device: SimDevice, case: str, known: frozenset[str], everywhere: frozenset[str]
) -> bool:
    """Tell whether something was written at a device for somebody whose only computer is suspended.

    They have not signed for it, and may have another computer one day.
    """
    oracle = world.oracle
    absent = oracle.people.keys() - {one.person.name for one in world.devices if one.name != oracle.suspended}
    mine = (token for token in known & oracle.written.keys() if oracle.written[token].device == device.name)
    words = [token for token in mine if oracle.written[token].case == case]
    return any(oracle.may_read(name, token, everywhere) for name in absent for token in words)


def _judge_leavings(
    world: World, verdict: Verdict, device: SimDevice, known: frozenset[str], everywhere: frozenset[str]
) -> None:
    """Tell which case files are still there though their family fell apart, and they were only read by it.

    What was attached on a computer, or is for nobody else, lies nowhere else, and keeps the case file there;
    so does what somebody who reads it has not signed for.
    """
    oracle, ties, person = world.oracle, world.oracle.ties, device.person.name
    if device.name == oracle.suspended or person in oracle.left:
        return
    for case in sorted(Expected(world, device, known).held):
        family, group = ties.ever_joined(case, known & ties.words.keys()), ties.group(case, known)
        parted = family - group and not any(ties.in_doubt(one, known) for one in family)
        named = any(oracle.roles(person, one, oracle.stand_ins.ever(one)) for one in group)
        named = named or oracle.makers.get(case) == person
        reads = oracle.reads(person, case, known) or oracle.reads(person, case, everywhere)
        attached = device.queries.records(ATTACHMENT.name, world.cases[case])
        kept = attached or _wrote_alone(world, device, case, known, everywhere)
        kept = kept or _may_be_last(world, device, case, known)
        kept = kept or _waits_for_absent(world, device, case, known, everywhere)
        if parted and not named and not reads and not kept:
            verdict.misread.append(f"{device.name} still has {case}, which is one with nothing of theirs")


def _may_be_last(world: World, device: SimDevice, case: str, known: frozenset[str]) -> bool:
    """Tell whether a copy may be the last: nobody at work leads the case file, or is cleared for all."""
    oracle = world.oracle
    there = {one.person.name for one in world.devices if one.name != oracle.suspended} - oracle.left
    others = {name for name in there - {device.person.name} if oracle.reads(name, case, known)}
    leads = any(oracle.roles(name, case, frozenset()) for name in others)
    sensitive = any(oracle.written[token].sensitive and case in oracle.cases_of(token) for token in known)
    return not leads or (sensitive and not any(oracle.people[name].cleared for name in others))


def _judge_items(world: World, verdict: Verdict, device: SimDevice, known: frozenset[str]) -> None:
    """Compare what a device says of consent with what its entries amount to."""
    for name, case in sorted(world.cases.items()):
        entries = world.entries_shown(device, case)
        if world.case_file(device, case) is None:
            continue
        for item in ITEMS:
            group = world.oracle.ties.group(name, known)
            wanted = world.oracle.item(group, item, entries)
            found = cases.consent_item(device.queries, case, item)
            if found != wanted:
                kind = verdict.phantom if wanted == NO else verdict.hidden
                kind.append(f"{device.name} says {found} of {item} in {name}, not {wanted}")


def _judge_rule(world: World, verdict: Verdict, device: SimDevice, shown: Shown) -> None:
    """Compare the rule of contact that is shown with the strictest of those that stand."""
    for name, case in sorted(world.cases.items()):
        record, tokens = world.case_file(device, case), shown.get((name, "not_before"))
        if record is None or not tokens:
            continue
        found, wanted = record.text("contact_rule") or "free", world.oracle.strictest(tokens)
        if found not in wanted:
            verdict.hidden.append(f"{device.name} shows {found} of {sorted(tokens)}, not {sorted(wanted)}")


def _judge_rider(world: World, verdict: Verdict, device: SimDevice, shown: Shown) -> None:
    """Compare what goes with the one value that stands, in a field that not every program knows."""
    for name, case in sorted(world.cases.items()):
        tokens = shown.get((name, "not_before"), frozenset())
        record, wanted = world.case_file(device, case), {world.oracle.riders.get(token) for token in tokens}
        if record is None or len(tokens) != 1 or None in wanted:
            continue
        found = record.text("never_interpreter")
        if found not in wanted:
            kind = verdict.phantom if found else verdict.lost
            kind.append(f"{device.name} shows {found!r} beside {sorted(tokens)}, not {wanted}")


def _judge_list(world: World, verdict: Verdict, device: SimDevice, shown: Shown) -> None:
    """Tell which open questions are not on the list of those that a person has to decide."""
    listed = {(conflict.record, conflict.register) for conflict in device.queries.conflicts(1000)}
    for (name, item), tokens in sorted(shown.items()):
        question = _question(world, name, item)
        if len(tokens) > 1 and question is not None and question not in listed:
            verdict.hidden.append(f"{device.name} does not ask about {item} of {name}")


def _question(world: World, case: str, item: str) -> tuple[Dot, str] | None:
    """Give the record and register about which is asked where several values stand."""
    if item in world.fields:
        return world.cases[case], world.fields[item]
    if item in world.terms:
        return world.terms[item], "stand_in"
    entry, _, part = item.rpartition(".")
    return (world.persons[entry], PARTS[part]) if part in PARTS else None


def _judge_search(world: World, verdict: Verdict, device: SimDevice, shown: Shown) -> None:
    """Look for a case file by a word of what stands in it: rows and index follow what came."""
    for name, case in sorted(world.cases.items()):
        if device.queries.is_restricted(device.queries.canonical_case(case)):
            continue
        words = {
            next(iter(tokens))
            for (place, item), tokens in shown.items()
            if place == name and len(tokens) == 1 and (item == "concern" or tokens & world.oracle.periods)
        }
        for word in sorted(words):
            if [row.id for row in device.queries.search_cases(word, 2)] != [
                device.queries.canonical_case(case)
            ]:
                verdict.hidden.append(f"{device.name} does not find {name} by {word}")


def _differences(
    world: World, shown: dict[str, Shown], everywhere: frozenset[str], unsure: frozenset[str]
) -> Iterator[str]:
    """Compare, for each case file, all who may read the same of it now; but for what may have gone."""
    for name in sorted(world.cases.keys() - world.oracle.erased_cases()):
        doubt = world.oracle.places_in_doubt()
        here = [t for t in everywhere if world.oracle.written[t].case == name]
        tokens = [t for t in here if world.oracle.written[t].place not in doubt and t not in unsure]
        groups: dict[frozenset[str], list[SimDevice]] = {}
        for device in world.devices:
            if device.name == world.oracle.suspended:
                continue
            may_read = [t for t in tokens if world.oracle.may_read(device.person.name, t, everywhere)]
            mine = frozenset(t for t in may_read if not _hangs_elsewhere(world, device, t, everywhere))
            groups.setdefault(mine, []).append(device)
        for mine, alike in groups.items():
            seen = {
                tuple(
                    (place, tokens & mine)
                    for place, tokens in sorted(shown[device.name].items())
                    if tokens & mine
                )
                for device in alike
                if mine
            }
            if len(seen) > 1:
                yield f"{', '.join(device.name for device in alike)} end differently in {name}"
