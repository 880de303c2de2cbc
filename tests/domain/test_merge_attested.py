"""Laws of merging what is proven with what is only attested: a function of the sets, never of the order."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.classes import RegisterClass
from app.domain.dots import Context, Dot
from app.domain.merge import Change, RegisterState, merge_attested, merge_change, merge_state

RECORD = Dot(1, 1, 1)


@dataclass(frozen=True)
class Word:
    """A change, and whether its author's signature came with it."""

    change: Change
    proven: bool


def change(dot: Dot, covers: frozenset[Dot], text: str) -> Change:
    return Change(
        dot,
        None,
        RECORD,
        "CaseFile",
        "concern",
        RegisterClass.BASE,
        text.encode(),
        Context.of(covers),
        dot.seq << 16,
        dot.device,
        1,
    )


# Chosen, not built part by part: most of the time went into drawing.
dots = st.sampled_from([Dot(device, 1, seq) for device in (1, 2, 3) for seq in (1, 2, 3, 4)])
kinds = st.sampled_from([(text, proven) for text in ("a", "b") for proven in (False, True)])
words = st.builds(
    lambda dot, covers, kind: Word(change(dot, covers, kind[0]), kind[1]),
    dots,
    st.frozensets(dots, max_size=4),
    kinds,
)


def take(state: RegisterState, word: Word) -> RegisterState:
    return (merge_change if word.proven else merge_attested)(state, word.change)


def state_of(told: list[Word]) -> RegisterState:
    return reduce(take, told, RegisterState())


def shown(state: RegisterState) -> tuple[tuple[Change, ...], frozenset[bytes]]:
    return state.heads, state.attested


def expected(told: list[Word]) -> set[bytes]:
    """The law itself, said once more without any step in between."""
    proven = {word.change.digest: word.change for word in told if word.proven}
    rest = {
        word.change.digest: word.change
        for word in told
        if not word.proven and word.change.digest not in proven
    }
    covered = {dot for item in proven.values() for dot in item.context}
    claimed = {dot for word in told if not word.proven for dot in word.change.context}
    proven_dots = {item.dot for item in proven.values()}
    heads = {digest for digest, item in proven.items() if item.dot not in covered}
    return heads | {
        digest for digest, item in rest.items() if item.dot not in covered | claimed | proven_dots
    }


@settings(max_examples=1000)
@given(st.lists(words, max_size=8), st.randoms())
def test_state_is_a_function_of_the_sets(told: list[Word], random: object) -> None:
    other = list(told) + list(told[:2])
    random.shuffle(other)  # type: ignore[attr-defined]  # Hypothesis' own random
    assert shown(state_of(told)) == shown(state_of(other))
    assert {head.digest for head in state_of(told).heads} == expected(told)


@settings(max_examples=1000)
@given(st.lists(words, max_size=6), st.lists(words, max_size=6), st.lists(words, max_size=6))
def test_states_merge_as_their_changes_do(left: list[Word], right: list[Word], third: list[Word]) -> None:
    a, b, c = state_of(left), state_of(right), state_of(third)
    assert merge_state(a, a) == a
    assert merge_state(a, b) == merge_state(b, a)
    assert merge_state(merge_state(a, b), c) == merge_state(a, merge_state(b, c))
    assert shown(merge_state(a, b)) == shown(state_of(left + right))


def test_what_is_proven_is_never_hidden_by_somebody_elses_word() -> None:
    bens = change(Dot(2, 1, 1), frozenset(), "von Ben")
    forged = change(Dot(3, 1, 1), frozenset({bens.dot}), "angeblich danach")
    state = merge_attested(merge_change(RegisterState(), bens), forged)
    assert set(state.heads) == {bens, forged}
    assert merge_change(state, forged).heads == (forged,)
