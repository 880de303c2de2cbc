"""The laws of merging for all that is worked out from a set of changes, and not only for one register.

Deletion against editing, where a record belongs, which case files are one, and what a
consent amounts to: any order, any grouping, twice = once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.aliases import Alias, merge_case_files
from app.domain.classes import RegisterClass
from app.domain.consent import ENTRY, item_state
from app.domain.declarations import REGISTRY
from app.domain.dots import Context, Dot
from app.domain.links import linked_case
from app.domain.merge import Change, RegisterState, context_of_decision, context_of_shown, merge_change
from app.domain.records import Record
from app.domain.schema import ALIAS, BELONGS, STANDING, Value
from app.domain.standing import fate_of
from app.domain.values import decode_register, encode_register

FILES = tuple(Dot(9, 9, number) for number in (1, 2, 3))
PERSON = Dot(9, 9, 10)
ACTS = ("edit", "edit", "delete", "back", "move", "merge", "part", "yes", "no")
States = Mapping[tuple[Dot, str], RegisterState]


def merged(changes: Iterable[Change], states: States | None = None) -> dict[tuple[Dot, str], RegisterState]:
    result = dict(states or {})
    for change in changes:
        place = (change.record, change.register)
        result[place] = merge_change(result.get(place, RegisterState()), change)
    return result


def picture(states: States) -> tuple[object, ...]:
    """All that a person is shown of these states."""
    person = {name: state.heads for (record, name), state in states.items() if record == PERSON}
    fate = fate_of(person)
    homes = frozenset(linked_case(head) for head in person.get(BELONGS, ()))
    aliases = [
        Alias(head.dot, head.record, head.context, head.author, into)
        for (_record, name), state in states.items()
        if name == ALIAS
        for head in state.heads
        if (into := linked_case(head)) is not None
    ]
    files = merge_case_files(aliases)
    entries = [
        Record(head.type, head.record, FILES[0], decode_entry(head), {ENTRY: head.context})
        for (_record, name), state in states.items()
        if name == ENTRY
        for head in state.heads
    ]
    rivals = {name: tuple(item.dot for item in group) for name, group in files.rivals.items()}
    unseen = tuple(sorted(head.dot for head in fate.unseen))
    consent = item_state(entries, "supervision")
    return (fate.deleted, fate.contested, unseen, homes, files.canonical, rivals, consent)


def decode_entry(head: Change) -> dict[str, Value]:
    declared = REGISTRY[head.type].register_by_name[ENTRY]
    return dict(decode_register(declared, head.value))


@dataclass
class Device:
    """What one device knows; it covers what it was shown, and nothing else."""

    number: int
    states: dict[tuple[Dot, str], RegisterState] = field(default_factory=dict)
    seq: int = 0

    def write(self, kind: str, register: str, record: Dot | None, also: Context, **values: object) -> Change:
        self.seq += 1
        dot = Dot(self.number, 1, self.seq)
        declared = REGISTRY[kind].register_by_name[register]
        known = self.states.get((record or dot, register), RegisterState()).heads
        context = context_of_shown(known[-1]) if known else Context()
        value = encode_register(declared, values, {})  # type: ignore[arg-type]  # values of the test's own making
        base = RegisterClass.BASE
        change = Change(
            dot,
            FILES[0],
            record or dot,
            kind,
            register,
            base,
            value,
            context | also,
            self.seq,
            self.number,
            1,
        )
        self.states = merged([change], self.states)
        return change

    def shown(self, record: Dot, registers: Iterable[str]) -> Context:
        heads = (
            head for name in registers for head in self.states.get((record, name), RegisterState()).heads
        )
        return context_of_decision(heads)


# Made once: a strategy made within an example is looked through anew in every example.
HOW_MANY, WHO, WHAT = st.integers(1, 12), st.integers(0, 2), st.sampled_from(ACTS)
HEARD = st.lists(st.integers(0, 11), max_size=4)
EDITED, HOMES, ORDERS = st.sampled_from(("gender", "work")), st.sampled_from(FILES), st.permutations(FILES)


def act(device: Device, kind: str, draw: st.DrawFn) -> Change:
    """Write what a person does on what their device shows."""
    person = [name for record, name in device.states if record == PERSON]
    if kind == "edit":
        name = draw(EDITED)
        codes = {"gender": "female", "work": "none"}
        return device.write("Person", name, PERSON, Context(), **{name: codes[name]})
    if kind in ("delete", "back"):
        standing = "deleted" if kind == "delete" else "present"
        return device.write("Person", STANDING, PERSON, device.shown(PERSON, person), standing=standing)
    if kind == "move":
        return device.write("Person", BELONGS, PERSON, Context(), case_file=draw(HOMES))
    if kind in ("merge", "part"):
        source, into = draw(ORDERS)[:2]
        shown = Context()
        for case in FILES:
            shown |= device.shown(case, [ALIAS])
        values = {"alias_into": into} if kind == "merge" else {}
        return device.write("CaseFile", ALIAS, source, shown, **values)
    known = Context.of(record for record, name in device.states if name == ENTRY)
    if kind == "no":
        return device.write("Withdrawal", ENTRY, None, known, withdrawn=("supervision",))
    return device.write("Consent", ENTRY, None, known, supervision_item="yes")


@st.composite
def histories(draw: st.DrawFn) -> list[Change]:
    """Changes of three devices that hear of each other now and then."""
    devices = [Device(number) for number in (1, 2, 3)]
    everything: list[Change] = []
    for _ in range(draw(HOW_MANY)):
        device = devices[draw(WHO)]
        heard = draw(HEARD) if everything else []
        device.states = merged((everything[place % len(everything)] for place in heard), device.states)
        everything.append(act(device, draw(WHAT), draw))
    return everything


@settings(max_examples=1000)
@given(histories(), st.randoms(use_true_random=False))
def test_any_order_shows_the_same(history: list[Change], random: object) -> None:
    shuffled = list(history)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis' Random
    assert merged(shuffled) == merged(history)
    assert picture(merged(shuffled)) == picture(merged(history))


@settings(max_examples=1000)
@given(histories(), st.integers(0, 12))
def test_any_grouping_and_twice_shows_the_same(history: list[Change], cut: int) -> None:
    once = picture(merged(history))
    assert picture(merged(history[cut:], merged(history[:cut]))) == once
    assert picture(merged(history, merged(history))) == once


@settings(max_examples=1000)
@given(histories())
def test_a_record_is_deleted_only_when_every_other_word_was_known_to_who_deleted_it(
    history: list[Change],
) -> None:
    states = merged(history)
    person = {name: state.heads for (record, name), state in states.items() if record == PERSON}
    if fate_of(person).deleted:
        (deletion,) = person[STANDING]
        written = {head.dot for name, heads in person.items() if name != STANDING for head in heads}
        assert written <= frozenset(deletion.context)


@settings(max_examples=1000)
@given(histories())
def test_case_files_are_one_only_when_nobody_contradicts(history: list[Change]) -> None:
    states = merged(history)
    heads = [head for (_record, name), state in states.items() if name == ALIAS for head in state.heads]
    aliases = [
        Alias(head.dot, head.record, head.context, head.author, into)
        for head in heads
        if (into := linked_case(head)) is not None
    ]
    result = merge_case_files(aliases)
    for alias in aliases:
        together = result.canonical.get(alias.source, alias.source) == result.canonical.get(
            alias.into, alias.into
        )
        assert together is not (alias.source in result.rivals)
        ends = {alias.source, alias.into}
        others = [item for item in aliases if item.dot != alias.dot and {item.source, item.into} & ends]
        unaware = [item for item in others if item.dot not in alias.context and alias.dot not in item.context]
        assert not (together and unaware)
