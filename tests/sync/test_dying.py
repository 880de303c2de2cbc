"""A round that dies at any step: the next one goes on, nothing is lost, nothing comes twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from threading import Thread

import pytest

from sync.ports import Post, PostOffice
from tests.support.district import District, case_file, edit_case, open_case, run_round


class PowerCut(BaseException):
    """Nothing after this is carried out."""


@dataclass
class DyingOffice:
    """A device's store whose power is cut at one of its transactions, before or after it is kept."""

    office: PostOffice
    left: int
    kept: bool

    @property
    def device(self) -> int:
        return self.office.device

    @property
    def session(self) -> int:
        return self.office.session

    @property
    def mark(self) -> int:
        return self.office.mark

    @property
    def works(self) -> int:
        return self.office.works

    def new_session(self, session: int) -> None:
        self.office.new_session(session)

    def flush_log(self) -> bool:
        return self.office.flush_log()

    def scrub(self) -> None:
        self.office.scrub()

    def looking(self) -> AbstractContextManager[Post]:
        return self.office.looking()

    @contextmanager
    def transaction(self) -> Iterator[Post]:
        self.left -= 1
        last = self.left == 0  # others may begin within this one
        with self.office.transaction() as post:
            yield post
            if last and not self.kept:
                raise PowerCut
        if last:
            raise PowerCut


def dies(district: District, name: str, step: int, *, kept: bool) -> bool:
    """Run a round that is cut off at a transaction; tells whether it came so far."""
    place = district[name]
    place._engine.office = DyingOffice(place._engine.office, step, kept)
    try:
        run_round(place)
    except PowerCut:
        return True
    finally:
        district.people[name].lock()
    return False


@pytest.mark.parametrize("kept", [False, True])
@pytest.mark.parametrize("name", ["anna", "sina"])
def test_a_round_that_dies_at_any_step_is_finished_by_the_next(
    district: District, name: str, kept: bool
) -> None:
    case = open_case(district["anna"], "0")
    step = 0
    died = True
    while died:
        step += 1
        edit_case(district["anna"], case, concern=str(step))
        if name == "sina":
            district.round("anna")
        died = dies(district, name, step, kept=kept)
        district.round("anna", "sina")
        assert case_file(district["sina"], case).text("concern") == str(step)
    assert step > 10
    status = district["sina"].status()
    assert (status.parcels, status.gaps) == ((), ())
    district.round("sina", "anna")
    delivery = district["anna"].session.store.queries.delivery(case)
    assert (delivery.waiting, delivery.at_relay, delivery.with_ki) == (0, 0, 10 + step)


def test_saving_while_rounds_run_loses_nothing(district: District) -> None:
    anna = district["anna"]
    cases = [open_case(anna, "0") for _ in range(3)]
    rounds = Thread(target=lambda: [run_round(anna) for _ in range(10)])
    rounds.start()
    for number in range(1, 31):
        for case in cases:
            edit_case(anna, case, concern=str(number))
    rounds.join()
    district.round("anna", "sina")
    assert [case_file(district["sina"], case).text("concern") for case in cases] == ["30"] * 3
    assert district["sina"].session.store.queries.conflicts(10) == ()
