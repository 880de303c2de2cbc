"""Which aliases of case files count: those by who worked in both, or read them as one with such a file."""

from __future__ import annotations

from app.domain.aliases import Alias, Word, counting, joined
from app.domain.dots import Context, Dot

A, B, C = (Dot(1, 1, seq) for seq in (1, 2, 3))
ANNA, BEN = 1, 2
WORKED = {(A, ANNA), (B, ANNA), (A, BEN), (C, BEN)}


def worked(case: Dot, member: int) -> bool:
    return (case, member) in WORKED


def word(seq: int, author: int, source: Dot, into: Dot | None, *seen: Word) -> Word:
    context = Context.of(dot for one in seen for dot in (one.dot, *one.context))
    given = (Dot(2, 2, seq), source, context, author)
    return Word(*given) if into is None else Alias(*given, into)


def test_by_who_worked_in_both_it_counts_and_by_who_worked_in_one_it_does_not() -> None:
    by_anna, by_ben = word(1, ANNA, A, B), word(2, BEN, B, C)
    assert counting([by_anna, by_ben], worked) == (by_anna,)


def test_who_read_them_as_one_may_go_on_with_it_in_whatever_order_it_is_told() -> None:
    by_anna = word(1, ANNA, A, B)
    by_ben = word(2, BEN, B, C, by_anna)
    assert counting([by_anna, by_ben], worked) == counting([by_ben, by_anna], worked) == (by_anna, by_ben)
    assert joined(C, counting([by_ben, by_anna], worked)) == {A, B, C}


def test_what_was_seen_to_be_over_gives_no_right_any_more() -> None:
    by_anna = word(1, ANNA, A, B)
    over = word(2, ANNA, A, None, by_anna)
    assert counting([by_anna, over, word(3, BEN, B, C, over)], worked) == (by_anna,)


def test_what_counts_for_nothing_gives_no_right() -> None:
    by_ben = word(1, BEN, A, B)
    assert counting([by_ben, word(2, BEN, B, C, by_ben)], worked) == ()
