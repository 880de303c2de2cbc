"""A context is worked with as runs: it says what a set of dots says, and costs what its runs cost."""

from hypothesis import given
from hypothesis import strategies as st

from app.domain.dots import Context, Dot, Span

DOTS = st.frozensets(st.builds(Dot, st.integers(1, 2), st.integers(1, 2), st.integers(1, 9)), max_size=24)
SPANS = st.lists(
    st.builds(
        lambda device, first, more: Span(device, 1, first, first + more),
        st.integers(1, 2),
        st.integers(1, 9),
        st.integers(0, 4),
    ),
    max_size=6,
)
ENDLESS = 1 << 63


@given(DOTS, DOTS)
def test_what_two_contexts_say_together_is_what_their_dots_say(
    one: frozenset[Dot], two: frozenset[Dot]
) -> None:
    left, right = Context.of(one), Context.of(two)
    assert left | right == Context.of(one | two)
    assert left & right == Context.of(one & two)
    assert left - right == Context.of(one - two)
    assert (left <= right) == (one <= two)
    assert Context.union((left, right)) == Context.of(one | two)


@given(DOTS, DOTS)
def test_one_context_says_what_its_dots_say(dots: frozenset[Dot], asked: frozenset[Dot]) -> None:
    context = Context.of(dots)
    assert list(context) == sorted(dots)
    assert len(context) == len(dots)
    assert bool(context) == bool(dots)
    assert {dot for dot in asked if dot in context} == asked & dots
    assert not dots or context.newest == max(dots)


@given(SPANS)
def test_runs_are_put_into_the_one_form(spans: list[Span]) -> None:
    dots = {Dot(span.device, span.session, seq) for span in spans for seq in range(span.first, span.last + 1)}
    found = Context.from_spans(spans)
    assert found == Context.of(dots)
    assert all(
        one[:2] != two[:2] or one.last + 1 < two.first
        for one, two in zip(found.spans, found.spans[1:], strict=False)
    )


def test_a_run_of_any_length_costs_what_one_dot_costs() -> None:
    long, part = (
        Context.from_spans([Span(1, 1, 1, ENDLESS)]),
        Context.from_spans([Span(1, 1, 5, ENDLESS - 5)]),
    )
    assert Dot(1, 1, ENDLESS) in long
    assert Dot(1, 1, ENDLESS) not in part
    assert (long - part).spans == (Span(1, 1, 1, 4), Span(1, 1, ENDLESS - 4, ENDLESS))
    assert part <= long
    assert long & part == part
    assert long | part == long
