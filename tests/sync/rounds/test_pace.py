"""A poor line: what one exchange carries shrinks with each cut, and the round still comes to its end."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from sync.carriers import Cancelled, Carrier, Progress
from sync.carriers.http import LineCutError
from sync.round import Round
from sync.rounds.exchange import RoundAnswer, RoundRequest
from sync.rounds.pace import LEAST, Pace
from tests.support.district import District, case_file, open_case


@dataclass
class CutLine:
    """The way to a real relay over a line that breaks under more than `most` bytes of budget."""

    carrier: Carrier
    most: int
    budgets: list[int] = field(default_factory=list)

    def round(self, request: RoundRequest, progress: Progress, cancelled: Cancelled) -> RoundAnswer:
        self.budgets.append(request.budget)
        if request.budget > self.most:
            raise LineCutError(status=0)
        return self.carrier.round(request, progress, cancelled)


def _run(district: District, most: int) -> CutLine:
    place = district["anna"]
    line = CutLine(place._open_carrier(), most)
    Round(place._engine, line, place._rosters()).run(lambda _done, _total: None, lambda: False)  # type: ignore[arg-type]  # a round uses no other method
    return line


def test_round_goes_on_with_less_after_the_line_was_cut(district: District) -> None:
    case = open_case(district["anna"])
    line = _run(district, 2 * LEAST)
    district.round("sina")
    assert line.budgets[:2] == [4 * LEAST, 2 * LEAST]
    assert case_file(district["sina"], case).values == case_file(district["anna"], case).values


def test_line_that_carries_not_even_the_least_ends_the_round_and_loses_nothing(district: District) -> None:
    case = open_case(district["anna"])
    with pytest.raises(LineCutError):
        _run(district, 0)
    district.round("anna", "sina")
    assert case_file(district["sina"], case).values == case_file(district["anna"], case).values


def test_pace_grows_on_a_quick_line_and_shrinks_on_a_slow_one() -> None:
    pace = Pace()
    pace.learn(1.0, pace.budget)
    assert pace.budget == 8 * LEAST
    pace.learn(60.0, 1)
    assert pace.budget == 4 * LEAST
    assert [pace.slow_down() for _ in range(3)] == [True, True, False]
