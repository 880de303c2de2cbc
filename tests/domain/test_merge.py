"""The merge law: any order, any grouping, twice = once, nothing lost silently."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.classes import RegisterClass
from app.domain.dots import Context, Dot
from app.domain.merge import (
    Change,
    context_of_decision,
    context_of_shown,
    merge_change,
    merge_changes,
    provisional_winner,
)

RECORD = Dot(1, 1, 1)


def change(dot: Dot, context: Context, value: bytes = b"", hlc: int = 0) -> Change:
    return Change(
        dot, RECORD, RECORD, "CaseFile", "concern", RegisterClass.BASE, value, context, hlc, dot.device, 1
    )


# Made once: a strategy made within an example is looked through anew in every example.
HOW_MANY, DEVICES = st.integers(1, 14), st.sampled_from((1, 2, 3))
SESSIONS, CLOCKS = st.integers(1, 2), st.integers(0, 5)
PLACES, DECIDED = st.integers(0, 13), st.booleans()
RECEIVED = st.lists(PLACES, max_size=4)


@st.composite
def histories(draw: st.DrawFn) -> list[Change]:
    """Changes as devices would write them: each covers what its author was shown, some are decisions."""
    known: dict[int, list[Change]] = {device: [] for device in (1, 2, 3)}
    everything: list[Change] = []
    for number in range(draw(HOW_MANY)):
        device = draw(DEVICES)
        received = draw(RECEIVED) if everything else []
        known[device].extend(everything[place % len(everything)] for place in received)
        heads = merge_changes(known[device]).heads
        context = Context()
        if heads:
            decided = draw(DECIDED)
            shown = heads[0] if decided else heads[draw(PLACES) % len(heads)]
            context = context_of_decision(heads) if decided else context_of_shown(shown)
        session = draw(SESSIONS)
        written = change(Dot(device, session, number + 1), context, bytes([number]), draw(CLOCKS))
        known[device].append(written)
        everything.append(written)
    return everything


@settings(max_examples=1000)
@given(histories(), st.randoms(use_true_random=False))
def test_merge_any_order_gives_the_same(history: list[Change], random: object) -> None:
    shuffled = list(history)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis' Random
    assert merge_changes(shuffled) == merge_changes(history)


@settings(max_examples=1000)
@given(histories(), st.integers(0, 14))
def test_merge_any_grouping_and_twice_gives_the_same(history: list[Change], cut: int) -> None:
    once = merge_changes(history)
    grouped = merge_changes(history[cut:], merge_changes(history[:cut]))
    assert grouped == once
    assert merge_changes(history, once) == once


@settings(max_examples=1000)
@given(histories())
def test_every_change_is_a_head_or_was_shown_to_the_one_who_covered_it(history: list[Change]) -> None:
    state = merge_changes(history)
    covered = {dot for item in history for dot in item.context}
    assert {item.dot for item in history} == {head.dot for head in state.heads} | (
        covered & {item.dot for item in history}
    )
    assert not {head.dot for head in state.heads} & covered


def test_superseded_dot_is_remembered_before_its_change_arrives() -> None:
    first = change(Dot(1, 1, 1), Context(), b"first")
    second = change(Dot(2, 1, 1), context_of_shown(first), b"second")
    assert merge_changes([second, first]).heads == (second,)


def test_edit_covers_only_what_was_shown() -> None:
    one = change(Dot(1, 1, 1), Context(), b"one")
    two = change(Dot(2, 1, 1), Context(), b"two")
    edit = change(Dot(1, 1, 2), context_of_shown(one), b"edit")
    assert {head.value for head in merge_changes([one, two, edit]).heads} == {b"two", b"edit"}


def test_one_dot_with_two_contents_keeps_both() -> None:
    one = change(Dot(1, 1, 1), Context(), b"one")
    clone = replace(one, value=b"clone")
    assert {head.value for head in merge_changes([one, clone, one]).heads} == {b"one", b"clone"}


def test_decision_is_revisable_and_settles() -> None:
    one = change(Dot(1, 1, 1), Context(), b"one")
    two = change(Dot(2, 1, 1), Context(), b"two")
    decision = replace(change(Dot(3, 1, 1), context_of_decision([one, two]), b"one"), reason="by phone")
    revised = change(Dot(3, 1, 2), context_of_shown(decision), b"two")
    state = merge_change(merge_changes([one, two, decision]), revised)
    assert state.heads == (revised,)


def test_provisional_winner_is_the_more_protective_then_the_latest() -> None:
    free = change(Dot(1, 1, 1), Context(), b"free", hlc=9)
    never = change(Dot(2, 1, 1), Context(), b"never", hlc=1)
    assert provisional_winner([free, never]) == free
    assert provisional_winner([free, never], lambda value: int(value == b"never")) == never
